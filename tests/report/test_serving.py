from __future__ import annotations

import threading
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError, DataError, StepError
from bildungsbedarf.report.serving import HOST, server_of


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    site = tmp_path / "site"
    (site / "themen").mkdir(parents=True)
    (site / "index.html").write_text("<h1>Übersicht</h1>", encoding="utf-8")
    (site / "themen" / "F05.html").write_text("<h1>Thema</h1>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("geheim", encoding="utf-8")
    (site / "link.txt").symlink_to(tmp_path / "secret.txt")
    server = server_of(site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def _get(port: int, path: str) -> tuple[int, dict[str, str], str]:
    connection = HTTPConnection(HOST, port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    found = answer.status, dict(answer.getheaders()), answer.read().decode("utf-8", errors="replace")
    connection.close()
    return found


def test_pages_come_with_the_right_headers(port: int) -> None:
    status, headers, text = _get(port, "/")
    assert (status, text) == (200, "<h1>Übersicht</h1>")
    assert headers["Content-type"] == "text/html; charset=utf-8"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert _get(port, "/themen/F05.html")[0] == 200


@pytest.mark.parametrize(
    "path", ["/../secret.txt", "/%2e%2e/secret.txt", "/link.txt", "/themen/", "/nirgends.html", "/%00"]
)
def test_nothing_else_is_given_out(port: int, path: str) -> None:
    status, _, text = _get(port, path)
    assert status == 404
    assert "geheim" not in text


def test_what_cannot_be_served_is_said(tmp_path: Path, port: int) -> None:
    with pytest.raises(DataError, match="no pages yet"):
        server_of(tmp_path / "nowhere")
    with pytest.raises(ConfigError, match="no such port"):
        server_of(tmp_path / "site", 70000)
    with pytest.raises(StepError, match="cannot serve"):
        server_of(tmp_path / "site", port)
