"""Hands every header on, those about the connection too: the server is told what was meant for the proxy."""

from services.proxy import protocol, server

protocol.HOP_BY_HOP.clear()
protocol.HOP_BY_HOP.add("transfer-encoding")

if __name__ == "__main__":
    server.main()
