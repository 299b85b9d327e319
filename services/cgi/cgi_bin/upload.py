#!/usr/bin/env python3
"""A file upload (RFC 7578): each part of the body is a field, and a file if it has a file name."""

import hashlib
import os
import sys
from collections.abc import Iterator
from html import escape

from services.cgi import traceback_page

HEADER_OCTETS = 8192
SHOWN_OCTETS = 4096

traceback_page.install()


def parts_of(body: bytes, border: bytes) -> Iterator[tuple[bytes, memoryview]]:
    """Yield the header of each part and a view of its content: a body of 16 MiB is not to be copied."""
    begin = 0 if body.startswith(border[2:]) else body.find(border) + 2
    while (end := body.find(border, begin)) > 0:
        header, _, _ = body[begin : min(end, begin + HEADER_OCTETS)].partition(b"\r\n\r\n")
        yield header.partition(b"\r\n")[2], memoryview(body)[begin + len(header) + 4 : end]
        begin = end + 2


def describe(body: bytes, content_type: bytes) -> str:
    """Return a list item for each part of a multipart/form-data body; nothing is kept."""
    # The `email` package is large: only a request that brings a form pays for it.
    from email import message_from_bytes
    from email.policy import HTTP

    form = message_from_bytes(b"Content-Type: " + content_type, policy=HTTP)
    boundary = form.get_boundary()
    if form.get_content_type() != "multipart/form-data" or boundary is None:
        return "<li>no multipart/form-data</li>"
    items = []
    # Cut by hand: `email` would open what is in a part as well, should that be a mail.
    for header, content in parts_of(body, b"\r\n--" + os.fsencode(boundary)):
        told_of = message_from_bytes(header, policy=HTTP)
        name = told_of.get_param("name", header="content-disposition")
        filename, kind = told_of.get_filename(), told_of.get_content_type()
        if filename is None:
            told = bytes(content[:SHOWN_OCTETS]).decode(errors="replace")
        else:
            digest = hashlib.sha256(content).hexdigest()
            told = f"{filename}, {kind}, {len(content)} octets, SHA-256 {digest}"
        items.append(f"<li>{escape(str(name))}: {escape(told)}</li>")
    return "\n".join(items)


print("Content-Type: text/html; charset=utf-8")
print()
print('<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>An upload</title><h1>An upload</h1>')
if os.environ["REQUEST_METHOD"] == "POST":
    body = sys.stdin.buffer.read(int(os.environ.get("CONTENT_LENGTH", 0)))
    print(f"<ul>{describe(body, os.environb.get(b'CONTENT_TYPE', b''))}</ul>")
print("""<form method="post" enctype="multipart/form-data" action="/cgi-bin/upload.py">
<p><label>What is it? <input name="title"></label></p>
<p><label>File, 16 MB at most <input type="file" name="file"></label></p>
<p><button>Upload</button></p>
</form><p><a href="/">Back</a></p></html>""")
