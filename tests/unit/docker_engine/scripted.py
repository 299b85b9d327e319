"""An Engine that answers by a script, over a real Unix socket: what the client makes of it is the test."""

import json
import re
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from docker.api.client import APIClient

from labctl.docker_engine import DockerEngine

VERSION = "1.41"


@dataclass
class Answer:
    """What an Engine says: a status, and JSON or octets; `is_cut`: and then the connection breaks."""

    status: int = 200
    body: Any = None
    is_cut: bool = False

    @property
    def octets(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return b"" if self.body is None else json.dumps(self.body).encode()


@dataclass
class Script:
    """Which requests are answered how, and which were made: `METHOD /path` without version and query."""

    answers: dict[str, list[Answer]]
    asked: list[str] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)

    def answer(self, request: str, query: str, body: bytes) -> Answer:
        """Return the next answer to a request; the last one stays."""
        self.asked.append(request)
        self.queries.append(query)
        self.bodies.append(json.loads(body) if body.startswith(b"{") else body)
        known = self.answers.get(request)
        if known is None:
            return Answer(500, {"message": f"the script has no answer to {request}"})
        return known.pop(0) if len(known) > 1 else known[0]


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True
    script: Script


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def _serve(self) -> None:
        path, _, query = self.path.partition("?")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = self._chunks()
        request = f"{self.command} {re.sub(r'^/v[0-9.]+', '', path)}"
        answer = self.server.script.answer(request, query, body)
        octets = answer.octets
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets) + answer.is_cut))
        self.end_headers()
        with suppress(BrokenPipeError):  # the client has read enough
            self.wfile.write(octets)
        self.close_connection = answer.is_cut

    def _chunks(self) -> bytes:
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815  the library's names


@contextmanager
def scripted(path: Path, answers: dict[str, Answer | list[Answer]]) -> Iterator[tuple[DockerEngine, Script]]:
    """Yield a client whose Engine answers by a script, and the script with what was asked."""
    script = Script({key: each if isinstance(each, list) else [each] for key, each in answers.items()})
    with _Server(str(path / "engine"), _Handler) as server:
        server.script = script
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        client = APIClient(base_url=f"unix://{path}/engine", version=VERSION, timeout=30)
        try:
            yield DockerEngine(client), script
        finally:
            client.close()
            server.shutdown()
            thread.join()
