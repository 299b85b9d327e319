#!/usr/bin/env python3
"""Crashes half-way through its page: what the reader gets is the traceback, not half a page."""

import os

from services.cgi import traceback_page

traceback_page.install()


def price_of(topping: str) -> int:
    """Look a price up, in a list that is too short."""
    prices = {"cheese": 2}
    return prices[topping]


print("Content-Type: text/html; charset=utf-8")
print()
print("<h1>The bill</h1>")
print(price_of(os.environ["QUERY_STRING"] or "<jalape\u00f1o>"))
