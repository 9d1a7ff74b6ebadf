"""Each page says how many of its numbers are hidden, and why."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bildungsbedarf.language import translate
from bildungsbedarf.report.hidden import hidden_line, too_few_line

SITE = "site"
_NOT_SHOWN, _BEHIND = "ist auf dieser Seite nicht gezeigt", "Personen dahinterstehen"


def _cell(mark: str) -> str:
    return f'<td role="cell" class="num hidden">–<sup>{mark}</sup></td>'


@pytest.mark.parametrize(
    ("html", "told"),
    [
        ("<p>nichts</p>", ""),
        ('<td class="num">3</td>', "Auf dieser Seite ist keine Zahl verdeckt."),
        ('<td class="num hidden">–</td>', f"1 Zahl {_NOT_SHOWN}: 1, weil es keine gibt oder zu wenige {_BEHIND}."),
        (_cell("e"), "1 Zahl ist auf dieser Seite nicht gezeigt: 1, weil sie zu ungenau sind."),
        (
            _cell("a") + _cell("b") + _cell("c") + _cell("f"),
            "4 Zahlen sind auf dieser Seite nicht gezeigt: 2, weil zu wenige Personen dahinterstehen; 1, weil sie "
            "etwas über wenige andere verraten würden; 1, weil sich daraus andere verdeckte Zahlen errechnen ließen.",
        ),
    ],
)
def test_marks_are_counted_by_reason(html: str, told: str) -> None:
    assert hidden_line(html, "de") == told


def test_cells_that_say_too_few_are_counted() -> None:
    few = translate("too few", "de")
    assert too_few_line(["12 %", few], "de").startswith("An 1 Stelle")
    assert too_few_line([few, few], "de").startswith("An 2 Stellen")
    assert too_few_line(["12 %"], "de") == ""


def test_pages_say_what_their_tables_hide(results: Path) -> None:
    site = results / SITE
    page = (site / "2026" / "06_gemeinden.html").read_text(encoding="utf-8")
    marks = re.findall(r'hidden">–', page)
    assert len(marks) > 20
    assert f"{len(marks)} Zahlen sind auf dieser Seite nicht gezeigt" in page
    some = [path for path in site.glob("gemeinden/*.html") if "zu wenige" in path.read_text(encoding="utf-8")]
    assert some
    assert any("dieser Seite steht keine Zahl" in path.read_text(encoding="utf-8") for path in some)
