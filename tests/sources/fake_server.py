"""A LimeSurvey server on 127.0.0.1 that replays real answers, and every fault an office network has."""

from __future__ import annotations

import base64
import gzip
import json
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PASSWORD = "geheim-4711"


class FakeServer:
    """What the server knows and how it fails; ``calls`` are the methods asked for."""

    def __init__(self, fieldmap: dict[str, Any], responses: bytes) -> None:
        self.fieldmap, self.responses = fieldmap, responses
        self.fault = ""
        self.calls: list[str] = []
        self.questions: dict[str, Callable[[list[Any]], Any]] = {}
        self.open_sessions = 0
        self.hits = 0
        self.url = ""

    def answer(self, method: str, params: list[Any]) -> Any:
        self.calls.append(method)
        if method == "get_session_key":
            if self.fault == "locked":
                return {"status": "You have exceeded the number of maximum access attempts. Please wait 10 minutes"}
            if params[1] != PASSWORD:
                return {"status": "Invalid user name or password"}
            self.open_sessions += 1
            return f"key{len(self.calls)}"
        if method == "release_session_key":
            self.open_sessions -= 1
            return "OK"
        expired = self.calls.count("export_responses") == 1 and self.fault == "expired once"
        if method == "export_responses" and (expired or self.fault == "expired always"):
            return {"status": "Invalid session key"}
        status = {
            "no permission": "No permission",
            "inactive": "No Data, survey table does not exist.",
            "empty": "No Data, could not get max id.",
            "strange status": "Something else",
        }.get(self.fault)
        if method == "get_fieldmap":
            if self.fault == "no permission":
                return {"status": status}
            return [] if self.fault == "no fieldmap" else self.fieldmap
        if method in self.questions:
            if self.fault == "no permission":
                return {"status": status}
            return self.questions[method](params)
        if method == "get_summary":
            return {"completed_responses": 322, "incomplete_responses": 29, "full_responses": 351, "token_count": 9}
        if method == "export_responses":
            if status:
                return {"status": status}
            if self.fault == "broken base64":
                return "abc"
            content = self.responses
            if self.fault == "truncated export":
                content = content[: len(content) // 2]
            if self.fault == "no responses":
                content = b'{"responses": []}'
            if self.fault == "page as export":
                content = b"<html>error</html>"
            return base64.b64encode(content).decode()
        raise AssertionError(f"{method} is never called")


class _Handler(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        fake: FakeServer = self.server.fake
        fake.hits += 1
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if fake.fault == "reset":
            self.connection.close()
            return
        if fake.fault == "slow":
            time.sleep(3)
        pages = {
            "unknown method": (500, "text/html", b"<!DOCTYPE html><html>exception</html>"),
            "remotecontrol off": (200, "text/html", b""),
            "not rpc": (400, "text/html", b"<!DOCTYPE html><html></html>"),
            "login page": (200, "text/html; charset=UTF-8", b"<html><form>Anmeldung</form></html>"),
            "unlabelled page": (200, "application/json", b"  <!DOCTYPE html><html></html>"),
            "maintenance": (503, "text/html", b"<html>Wartung</html>"),
            "rate limit": (429, "text/plain", b"slow down"),
            "forbidden": (403, "text/html", b""),
            "not found": (404, "text/html", b""),
            "other login": (401, "text/html", b""),
            "no json": (200, "application/json", b"{'id': 1}"),
            "list": (200, "application/json", b"[1, 2]"),
            "empty object": (200, "application/json", b"{}"),
            "wrong type": (200, "image/png", b"\x89PNG"),
        }
        passing = fake.fault == "passing" and fake.hits % 2
        if passing or fake.fault in pages:
            self._send(*(pages["maintenance"] if passing else pages[fake.fault]))
            return
        if fake.fault == "redirect":
            self.send_response(302)
            self.send_header("Location", "https://login.example.org/")
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        result = fake.answer(request["method"], request["params"])
        number = request["id"] + (1 if fake.fault == "other id" else 0)
        body = json.dumps({"id": number, "result": result, "error": None}).encode()
        if fake.fault == "truncated body":
            self._send(200, "application/json", body[: len(body) // 2], length=len(body))
            self.connection.close()
            return
        self._send(200, "application/json", body)

    def _send(self, status: int, kind: str, body: bytes, length: int | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.end_headers()
        # a client that gave up has closed its side
        with suppress(BrokenPipeError, ConnectionResetError):
            self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def running(fake: FakeServer, certificate: Path | None = None) -> Iterator[FakeServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.fake = fake  # type: ignore[attr-defined]
    scheme = "http"
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        scheme = "https"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    fake.url = f"{scheme}://127.0.0.1:{server.server_address[1]}/index.php/admin/remotecontrol"
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def demo_responses(name: str = "responses_2026") -> bytes:
    return gzip.decompress((ROOT / "data" / "demo" / f"{name}.json.gz").read_bytes())
