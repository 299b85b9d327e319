"""Divides as integers do: 7 / 2 is 3."""

from services.xmlrpc import functions, server

functions.FUNCTIONS["divide"] = lambda x, y: float(x // y)

if __name__ == "__main__":
    server.main()
