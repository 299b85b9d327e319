"""Serves one client to its end before it looks at the next, as SimpleXMLRPCServer does by itself."""

from services.static.broken.one_at_a_time import OneAtATimeServer
from services.xmlrpc import server

if __name__ == "__main__":
    OneAtATimeServer(("", server.PORT), server.XMLRPCHandler).serve_until_killed()
