"""The one place through which text from containers and files goes before a terminal gets it.

What a learner's program prints, names a file or writes in a log may hold sequences that a terminal obeys:
they set its title, its clipboard or its colours, ring its bell, or turn the order of the letters round. Here
they are written out instead. Every module may import this; nothing else in labctl escapes for a terminal.
"""


def escape_line(text: str) -> str:
    r"""Return text in one line; what is neither printable nor a tab is written out, as `\x1b` for ESC.

    That is each control character (C0, C1: ESC, BEL, CSI, OSC, CR, LF), each format character (marks of
    writing direction above all), each lone surrogate, and each separator of lines.
    """
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each == "\t" else each.encode("unicode_escape").decode()
        for each in text
    )


def escape_text(text: str) -> str:
    """Return text of several lines: each as `escape_line` has it; only LF ends one."""
    return "\n".join(map(escape_line, text.split("\n")))


def escape_bytes(line: bytes) -> str:
    r"""Return a line of bytes as `escape_line` has it; what is no UTF-8 is written out, as `\xff`."""
    return escape_line(line.decode(errors="backslashreplace"))
