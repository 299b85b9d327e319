"""Tells the hour and forgets the date: RFC 867 wants both."""

from services.daytime import server

server.FORMAT = "%H:%M:%S-UTC"

if __name__ == "__main__":
    server.DaytimeServer(server.ADDRESS, server.DaytimeHandler).serve_forever()
