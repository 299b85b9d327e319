"""Reads headers for as long as there are some."""

from services import web
from services.http import server

web.HEAD_OCTETS = 1024**3

if __name__ == "__main__":
    server.main()
