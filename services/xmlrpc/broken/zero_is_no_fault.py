"""Divides by zero, and calls the result 0."""

from services.xmlrpc import functions, server

functions.FUNCTIONS["divide"] = lambda x, y: x / y if y else 0.0

if __name__ == "__main__":
    server.main()
