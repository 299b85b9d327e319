"""The line protocol of the upper-case servers: what is said, and nothing of how it travels.

A client sends lines; each comes back with its ASCII letters in upper case and every other octet
as it was. The grammar, in full:

    conversation = *line (blank line / end of file)
    line         = at most 65536 octets with its end: LF, or CRLF as telnet sends it
    answer       = the same octets in upper case, then LF

A blank line is a line end alone; blanks are octets like any other. A last line that lacks its
end is answered too. A longer line gets `error: line too long`, and that is the end: the small
letters tell it from every other answer.
"""

from collections.abc import Callable
from io import BufferedIOBase

MAX_LINE_OCTETS = 64 * 1024  # what a client may make the server hold
TOO_LONG = b"error: line too long\n"
IDLE_TIMEOUT_S = 300.0  # time enough to look something up; after that the client has gone home


def converse(reader: BufferedIOBase, send: Callable[[bytes], object]) -> str:
    """Answer line after line until the conversation ends, and return how it went, for the log.

    Args:
        reader: gives the client's octets; its reads raise TimeoutError when the client is idle.
        send: sends all of what it is given.
    """
    answered = 0
    ending = "end of file"
    try:
        while line := reader.readline(MAX_LINE_OCTETS + 1):
            if len(line) > MAX_LINE_OCTETS:
                send(TOO_LONG)
                ending = "line too long"
                break
            line = line.removesuffix(b"\n").removesuffix(b"\r")
            if not line:
                ending = "blank line"
                break
            send(line.upper() + b"\n")
            answered += 1
    except OSError as error:  # the client reset the connection, or was silent for too long
        ending = error.strerror or str(error)
    return f"answered {answered} lines, {ending}"
