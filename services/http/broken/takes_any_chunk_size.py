"""Reads the size of a chunk with `int(text, 16)`, which takes `0x5` and `-5`, and does not look behind it."""

import io
from collections.abc import Iterator

from services.http import server
from services.web import handler


def chunked_pieces(reader: io.BufferedReader) -> Iterator[bytes]:
    """Yield what stands between lines that look like sizes."""
    while True:
        text = reader.readline().partition(b";")[0].strip() or b"0"
        size = abs(int(text.split()[0], 16))
        yield reader.read(size)
        reader.readline()
        if size == 0:
            while reader.readline().strip():
                pass
            return


vars(handler)["chunked_pieces"] = chunked_pieces


if __name__ == "__main__":
    server.main()
