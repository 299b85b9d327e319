"""Reads headers for as long as there are some."""

from services.web import limits
from services.wsgi import server

limits.HEAD_OCTETS = 1024**3

if __name__ == "__main__":
    server.main([])
