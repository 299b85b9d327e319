#!/usr/bin/env python3
"""A form, and what was typed into it: from QUERY_STRING by GET, from standard input by POST."""

import os
import sys
from html import escape
from urllib.parse import parse_qsl

from services.cgi import traceback_page

traceback_page.install()

posted = os.environ["REQUEST_METHOD"] == "POST"
if posted:
    octets = sys.stdin.buffer.read(min(int(os.environ.get("CONTENT_LENGTH") or 0), 1024 * 1024))
else:
    octets = os.environb[b"QUERY_STRING"]
fields = parse_qsl(octets.decode(errors="replace"), keep_blank_values=True, max_num_fields=1000)

print("Content-Type: text/html; charset=utf-8")
print()
print('<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>A form</title><h1>A form</h1>')
if fields:
    print(f"<p>These fields came by {'POST' if posted else 'GET'}:</p><ul>")
    for name, value in fields:
        print(f"<li>{escape(name)} = {escape(value)}</li>")
    print("</ul>")
print("""<form method="post" action="/cgi-bin/form.py">
<p><label>Name <input name="name"></label></p>
<p>Toppings <label><input type="checkbox" name="topping" value="jalape\u00f1o"> jalape\u00f1o</label>
<label><input type="checkbox" name="topping" value="cheese"> cheese</label></p>
<p><label>Remarks <textarea name="remarks"></textarea></label></p>
<p><button>Send by POST</button> <button formmethod="get">Send by GET</button></p>
</form><p><a href="/">Back</a></p></html>""")
