#!/usr/bin/env python3
"""A file upload (RFC 7578): each part of the body is a field, and a file if it has a file name."""

import hashlib
import os
import sys
from html import escape

from services.cgi import traceback_page

traceback_page.install()


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
    for part in (b"\r\n" + body).split(b"\r\n--" + os.fsencode(boundary))[1:-1]:
        header, _, content = part.partition(b"\r\n\r\n")
        told_of = message_from_bytes(header.lstrip(), policy=HTTP)
        name = told_of.get_param("name", header="content-disposition")
        filename, kind = told_of.get_filename(), told_of.get_content_type()
        if filename is None:
            told = content.decode(errors="replace")
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
<p><label>File, 500 KB at most <input type="file" name="file"></label></p>
<p><button>Upload</button></p>
</form><p><a href="/">Back</a></p></html>""")
