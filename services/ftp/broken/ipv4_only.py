"""Listens on IPv4 only."""

import socket

from services.ftp import server

if __name__ == "__main__":
    server.main(family=socket.AF_INET)
