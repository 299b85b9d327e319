"""Reads the size of a chunk with `int(text, 16)`, which takes `0x5` and `-5`."""

import io
from collections.abc import Iterator

from services.proxy import origin, server
from services.web import handler


def chunked_pieces(reader: io.BufferedReader) -> Iterator[bytes]:
    """Yield what stands between lines that look like sizes."""
    while size := abs(int(reader.readline().partition(b";")[0].split()[0], 16)):
        yield reader.read(size)
        reader.readline()
    while reader.readline().strip():
        pass


for module in (origin, handler):
    vars(module)["chunked_pieces"] = chunked_pieces

if __name__ == "__main__":
    server.main()
