"""Takes itself for a lab host: it can be sent round in a circle, until no place is left."""

from services.proxy import border, server


def is_ours(address: border.Address) -> bool:
    """Think of loopback alone."""
    return address.is_loopback


border.is_ours = is_ours

if __name__ == "__main__":
    server.main()
