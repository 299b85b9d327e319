"""Takes everybody on the lab's network for a lab host: the lab's host is there too, at the first address."""

from services.proxy import border, server


def is_lab_host(address: border.Address, networks: list[border.Network]) -> bool:
    """Look at the network alone."""
    address = getattr(address, "ipv4_mapped", None) or address
    return not border.is_ours(address) and any(address in network for network in networks)


border.is_lab_host = is_lab_host

if __name__ == "__main__":
    server.main()
