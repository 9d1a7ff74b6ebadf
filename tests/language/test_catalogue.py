from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.language import day, is_translated, number, percent, points, signed, translate

PACKAGE = Path(__file__).parents[2] / "bildungsbedarf"


def _texts() -> list[tuple[str, str]]:
    """Every text given to ``translate`` or ``words[…]``, as far as it stands in the source."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("translate", "_say") and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    found.append((path.name, str(first.value)))
    return found


@pytest.mark.parametrize(("place", "text"), _texts())
def test_every_text_has_a_german_one(place: str, text: str) -> None:
    assert is_translated(text, "de"), f"{place}: {text}"


def test_no_german_text_is_left_over() -> None:
    sources = [path.read_text(encoding="utf-8") for kind in ("*.py", "*.html") for path in PACKAGE.rglob(kind)]
    joined = re.sub(r'"\s*\n\s*"', "", "\n".join(sources))
    catalogue = (PACKAGE / "language" / "de.po").read_text(encoding="utf-8")
    for text in re.findall(r'^msgid "(.+)"$', catalogue, re.MULTILINE):
        assert text in joined, text


def test_numbers_as_german_and_english_write_them() -> None:
    assert number(1234.5, "de", 1) == "1.234,5"
    assert number(1234.5, "en", 1) == "1,234.5"
    assert number(-0.04, "de", 1) == "0,0"
    assert number(-2, "de") == "−2"
    assert percent(0.203, "de") == "20,3\N{NARROW NO-BREAK SPACE}%"
    assert percent(0.203, "en") == "20.3%"
    assert signed(0.444, "de", 2) == "+0,44"
    assert signed(-0.444, "de", 2) == "−0,44"
    assert signed(0.001, "de", 2) == "0,00"
    assert day(date(2026, 3, 2), "de") == "2. März 2026"


def test_english_is_itself_and_other_languages_are_refused() -> None:
    assert translate("Contents", "en") == "Contents"
    assert translate("Contents", "de") == "Inhalt"
    with pytest.raises(ConfigError, match="unknown language"):
        translate("Contents", "fr")


def test_one_point_is_one() -> None:
    assert points(-0.012, "de") == "−1 Punkt"
    assert points(0.008, "de") == "+1 Punkt"
    assert points(-0.104, "de") == "−10 Punkte"
    assert points(0.0, "en") == "0 points"
    assert points(-0.01, "en") == "−1 point"
