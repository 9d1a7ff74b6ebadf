"""The built site on this machine alone, with the headers a server should send with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from bildungsbedarf.errors import ConfigError, DataError, StepError

HOST = "127.0.0.1"
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-cache",
}
_HIGHEST_PORT = 65535


class _Handler(SimpleHTTPRequestHandler):
    """Files of one folder; no lists of folders, and no way out of it over links."""

    extensions_map = {  # noqa: RUF012 - as in the class it extends
        **SimpleHTTPRequestHandler.extensions_map,
        ".html": "text/html; charset=utf-8",
        ".csv": "text/csv; charset=utf-8",
        ".json": "application/json; charset=utf-8",
        ".jsonld": "application/ld+json; charset=utf-8",
    }

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def list_directory(self, path: str) -> None:  # type: ignore[override]
        self.send_error(404)

    def translate_path(self, path: str) -> str:
        root = Path(self.directory).resolve()
        try:
            found = Path(super().translate_path(path))
            is_inside = found.resolve().is_relative_to(root)
        except ValueError:
            # no name of a file: it holds a zero
            return str(root / "nowhere")
        return str(found) if is_inside else str(root / "nowhere")

    def log_message(self, *args: object) -> None:
        """Nothing is logged: who reads the pages is nobody's business."""


def server_of(site: Path, port: int = 0) -> ThreadingHTTPServer:
    """A server of a built site on 127.0.0.1; ``serve_forever`` begins. Port 0: any that is free.

    Raises
    ------
    DataError
        There is no site yet.
    ConfigError
        No such port.
    StepError
        The port is taken.
    """
    if not (site / "index.html").is_file():
        raise DataError("there are no pages yet", where=site.name, remedy="bildungsbedarf run")
    if not 0 <= port <= _HIGHEST_PORT:
        raise ConfigError("no such port", where="--port", value=port, expected=f"0 to {_HIGHEST_PORT}")
    handler: Callable[..., SimpleHTTPRequestHandler] = partial(_Handler, directory=str(site))
    try:
        return ThreadingHTTPServer((HOST, port), handler)
    except OSError as error:
        raise StepError(
            f"cannot serve: {error.strerror}", where=f"{HOST}:{port}", remedy="name another --port"
        ) from None
