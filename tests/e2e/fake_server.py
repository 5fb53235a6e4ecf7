"""Serves rendered pages, the static files and a fake plan, under the same content policy as the application."""

import json
import mimetypes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.staticfiles import finders

from tests.e2e.fake_plan import FakePlan

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'"
)


class FakeServer:
    """``pages`` maps a path to html; ``plan`` may be replaced between tests."""

    def __init__(self, pages: dict[str, str]) -> None:
        self.pages, self.plan = pages, FakePlan()
        server = self
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"fake": server}))
        self.url = f"http://127.0.0.1:{self._http.server_port}"
        Thread(target=self._http.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


class _Handler(BaseHTTPRequestHandler):
    fake: FakeServer

    def log_message(self, *args: Any) -> None:
        """Tests are quiet."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if parts.path.startswith("/static/"):
            self._static(parts.path.removeprefix("/static/"))
        elif parts.path in self.fake.pages:
            self._send(200, self.fake.pages[parts.path].encode(), "text/html; charset=utf-8")
        else:
            self._plan(
                parts.path,
                {key: values[0] for key, values in parse_qs(parts.query, keep_blank_values=True).items()},
            )

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Type") != "application/json":
            self._send(204, b"", "text/plain")
            return
        self._plan(self.path, json.loads(body), posted=True)

    def _plan(self, path: str, given: dict[str, Any], *, posted: bool = False) -> None:
        plan = self.fake.plan
        plan.requests.append((path, given))
        if plan.down:
            self._json(503, {})
            return
        status, answer = self._answer(plan, path, given, posted=posted)
        self._json(status, answer)

    @staticmethod
    def _answer(
        plan: FakePlan, path: str, given: dict[str, Any], *, posted: bool
    ) -> tuple[int, dict[str, Any]]:
        if path == "/plan":
            return 200, plan.tree(
                given.get("parent", ""), int(given.get("depth", 1)), given.get("unit", "units")
            )
        if path == "/plan/cell":
            return plan.cell(given["node"], given["measure"], given["month"], given.get("text", ""))
        acts = {"/plan/edit": plan.edit, "/plan/undo": plan.undo, "/plan/lock": plan.lock}
        return acts[path](given) if posted and path in acts else (404, {"message": "There is nothing here."})

    def _static(self, name: str) -> None:
        found = finders.find(name)
        if not found:
            self._send(404, b"", "text/plain")
            return
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self._send(200, Path(str(found)).read_bytes(), kind)

    def _json(self, status: int, answer: dict[str, Any]) -> None:
        self._send(status, json.dumps(answer).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", STRICT)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)
