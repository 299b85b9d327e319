"""Mounts what it knows, and nothing of anybody else's."""

from services.wsgi import server

server.OFFERED["/demo"] = "services.wsgi.mounts:nothing_app"

if __name__ == "__main__":
    server.main([])
