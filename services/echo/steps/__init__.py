"""From a first echo server to the one in service, step by step.

Each says in its docstring which checks it cannot pass yet; tests/integration/test_echo_steps.py tries it.
"""

STEPS = ("one_client", "no_end", "every_address", "threads", "one_thread")
