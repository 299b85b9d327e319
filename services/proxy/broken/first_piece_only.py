"""Hands on what the first read of an answer returned."""

from collections.abc import Iterator

from services.proxy import origin, server
from services.proxy.origin import Response


def first_piece_of(response: Response) -> Iterator[bytes]:
    """Yield the first piece of the content, and no more."""
    yield next(origin.pieces_of(response), b"")


vars(server)["pieces_of"] = first_piece_of

if __name__ == "__main__":
    server.main()
