"""Reads headers for as long as there are some."""

from services.proxy import server
from services.web import limits

limits.HEAD_OCTETS = 1024**3

if __name__ == "__main__":
    server.main()
