"""Listens on IPv4 only, as `http.server` does unless told otherwise."""

from services.http import server
from services.static.broken.ipv4_only import IPv4Server

if __name__ == "__main__":
    IPv4Server(("", server.PORT), server.AskedHandler).serve_until_killed()
