"""Compares Connection with `close`, and does not know that it is a list."""

from email.message import Message

from services.http import server
from services.web import handler


def stays_open(version: str, fields: Message) -> bool:
    """Return whether the first Connection field is another word."""
    said = fields.get("Connection", "").lower()
    return said != "close" and (version == "HTTP/1.1" or said == "keep-alive")


vars(handler)["stays_open"] = stays_open


if __name__ == "__main__":
    server.main()
