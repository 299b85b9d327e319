"""Reads numbers with Python's `isdigit` and `int`: an Arabic digit one is 1."""

from services.mail import protocol, server

vars(protocol)["is_number"] = str.isdigit

if __name__ == "__main__":
    server.main()
