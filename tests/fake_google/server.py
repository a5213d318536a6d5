"""The fake on a socket of this machine."""

from __future__ import annotations

import gzip
import socket
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.fake_google.messages import Request, Response, reason_phrase

if TYPE_CHECKING:
    from tests.fake_google.fake import FakeGoogle

LEAST_GZIP = 1024


class Listener(ThreadingHTTPServer):
    """Knows the fake and the connections that are open."""

    daemon_threads = False
    block_on_close = True
    request_queue_size = 64

    def __init__(self, fake: FakeGoogle, closing: threading.Event) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.fake = fake
        self.closing = closing
        self.open: set[socket.socket] = set()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leaves clients that went away alone; other errors are ours and must be seen."""
        import sys

        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Reads a request, asks the fake, and sends the answer as well or badly as it says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Listener

    def setup(self) -> None:
        super().setup()
        self.server.open.add(self.connection)

    def finish(self) -> None:
        self.server.open.discard(self.connection)
        super().finish()

    def log_message(self, format: str, *args: Any) -> None:
        """Prints nothing."""

    def answer(self) -> None:
        """Answers one request."""
        size = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(size) if size else b""
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        answer = self.server.fake.handle(Request(self.command, path, query, headers, body))
        kind, _, seconds = answer.broken.partition(":")
        if kind == "slow":
            self.server.closing.wait(float(seconds))
        if kind == "kill" and self.server.fake.victim is not None:
            self.server.fake.victim()
        if kind in ("lost", "reset", "kill") or (kind == "truncate" and not answer.body):
            self._close(abruptly=kind == "reset")
        else:
            self._send(answer, "gzip" in headers.get("accept-encoding", ""), whole=kind != "truncate")

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer

    def _close(self, abruptly: bool) -> None:
        if abruptly:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.server.open.discard(self.connection)
            self.connection.close()
        self.close_connection = True

    def _send(self, answer: Response, zipped: bool, whole: bool) -> None:
        headers, body = dict(answer.headers), answer.body
        if zipped and len(body) >= LEAST_GZIP:
            body = gzip.compress(body, 1)
            headers["content-encoding"] = "gzip"
        self.send_response_only(answer.status, reason_phrase(answer.status))
        self.send_header("date", f"{self.server.fake.now():%a, %d %b %Y %H:%M:%S} GMT")
        headers.pop("content-length", None)
        for name, value in headers.items():
            self.send_header(name, value)
        if answer.status not in (204, 304):
            self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if whole else body[: len(body) // 2])
        self.wfile.flush()
        if not whole:
            self.close_connection = True


class Server:
    """A running listener; `close()` ends it and all its connections."""

    def __init__(self, fake: FakeGoogle) -> None:
        self.closing = threading.Event()
        self.listener = Listener(fake, self.closing)
        self.root = f"http://127.0.0.1:{self.listener.server_port}/"
        self.thread = threading.Thread(target=self.listener.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    def wait(self, seconds: float) -> None:
        """Waits, but not beyond the end."""
        if seconds:
            self.closing.wait(seconds)

    def close(self) -> None:
        """Ends the listener."""
        self.closing.set()
        self.listener.shutdown()
        for connection in list(self.listener.open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        self.listener.server_close()
        self.thread.join()
