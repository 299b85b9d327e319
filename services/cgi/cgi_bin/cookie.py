#!/usr/bin/env python3
"""A counter that the browser keeps for us: it sends back, as Cookie, what Set-Cookie told it."""

import os
from http.cookies import CookieError, SimpleCookie

from services.cgi import traceback_page

traceback_page.install()

try:
    visits = int(SimpleCookie(os.environ.get("HTTP_COOKIE", ""))["visits"].value[:9]) + 1
except (CookieError, KeyError, ValueError):
    visits = 1  # none yet, or not one of ours

print("Content-Type: text/html; charset=utf-8")
print(f"Set-Cookie: visits={visits}; Path=/cgi-bin/cookie.py; HttpOnly; SameSite=Lax")
print()
print('<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>A counter</title><h1>A counter</h1>')
print(f'<p>Visits so far, this one included: {visits}. <a href="">Again</a> <a href="/">Back</a></p></html>')
