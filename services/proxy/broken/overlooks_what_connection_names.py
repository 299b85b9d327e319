"""Drops the hop-by-hop headers of a list; those that the Connection header names go on."""

from collections.abc import Iterable
from email.message import Message

from services.proxy import protocol, server


def fields_to_pass_on(headers: Message, *, without: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return the headers, not minding what Connection says."""
    del headers["Connection"]
    return protocol.fields_to_pass_on(headers, without=without)


vars(server)["fields_to_pass_on"] = fields_to_pass_on

if __name__ == "__main__":
    server.main()
