"""Takes forms, and takes a photo for an attack."""

from services.cgi import server

server.CGIHandler.body_octets = 512 * 1024

if __name__ == "__main__":
    server.main()
