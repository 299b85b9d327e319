"""Serves one client to its end before it looks at the next."""

from services.cgi import server
from services.static.broken.one_at_a_time import OneAtATimeServer

if __name__ == "__main__":
    OneAtATimeServer(("", server.PORT), server.CGIHandler).serve_until_killed()
