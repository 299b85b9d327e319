"""A lab's life: up, down, reset, and what state it is in.

`lab` says what a lab is called and made of, `state` what the Engine has of it, `plan` what there is
to do, `up`, `down` and `reset` do it, `readiness` knows when a lab answers, `subnets` finds it room.
"""
