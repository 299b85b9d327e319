"""HTTP proxy: makes requests in the name of its clients, to hosts of this lab and to nobody else.

Spec:    RFC 9112 section 3.2.2 (absolute-form), RFC 9110 sections 7.6 (forwarding) and 9.3.6 (CONNECT)
Model:   threading: `http.server`, a thread for each connection; in a tunnel that thread uses `select`
Try:     curl -i -x proxy:3128 http://http/through/the/proxy
Observe: the server at the other end sees the proxy's address, and a Via header; ask for an outside host: 403
Limits:  no cache, no authentication, no Upgrade, no OPTIONS and TRACE; a request's body is 16 MiB at most

Two ways through: GET and its like, where the proxy reads the message and hands it on, and CONNECT, where it
lays a tunnel and sees only octets. Both pass the same border first: `border.py` says who is a lab host.
"""

import socket
import threading
from http import HTTPStatus

from services.proxy.origin import PIECE_OCTETS, Answer, Response, connect, pieces_of
from services.proxy.protocol import (
    Destination,
    fields_to_pass_on,
    has_passed,
    parse_absolute_form,
    parse_authority_form,
)
from services.proxy.tunnel import carry
from services.web import RefusedError, WebHandler, WebServer, limits

PORT = 3128
NAME = "proxy"  # as Via calls us
TUNNELS_AT_ONCE = 32  # of 64 connections: tunnels stay long, and requests are to get through as well
TUNNEL_IDLE_S = 120.0
TUNNEL_S = 3600.0


class ProxyHandler(WebHandler):
    """One client's connection."""

    is_proxy = True
    body_octets = limits.LARGE_BODY_OCTETS
    tunnels = threading.Semaphore(TUNNELS_AT_ONCE)

    def do_GET(self) -> None:
        """Make the request in the client's place, and hand the answer on."""
        destination = parse_absolute_form(self.path)
        head = self.request_for(destination)
        with connect(destination) as sock:
            try:
                self.send_request(sock, head)
            except OSError:  # it may have answered without listening to all we say
                self.remark = "request cut short,"
            for response in Answer(sock).read_heads(self.command):
                if response.status >= 200:
                    self.hand_on(response)
                else:
                    self.hand_interim_on(response)

    do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_GET

    def do_CONNECT(self) -> None:
        """Lay a tunnel: from here on we carry octets and understand none."""
        destination = parse_authority_form(self.path)
        if not self.tunnels.acquire(blocking=False):
            raise RefusedError(HTTPStatus.SERVICE_UNAVAILABLE, f"{TUNNELS_AT_ONCE} tunnels are in use")
        try:
            with connect(destination) as sock:
                self.wfile.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                self.remark = carry(
                    self.connection, sock, self.sent_early(), idle_s=TUNNEL_IDLE_S, all_s=TUNNEL_S
                )
        finally:
            self.tunnels.release()
        self.log_request(HTTPStatus.OK)
        self.close_connection = True

    def request_for(self, destination: Destination) -> bytes:
        """Return the head of our request to the origin server: the client's, without what was for us.

        Raises:
            RefusedError: it has been here before.
        """
        if has_passed(self.headers, NAME):
            raise RefusedError(HTTPStatus.LOOP_DETECTED, "this request has passed here before")
        fields = fields_to_pass_on(self.headers, without=("host", "content-length", "expect"))
        if "Content-Length" in self.headers or "Transfer-Encoding" in self.headers:
            # Chunks end here: we have the whole body, and do not know whether the server knows them.
            fields.append(("Content-Length", str(self.taken_octets)))
        fields.append(("Via", f"{self.request_version.removeprefix('HTTP/')} {NAME}"))
        lines = [f"{self.command} {destination.path} HTTP/1.1", f"Host: {destination.authority}"]
        lines += [f"{name}: {value}" for name, value in fields]
        lines += ["Connection: close", "", ""]
        return "\r\n".join(lines).encode("iso-8859-1")

    def send_request(self, sock: socket.socket, head: bytes) -> None:
        """Send our request, its body piece by piece.

        Raises:
            OSError: the server does not take it.
        """
        sock.sendall(head)
        while piece := self.body.read(PIECE_OCTETS):
            sock.sendall(piece)

    def hand_interim_on(self, response: Response) -> None:
        """Send an interim answer on; HTTP/1.0 does not know them (RFC 9110 section 15.2)."""
        if self.request_version == "HTTP/1.1":
            fields = fields_to_pass_on(response.headers, without=("content-length",))
            lines = [f"HTTP/1.1 {response.status} {response.reason}"]
            lines += [f"{name}: {value}" for name, value in fields] + ["", ""]
            self.wfile.write("\r\n".join(lines).encode("iso-8859-1"))

    def hand_on(self, response: Response) -> None:
        """Send the origin server's answer to the client, its content piece by piece."""
        fields = fields_to_pass_on(response.headers, without=("content-length",))
        length = response.length
        bare = self.command == "HEAD" or response.status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)
        chunked = not bare and length is None and self.request_version == "HTTP/1.1"
        self.send_response_only(response.status, response.reason)
        for name, value in fields:
            self.send_header(name, value)
        self.send_header("Via", f"{response.version.removeprefix('HTTP/')} {NAME}")
        if length is not None:
            self.send_header("Content-Length", str(length))
        elif chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif not bare:
            self.send_header("Connection", "close")  # then the end of the connection is that of the content
        self.end_headers()
        try:
            for piece in () if bare else pieces_of(response):
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
            if chunked:
                self.wfile.write(b"0\r\n\r\n")
        except EOFError:  # not the whole length, no last chunk: the client notices
            self.remark += "answer cut short"
            self.close_connection = True
            if length is None and not chunked:
                self.abort()
        self.log_request(response.status)

    def sent_early(self) -> bytes:
        """Return what the client has sent behind its CONNECT already, without waiting for more."""
        self.incoming.begin_request()
        self.incoming.deadline = 0.0
        return self.reader.peek()


def main() -> None:
    """Serve."""
    WebServer(("", PORT), ProxyHandler).serve_until_killed()


if __name__ == "__main__":
    main()
