"""Reads a body of any size into memory."""

from services.xmlrpc import server

server.XMLRPCHandler.body_octets = 1024**4

if __name__ == "__main__":
    server.main()
