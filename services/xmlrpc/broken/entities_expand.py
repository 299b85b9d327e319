"""Takes a DOCTYPE and expands what it declares."""

from services.xmlrpc import protocol, server


def look_through(message: bytes) -> None:
    """Look away."""


vars(protocol)["look_through"] = look_through

if __name__ == "__main__":
    server.main()
