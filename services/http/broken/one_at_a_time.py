"""Serves one client to its end before it looks at the next: a slow one keeps all others waiting."""

from services.http import server
from services.static.broken.one_at_a_time import OneAtATimeServer

if __name__ == "__main__":
    OneAtATimeServer(("", server.PORT), server.AskedHandler).serve_until_killed()
