"""Opens every file as text: octets that are no UTF-8 are replaced."""

import io
from typing import Any

from services.static import server
from services.web import WebServer


class StaticHandler(server.StaticHandler):
    """Decodes what it sends, and encodes it again."""

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Copy text, of as many octets as were announced."""
        octets = source.read()
        super().copyfile(io.BytesIO(octets.decode(errors="replace").encode()[: len(octets)]), outputfile)


if __name__ == "__main__":
    WebServer(("", server.PORT), StaticHandler).serve_until_killed()
