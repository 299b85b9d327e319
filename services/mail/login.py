"""What a mail client says to log in over SMTP: PLAIN and LOGIN, in base64, which hides nothing.

Each mechanism is a generator: it yields challenges and is sent the client's answers, all as they are
without base64; what it returns is name and password.

Spec: RFC 4954 (AUTH), RFC 4616 (PLAIN); LOGIN was never published as a standard, and every client has it
"""

import base64
import binascii
from collections.abc import Callable, Generator

Credentials = tuple[str, str]
Mechanism = Generator[bytes, bytes, Credentials]


def plain() -> Mechanism:
    """Take all in one answer: whom to act as, NUL, name, NUL, password."""
    answer = yield b""
    act_as, name, password = answer.decode().split("\0")
    return (name if act_as in ("", name) else "", password)  # nobody acts as somebody else here


def login() -> Mechanism:
    """Ask for the name, then for the password."""
    name = yield b"Username:"
    password = yield b"Password:"
    return name.decode(), password.decode()


MECHANISMS: dict[str, Callable[[], Mechanism]] = {"PLAIN": plain, "LOGIN": login}


def decode_answer(text: str) -> bytes:
    """Return what a client has put into base64; a lone `=` is nothing (RFC 4954 section 4).

    Raises:
        ValueError: it is no base64.
    """
    try:
        return b"" if text == "=" else base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
