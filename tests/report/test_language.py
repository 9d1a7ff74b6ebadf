"""A report in English has no German word but names and what people themselves wrote."""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bildungsbedarf.study import Project

GERMAN = re.compile(
    r"\b(der|die|das|und|oder|nicht|von|mit|für|ist|sind|wird|werden|eine|einer|Personen|Befragung|Anteil|Bereich|nach|aus"
    r"|bei|sich|auf|dem|den|im|zu|wie|Frage|Methode|Datenstand|Quelle|ohne|hat|keine|Unterschied|Wert|Angabe)\b"
)


def _said(page: str) -> list[str]:
    """Everything a reader sees or hears, line by line; not what people are quoted with in their own language."""
    page = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
    page = re.sub(r'<blockquote lang="de">.*?</blockquote>', "", page, flags=re.DOTALL)
    page = re.sub(r'<[^>]*aria-label="([^"]*)"[^>]*>', r"\n\1\n", page)
    return html.unescape(re.sub(r"<[^>]+>", "\n", page)).splitlines()


@pytest.mark.slow
def test_an_english_run(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "study.toml"
    text = path.read_text(encoding="utf-8").replace('language = "de"', 'language = "en"', 1)
    path.write_text(text, encoding="utf-8")
    environment = {**os.environ, "BILDUNGSBEDARF_HOME": str(project.root)}
    command = [sys.executable, "-m", "bildungsbedarf", "run", "bildungsbefragung", "--wave", "2026"]
    subprocess.run(command, env=environment, check=True, capture_output=True)
    pages = sorted((project.results("bildungsbefragung") / "site").rglob("*.html"))
    assert len(pages) > 12
    german = [
        f"{page.name}: {line.strip()}" for page in pages for line in _said(page.read_text()) if GERMAN.search(line)
    ]
    assert german == []


def test_the_search_would_find_german(results: Path) -> None:
    page = (results / "site" / "2026" / "02_bildungsbedarfe.html").read_text(encoding="utf-8")
    assert len([line for line in _said(page) if GERMAN.search(line)]) > 20
