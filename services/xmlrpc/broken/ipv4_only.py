"""Listens on IPv4 only, as SimpleXMLRPCServer does by itself."""

from services.static.broken.ipv4_only import IPv4Server
from services.xmlrpc import server

if __name__ == "__main__":
    IPv4Server(("", server.PORT), server.XMLRPCHandler).serve_until_killed()
