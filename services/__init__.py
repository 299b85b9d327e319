"""The lab: one folder a server, and beside them the toolbox (`client`) and the `checking` package.

A server's folder holds the server itself (`server.py`, the lesson), its conformance checks
(`checks.py`, or `checks/` in parts), wrong variants that those checks must catch (`broken/`) and
its lesson page (`README.md`). A service `upper-udp` lives in the folder `upper_udp`, so that
Python can import it.

What lives directly here serves all of them and knows none: `init` (PID 1 of every container),
`probe` (is it answering?) and `journal` (one line a conversation).
"""
