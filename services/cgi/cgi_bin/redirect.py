#!/usr/bin/env python3
"""Sends the browser to another page: Location is all that it says, and the server makes it a 302."""

print("Location: /cgi-bin/hello.sh")
print()
