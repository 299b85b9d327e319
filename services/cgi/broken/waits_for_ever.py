"""Lets a script run as long as it likes."""

from services.cgi import server

server.SCRIPT_S = 3600.0

if __name__ == "__main__":
    server.main()
