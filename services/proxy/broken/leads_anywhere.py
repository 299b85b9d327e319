"""Leads anywhere: whoever finds it has the whole network behind it (an open proxy)."""

from services.proxy import border, server


def is_lab_host(address: border.Address, networks: list[border.Network]) -> bool:
    """Trust everybody."""
    return True


border.is_lab_host = is_lab_host

if __name__ == "__main__":
    server.main()
