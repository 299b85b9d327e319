"""One line a conversation: how every server of the lab tells what it did.

Lines go to standard output, where `docker logs` and `labctl logs` find them. A peer never gets
to write a line of its own: whatever came from outside is shown escaped.
"""

import time

Address = tuple[str, int] | tuple[str, int, int, int]


def peer_name(address: Address | None) -> str:
    """Return a socket address as text: `10.89.0.5:40312` or `[fd6c:6162::5]:40312`.

    An IPv4 peer of a dual-stack socket (`::ffff:10.89.0.5`, RFC 4291 section 2.5.5.2) is shown
    as the IPv4 address it is.
    """
    if address is None:  # it has reset its connection since, and the kernel knows none any more
        return "a client that has left"
    host, port = address[0].removeprefix("::ffff:"), address[1]
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def log(address: Address | None, outcome: str) -> None:
    """Print one line: the time (UTC), the peer, and what came of the conversation."""
    now = time.strftime("%H:%M:%S", time.gmtime())
    printable = outcome if outcome.isprintable() else outcome.encode("unicode_escape").decode()
    # In one write, line end and all: another thread's line must not come between.
    print(f"{now} {peer_name(address)} {printable}\n", end="", flush=True)
