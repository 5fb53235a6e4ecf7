"""A door between the application and a server it needs, which a test can shut and open."""

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit, urlunsplit


@dataclass
class Gate:
    """Passes TCP connections on to a server; while shut it drops those it has and takes no new ones."""

    target: tuple[str, int]
    port: int = 0
    listener: socket.socket | None = None
    connections: list[socket.socket] = field(default_factory=list)

    def open(self) -> None:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", self.port))
        listener.listen(64)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        if self.listener is not None:
            # Only shutting down wakes the thread that waits for a connection.
            with suppress(OSError):
                self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
        for connection in self.connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self.connections.clear()

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                inside, _ = listener.accept()
                outside = socket.create_connection(self.target)
                self.connections += [inside, outside]
                for source, sink in ((inside, outside), (outside, inside)):
                    threading.Thread(target=_pass_on, args=(source, sink), daemon=True).start()


def _pass_on(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while received := source.recv(65536):
            sink.sendall(received)
        sink.shutdown(socket.SHUT_WR)


def gate_before(url: str) -> tuple[Gate, str]:
    """An open gate before the server of an address, and the address that leads through it."""
    parts = urlsplit(url)
    gate = Gate((parts.hostname or "127.0.0.1", parts.port or 5432))
    gate.open()
    user = parts.netloc.rpartition("@")[0]
    place = f"127.0.0.1:{gate.port}"
    return gate, urlunsplit(parts._replace(netloc=f"{user}@{place}" if user else place))
