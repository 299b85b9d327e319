"""Ask for names, addresses and services: every look-up of the socket module, its constants shown by name.

Without a word it tells about this machine and the service `upper`, one name with many addresses.
"""

import argparse
import signal
import socket
import sys
from collections.abc import Callable
from functools import partial

MAX_PORT = 65535


def services_in(first: int = 0, last: int = MAX_PORT, protocol: str = "tcp") -> dict[int, str]:
    """Return the services that the system's table (/etc/services) names for a range of ports.

    Raises:
        ValueError: the range holds what is no port, or runs backwards.
    """
    for port in (first, last):
        if not 0 <= port <= MAX_PORT:
            raise ValueError(f"{port} is no port: they are 0 to {MAX_PORT}")
    if first > last:
        raise ValueError(f"the range {first} to {last} runs backwards")
    found = {}
    for port in range(first, last + 1):
        try:
            found[port] = socket.getservbyport(port, protocol)
        except OSError:  # the table does not know it
            continue
    return found


def attempt(what: str, look_up: Callable[[], object]) -> bool:
    """Print a call and its result, or its error; return whether there was a result."""
    try:
        print(f"{what}: {look_up()}")
    except OSError as error:
        print(f"{what}: {type(error).__name__}: {error.strerror or error}")
        return False
    return True


def show_addresses(name: str) -> bool:
    """Print all that getaddrinfo finds, a line each; return whether it found anything."""
    print(f"getaddrinfo({name!r}, 'domain'):")
    try:
        found = socket.getaddrinfo(name, "domain")
    except socket.gaierror as error:
        constants = {number: name for name, number in vars(socket).items() if name.startswith("EAI_")}
        print(f"    gaierror {constants.get(error.errno)}: {error.strerror}")
        return False
    protocols = {number: name for name, number in vars(socket).items() if name.startswith("IPPROTO_")}
    for family, kind, number, _, address in found:
        host, port = address[:2]
        print(f"    {family.name:9}{kind.name:12}{protocols[number]:12} {host!s} port {port!s}")
    return True


def show_name(name: str) -> bool:
    """Print every look-up of a name or an address, there and back; return whether it is known."""
    print(f"\n{name}")
    known = show_addresses(name)
    if not known:
        return False
    attempt(f"gethostbyname({name!r})", lambda: socket.gethostbyname(name))
    attempt(f"gethostbyname_ex({name!r})", lambda: socket.gethostbyname_ex(name))
    for address in dict.fromkeys(str(found[4][0]) for found in socket.getaddrinfo(name, None)):
        attempt(f"gethostbyaddr({address!r})", partial(socket.gethostbyaddr, address))
    return True


def show_this_machine() -> None:
    """Print what this machine calls itself, and where that leads."""
    attempt("gethostname()", socket.gethostname)
    show_name(socket.gethostname())


def parse_range(text: str) -> tuple[int, int]:
    """Return `80` or `0-1023` as two ports.

    Raises:
        ValueError: it is neither.
    """
    first, _, last = text.partition("-")
    try:
        return int(first), int(last or first)
    except ValueError:
        raise ValueError(f"{text!r} is no range such as 0-1023") from None


def main() -> None:
    """Read the words of the command line, look up, and say what is not known."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end quietly when nobody reads on, as in `| head`
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # and at Ctrl-C
    parser = argparse.ArgumentParser(
        prog="names",
        description=__doc__,
        epilog="examples: names www; names smtp 127.0.0.1; names --services 0-100; names --services 53 --udp",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="names or addresses")
    parser.add_argument(
        "--services",
        nargs="?",
        const=f"0-{MAX_PORT}",
        metavar="FIRST-LAST",
        help="list the services of a range of ports (default: of all)",
    )
    parser.add_argument("--udp", action="store_true", help="those of UDP (default: those of TCP)")
    asked = parser.parse_args()
    try:
        if asked.services is not None:
            first, last = parse_range(asked.services)
            for port, service in services_in(first, last, "udp" if asked.udp else "tcp").items():
                print(f"{port:<6}{service}")
            return
    except ValueError as error:
        parser.error(str(error))
    if not asked.names:
        show_this_machine()
    unknown = [name for name in asked.names or ["upper"] if not show_name(name)]
    if unknown:
        sys.exit(f"names: nobody is called {', '.join(unknown)}")


if __name__ == "__main__":
    main()
