"""Sends whatever an application returns."""

from services.wsgi import call, server


class AppCall(call.AppCall):
    """Trusts applications."""

    def write(self, piece: bytes) -> None:
        """Send a piece, whatever was announced."""
        self.send_head()
        self.returned_octets += len(piece)
        self.send_octets(piece)


vars(server)["AppCall"] = AppCall

if __name__ == "__main__":
    server.main([])
