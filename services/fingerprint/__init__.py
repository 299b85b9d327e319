"""What can be seen of a container from inside, as facts: its fingerprint.

`labctl reset --verify` runs it in a container that was reset and in a fresh one of the same
definition; what differs was left behind. A fact is a kind, a name and attributes, all of them text:
`{"file": {"/tmp/x": {"type": "file", "mode": "644", ...}}}`. What must differ from container to
container (own address, host name) is left out or replaced, and so is what passes by itself
(connections, times). Each module reads one part of it; what parses text knows nothing of where it
comes from. Only the standard library: it starts in every container, and many times.
"""

Attributes = dict[str, str]
Facts = dict[str, Attributes]  # by name
