"""Says `Content-Length: 0` with 204 and 304, which have no content whose length could be said."""

from services.wsgi import call, server


class AppCall(call.AppCall):
    """Wants every answer to have a length."""

    def send_head(self, *, empty: bool = False) -> None:
        """Announce what an empty answer has."""
        if empty and not self.head_sent and not self.announced:
            self.handler.end_headers = self.end_headers_with_length  # type: ignore[method-assign]
        super().send_head(empty=empty)

    def end_headers_with_length(self) -> None:
        """Put the length in."""
        del self.handler.end_headers
        self.handler.send_header("Content-Length", "0")
        self.handler.end_headers()


vars(server)["AppCall"] = AppCall

if __name__ == "__main__":
    server.main([])
