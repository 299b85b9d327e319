"""The conformance checks' own language: what `services/*/checks.py` (or `checks/*.py`) is written in.

A check is a function that talks to a server as a client would and says what it expected. Its
docstring is the sentence a student reads, so it states the right behaviour:

    @check()
    def echoes_a_short_message(target: Target) -> None:
        \"\"\"A short message comes back unchanged.\"\"\"
        with target.connect() as sock:
            sock.sendall(b"hello")
            expect_equal(receive_exactly(sock, 5), b"hello", hint="send back what recv returned")

Checks run in the order they stand in the file. A file that holds several ideas is better a folder
`checks`, a module for each; its `__init__.py` says their order: `PARTS = (smtp, pop3)`. A check that
`needs` another is skipped when that one did not pass, so that one cause gives one red line.
"""

from services.checking.expectations import (
    CheckFailed,
    CheckSkipped,
    expect,
    expect_equal,
)
from services.checking.registry import Check, check
from services.checking.streams import receive_exactly, receive_line, receive_until_eof
from services.checking.target import Target

__all__ = [
    "Check",
    "CheckFailed",
    "CheckSkipped",
    "Target",
    "check",
    "expect",
    "expect_equal",
    "receive_exactly",
    "receive_line",
    "receive_until_eof",
]
