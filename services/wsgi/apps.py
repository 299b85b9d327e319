"""The applications that the server offers: each is `app(environ, start_response)` and nothing more.

An application knows no socket and no server. It gets the request as a dictionary, says status and headers
by calling `start_response`, and returns the content as an iterable of bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator
from html import escape
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIEnvironment

HTML = ("Content-Type", "text/html; charset=utf-8")
TEXT = ("Content-Type", "text/plain; charset=utf-8")
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>
<body><h1>{title}</h1>{content}<p><a href="/">Back</a></p></body></html>
"""


def hello_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Greet, and show which path was asked for, below where this application is mounted.

    PATH_INFO is octets dressed up as a string: what the client sent, decoded as ISO-8859-1 so that
    nothing is lost (PEP 3333, "Unicode Issues"). UTF-8 is what it most likely was.
    """
    path = environ["PATH_INFO"].encode("iso-8859-1").decode("utf-8", "replace")
    start_response("200 OK", [TEXT])
    return [f"Hello, world! You asked for {path or 'no path'}\n".encode()]


def jalapeno_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Send letters outside ASCII: on the wire are octets, and the header says how to read them."""
    content = "<p>One jalape\u00f1o, please. \u20ac2.50</p>"
    start_response("200 OK", [HTML])
    return [PAGE.format(title="Jalape\u00f1o", content=content).encode("utf-8")]


def environ_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Show the whole `environ`, a line for each key."""
    start_response("200 OK", [TEXT])
    return [
        f"{key} = {value!r}\n".encode("utf-8", "backslashreplace") for key, value in sorted(environ.items())
    ]


def form_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Show a form, and by POST what was typed into it."""
    typed = ""
    if environ["REQUEST_METHOD"] == "POST":
        body = environ["wsgi.input"].read(min(int(environ.get("CONTENT_LENGTH") or 0), 1024 * 1024))
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        typed = "".join(f"<p>{escape(name)} = {escape(value)}</p>" for name, value in fields)
    form = '<form method="post"><label>Name <input name="name"></label> <button>Send</button></form>'
    start_response("200 OK", [HTML])
    return [PAGE.format(title="A form", content=typed + form).encode()]


def digest_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Show length and SHA-256 of a body, read piece by piece: an upload may have 16 MiB."""
    digest, size = hashlib.sha256(), 0
    while piece := environ["wsgi.input"].read(65536):
        digest.update(piece)
        size += len(piece)
    start_response("200 OK", [TEXT])
    return [f"{size} octets, SHA-256 {digest.hexdigest()}\n".encode()]


def count_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """Send a piece at a time: a generator is an iterable too, and the length is not known beforehand."""
    start_response("200 OK", [TEXT])
    for number in range(1, 11):
        yield b"%d\n" % number


def crash_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Crash. What the client sees is the server's business, and it tells no secrets."""
    raise RuntimeError("this application always crashes")


def half_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
    """Crash behind the first piece, when the status has been sent: it cannot become a 500 any more."""
    start_response("200 OK", [TEXT])
    yield b"the first half, and then\n"
    raise RuntimeError("this application crashes half-way")


def length_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Announce 5 octets and return as many as the query says: 10 are too many, 3 too few. 204 has none."""
    query = environ["QUERY_STRING"]
    if query in ("204", "304"):
        start_response("204 No Content" if query == "204" else "304 Not Modified", [])
        return []
    start_response("200 OK", [TEXT, ("Content-Length", "5")])
    return [b"x" * int(query)] if query.isdigit() and len(query) < 4 else [b"right"]


def invalid_app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Break the convention: content must be bytes. The validator notices, so the client gets a 500."""
    start_response("200 OK", [TEXT])
    return ["text, not octets"]  # type: ignore[list-item]
