#!/usr/bin/env python3
"""Forgets the headers: what it prints could be anything, so the server sends none of it."""

print("<h1>Where is my Content-Type?</h1>")
