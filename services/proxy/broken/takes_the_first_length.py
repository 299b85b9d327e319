"""Believes the first Content-Length, and takes what is no number for an unknown length."""

from email.message import Message

from services.proxy import origin, server
from services.web import handler


def content_length(fields: Message) -> int | None:
    """Return the first number that there is."""
    text = str(fields.get("Content-Length", "")).partition(",")[0].strip()
    return int(text) if text.isdigit() else None


def is_chunked(fields: Message, version: str) -> bool:
    """Return whether chunks are spoken of."""
    return fields.get("Transfer-Encoding", "") == "chunked"


for module in (origin, handler):
    vars(module)["content_length"] = content_length
    vars(module)["is_chunked"] = is_chunked

if __name__ == "__main__":
    server.main()
