"""Show which octets a number becomes: byte order, addresses as octets, and struct on the wire."""

import argparse
import signal
import socket
import struct
import sys

HEADER = struct.Struct("!BxHI")  # network byte order: an octet, one left out, two octets, four octets


def show_numbers(number: int) -> None:
    """Print a number of 32 bits, and its lower 16, in this machine's order and in the network's."""
    print(f"this machine is {sys.byteorder}-endian; the network is big-endian (RFC 791, appendix B)\n")
    print(f"{number:#010x} in this machine's memory:  {number.to_bytes(4, sys.byteorder).hex(' ')}")
    print(f"{number:#010x} on the wire:               {number.to_bytes(4, 'big').hex(' ')}")
    turned = socket.htonl(number)
    print(f"htonl({number:#010x}) = {turned:#010x}, and back, ntohl: {socket.ntohl(turned):#010x}")
    short = number & 0xFFFF
    turned = socket.htons(short)
    print(f"htons({short:#06x}) = {turned:#06x}, and back, ntohs: {socket.ntohs(turned):#06x}")
    try:
        socket.htons(65536)
    except OverflowError as error:
        print(f"htons(65536): OverflowError: {error}")


def show_addresses(address: str) -> None:
    """Print an IPv4 address as the four octets it is, and the older spellings that inet_aton lets through.

    Raises:
        OSError: it is none.
    """
    octets = socket.inet_aton(address)
    print(f"\ninet_aton({address!r}) = {octets.hex(' ')}, as a number {int.from_bytes(octets, 'big')}")
    print(f"inet_ntoa of that = {socket.inet_ntoa(octets)!r}")
    for spelling in ("10.89.1", "0x7f.1", "300.1.1.1"):
        try:
            print(f"inet_aton({spelling!r}) = {socket.inet_ntoa(socket.inet_aton(spelling))!r}")
        except OSError as error:
            print(f"inet_aton({spelling!r}): OSError: {error}")
    print(f"inet_pton(AF_INET6, '::1') = {socket.inet_pton(socket.AF_INET6, '::1').hex(' ')}")


def show_struct(number: int) -> None:
    """Send a small binary header through a pair of sockets, and read it right and wrong."""
    sender, receiver = socket.socketpair()
    with sender, receiver:
        sender.sendall(HEADER.pack(7, number & 0xFFFF, number))
        octets = receiver.recv(HEADER.size)
    values = f"7, {number & 0xFFFF:#x}, {number:#x}"
    print(f"\nstruct.pack({HEADER.format!r}, {values}) on the wire: {octets.hex(' ')}")
    for order, meaning in (("!", "network"), ("<", "little-endian"), ("=", "this machine's")):
        numbers = struct.unpack(order + HEADER.format[1:], octets)
        print(f"unpacked in {meaning:14} order: {', '.join(map(hex, numbers))}")
    with_gaps, without = struct.calcsize("BHI"), struct.calcsize("!BHI")
    print(f"'BHI' has {with_gaps} octets, '!BHI' {without}: without '!' numbers are aligned as in memory")


def main() -> None:
    """Read the words of the command line and show."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # end quietly when nobody reads on, as in `| head`
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # and at Ctrl-C
    parser = argparse.ArgumentParser(
        prog="byte_order", description=__doc__, epilog="example: byte_order 0x0a0b0c0d --address 10.89.0.5"
    )
    parser.add_argument(
        "number", nargs="?", type=lambda text: int(text, 0), default=0x01020304, help="0 to 2**32 - 1"
    )
    parser.add_argument("--address", default="10.89.0.5", help="an IPv4 address (default: %(default)s)")
    asked = parser.parse_args()
    if not 0 <= asked.number < 2**32:
        parser.error("the number must fit into 32 bits: 0 to 4294967295")
    show_numbers(asked.number)
    try:
        show_addresses(asked.address)
    except OSError:
        parser.error(f"{asked.address!r} is no IPv4 address")
    show_struct(asked.number)


if __name__ == "__main__":
    main()
