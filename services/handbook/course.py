"""The course: which page stands in which chapter, and in which order.

A page is named here as in its address: a server by its own name, the rest by folder and name. A page that
is not named stands at the end, so that a new service's lesson shows up by itself.
"""

from collections.abc import Iterable
from typing import NamedTuple


class Chapter(NamedTuple):
    """A few pages that belong together."""

    title: str
    summary: str
    pages: tuple[str, ...]


CHAPTERS = (
    Chapter(
        "Sockets and names",
        "Two programs, two addresses, and what lies between them.",
        (
            "by-hand",
            "ideas/stream-and-datagram",
            "names",
            "ideas/well-known-ports",
            "ideas/ephemeral-ports",
        ),
    ),
    Chapter(
        "TCP",
        "A stream of octets, both ways, with an end.",
        (
            "hello",
            "daytime",
            "echo",
            "homework",
            "ideas/no-record-boundaries",
            "ideas/eof",
            "ideas/timeouts",
            "ideas/reuseaddr",
        ),
    ),
    Chapter(
        "UDP",
        "Datagrams: each whole, each for itself, some of them lost.",
        ("upper-udp", "ideas/loss-and-order", "creosote"),
    ),
    Chapter(
        "Many clients",
        "The same small protocol, served in every way there is.",
        (
            "upper-tcp",
            "ideas/backlog",
            "socketserver",
            "threading",
            "forking",
            "by-hand-threads",
            "by-hand-forks",
            "by-hand-select",
            "asyncio",
            "ideas/who-waits",
        ),
    ),
    Chapter(
        "HTTP",
        "A request, a blank line, a response.",
        ("one-page", "ideas/http-as-text", "static", "http", "web", "proxy", "ideas/response-splitting"),
    ),
    Chapter(
        "Programs behind the web",
        "From a process for each request to a function call on another machine.",
        (
            "cgi",
            "ideas/cgi-child",
            "wsgi",
            "ideas/start-response",
            "xmlrpc",
            "ideas/xml-on-the-wire",
        ),
    ),
    Chapter("Mail", "In by one protocol, out by another.", ("mail", "ideas/envelope")),
    Chapter("Files", "Two connections for one conversation.", ("ftp",)),
    Chapter(
        "Between programs that know each other",
        "On one machine, or with a shared secret.",
        ("unix", "objects"),
    ),
)
MORE = Chapter("More", "What has been added to the lab.", ())


def arrange(names: Iterable[str]) -> list[Chapter]:
    """Return the chapters with those of the pages that there are; unknown ones come last, by name."""
    there = set(names)
    chapters = [each._replace(pages=tuple(p for p in each.pages if p in there)) for each in CHAPTERS]
    unknown = there.difference(*(each.pages for each in CHAPTERS))
    chapters.append(MORE._replace(pages=tuple(sorted(unknown))))
    return [each for each in chapters if each.pages]
