"""Reads a body of any size into memory."""

from services.cgi import server

server.CGIHandler.body_octets = 1024**4

if __name__ == "__main__":
    server.main()
