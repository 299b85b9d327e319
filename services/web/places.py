"""A thread for each connection, no more than there are places, and what to do when something has run out."""

import contextlib
import socket
import threading
import time
from http.server import HTTPServer
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from services.journal import log
from services.web import limits
from services.web.errors import is_scarcity

NEVER_S = 3600.0  # the library wakes up to ask whether to shut down; SIGTERM ends us without asking
QUIET_S = 60.0  # so long nothing must have run out for it to be worth a line again
OURSELVES = ("-", 0)  # who speaks in a line of the log that is about no client


class WebServer(ThreadingMixIn, HTTPServer):
    """IPv4 and IPv6 on one socket, a thread for each connection, and not more than it can bear."""

    address_family = socket.AF_INET6
    request_queue_size = limits.BACKLOG
    daemon_threads = True
    clients_at_once = limits.CLIENTS_AT_ONCE

    def __init__(self, *arguments: Any, **options: Any) -> None:
        self.places = threading.Semaphore(self.clients_at_once)
        self.unfinished: dict[socket.socket, None] = {}  # whose request we await, the oldest first
        self.quiet_until = 0.0
        super().__init__(*arguments, **options)

    def server_bind(self) -> None:
        """Bind for both families. HTTPServer would look up our own name, and may wait for DNS."""
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        TCPServer.server_bind(self)
        self.server_name, self.server_port = socket.gethostname(), self.server_address[1]

    def serve_until_killed(self) -> None:
        """Serve; SIGTERM ends a Python program unless it asks otherwise."""
        self.serve_forever(poll_interval=NEVER_S)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Accept a connection; where there is no descriptor for it, wait a moment.

        The library asks again at once after any error, and the client still stands in the queue: without
        the wait that is 200,000 questions a second. A client that has left already costs no wait.

        Raises:
            OSError: there is no connection; the library passes over it.
        """
        try:
            return super().get_request()
        except OSError as error:
            if is_scarcity(error):
                self.wait_a_moment(error.strerror or str(error))
            raise

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a thread; when all places are taken, who keeps us waiting longest must go.

        A container may have fewer threads than we have places. Then the client waits for one that ends,
        and the place that it would have had is not lost.
        """
        while True:
            if not self.places.acquire(blocking=False):
                self.dismiss_slowest()
                self.places.acquire()
            try:
                super().process_request(request, client_address)
            except RuntimeError as error:  # the thread did not start
                self.places.release()
                self.dismiss_slowest()
                self.wait_a_moment(str(error))
            else:
                return

    def dismiss_slowest(self) -> None:
        """Take no more from the client whose request has been under way for longest: its thread reads EOF."""
        for slowest in list(self.unfinished)[:1]:
            self.unfinished.pop(slowest, None)
            with contextlib.suppress(OSError):  # it has just left by itself
                slowest.shutdown(socket.SHUT_RD)

    def wait_a_moment(self, what: str) -> None:
        """Wait; say why in the log, not again and again as long as it lasts."""
        now = time.monotonic()
        if now >= self.quiet_until:
            log(OURSELVES, f"waiting, as long as this lasts: {what}")
        self.quiet_until = now + QUIET_S
        time.sleep(limits.SCARCE_S)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Serve one connection to its end, and give its place back."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def shutdown_request(self, request: Any) -> None:
        """End our side and read on a moment: to close on unread octets sends RST, and loses our answer."""
        deadline = time.monotonic() + limits.LINGER_S
        try:
            request.shutdown(socket.SHUT_WR)
            while (left_s := deadline - time.monotonic()) > 0:
                request.settimeout(left_s)
                if not request.recv(65536):
                    break
        except OSError:
            pass
        self.close_request(request)
