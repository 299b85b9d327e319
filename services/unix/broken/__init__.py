"""Servers on Unix-domain sockets with one mistake each: every one must fail a check."""
