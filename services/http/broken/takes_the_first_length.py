"""Reads the first Content-Length that there is, and believes that there is one."""

from email.message import Message

from services.http import server
from services.web import handler


def content_length(fields: Message) -> int | None:
    """Return what looks most like a length."""
    text = str(fields.get("Content-Length", "")).partition(",")[0].strip(" -")
    return int(text) if text.isdigit() else None


def is_chunked(fields: Message, version: str) -> bool:
    """Return whether chunks are spoken of."""
    return "chunked" in fields.get("Transfer-Encoding", "")


vars(handler)["content_length"] = content_length
vars(handler)["is_chunked"] = is_chunked


if __name__ == "__main__":
    server.main()
