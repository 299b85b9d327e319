import socketserver

from services.socketserver import server
from services.upper_tcp.broken.takes_octets_for_text import converse
from services.upper_tcp.server import hang_up


class LineHandler(socketserver.StreamRequestHandler):
    """Holds that conversation."""

    def handle(self) -> None:
        """Answer the client, and hang up."""
        converse(self.rfile, self.wfile.write)
        hang_up(self.connection)


class DatagramHandler(socketserver.BaseRequestHandler):
    """Takes a datagram for text as well."""

    def handle(self) -> None:
        """Send the text back."""
        data, sock = self.request
        text = data.decode(errors="replace").strip()
        sock.sendto(text.upper().encode(), self.client_address)


if __name__ == "__main__":
    server.serve(
        server.TCPServer(server.ADDRESS, LineHandler),
        server.UDPServer(server.ADDRESS, DatagramHandler),
    )
