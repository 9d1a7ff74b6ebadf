"""Headings of an export, in whatever form, brought back to the questionnaire's codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from bildungsbedarf.codebook import Codebook, Column
from bildungsbedarf.codebook.model import in_language
from bildungsbedarf.errors import DataError, Problem
from bildungsbedarf.limesurvey.words import OTHER, SYSTEM
from bildungsbedarf.sources.folded import folded
from bildungsbedarf.sources.system import OPTIONAL_COLUMNS
from bildungsbedarf.sources.timings import GROUP, QUESTION

_HEADING = re.compile(r"^(?P<code>\w+(?:\[[^\]]*\])*)(?:\._\.|\. ?)")
_COMMENTS = ("Comment", "Kommentar")
_TIME = "Time"
"""What LimeSurvey puts behind a question's code where it exports how long the question took."""
_MOST_SHOWN = 10


def with_codes_as_headings(table: pd.DataFrame, codebook: Codebook, name: str) -> pd.DataFrame:
    """The table under the codebook's headings, wherever one of its own can be told.

    Known are codes with their texts (``WICHT[F01]. Wie wichtig …``), our names (``WICHT_F01``), those of the server's
    database, the names of question times, and full question texts in any of the questionnaire's languages. Of texts
    that stand several times each is taken in its order, if there are as many as the questionnaire has.

    Raises
    ------
    DataError
        Texts that stand more or less often than in the questionnaire: which is which cannot be told.
    """
    known = _Names.of(codebook)
    texts = _texts(codebook)
    coded = [_told(str(heading), known, texts) for heading in table.columns]
    headings = _second_of_its_name(coded, codebook)
    return table.set_axis(_by_text(headings, codebook, known, name), axis=1)


def _told(heading: str, known: _Names, texts: dict[str, list[str]]) -> str:
    """The codebook's heading; a full question text is kept, as it may begin like a code ("B. Wie alt?")."""
    is_text = heading not in known.headings and folded(heading) in texts
    return heading if is_text else known.coded(heading)


def _second_of_its_name(headings: list[str], codebook: Codebook) -> list[str]:
    """A question called as one of the export's own columns (``id``) stands after it.

    Where a column that not every export has (``token``) stands once, it is the question's: without it there is none.
    """
    asked = {column.heading for column in codebook.columns}
    seen = {heading for heading in OPTIONAL_COLUMNS if headings.count(heading) == 1}
    made = []
    for heading in headings:
        made.append(f"{heading}_" if heading in seen and f"{heading}_" in asked else heading)
        seen.add(heading)
    return made


@dataclass(frozen=True)
class _Names:
    """What a column may be called: by its code, by us, by the server's database; and times by question."""

    headings: frozenset[str]
    others: dict[str, str]
    small: dict[str, str]

    @classmethod
    def of(cls, codebook: Codebook) -> _Names:
        headings = frozenset([*(column.heading for column in codebook.columns), *codebook.ignored_headings, *SYSTEM])
        others = {f"{question.code}{_TIME}": f"{QUESTION}{question.qid}" for question in codebook.questions}
        others |= {field: column.heading for column in codebook.columns for field in column.fields}
        others |= {column.name: column.heading for column in codebook.columns}
        return cls(headings, others, {name.lower(): heading for name, heading in others.items()})

    def coded(self, heading: str) -> str:
        """The codebook's heading for this one; this one where nothing is known of it."""
        if heading in self.headings:
            return heading
        found = _HEADING.match(heading)
        code = found["code"] if found else heading
        if code in self.headings:
            return code
        return self.others.get(code) or self.small.get(code.lower(), heading)

    def is_known(self, heading: str) -> bool:
        """Whether nothing is left to find out."""
        return heading in self.headings or heading.startswith((GROUP, QUESTION))


def _by_text(headings: list[str], codebook: Codebook, known: _Names, name: str) -> list[str]:
    """Headings that are full texts of questions as the codes of these."""
    told = set(headings)
    texts = {text: [h for h in found if h not in told] for text, found in _texts(codebook).items()}
    open_ones = {place: folded(heading) for place, heading in enumerate(headings) if not known.is_known(heading)}
    counts = Counter(open_ones.values())
    problems = [
        Problem(
            "question text stands in the export in another number than in the questionnaire",
            name,
            text,
            f"{len(texts[text])} columns: {', '.join(texts[text][:4])}",
            "export again with 'question code' headings",
        )
        for text, count in counts.items()
        if texts.get(text) and count != len(texts[text])
    ]
    if problems:
        raise DataError(problems[:_MOST_SHOWN])
    left = {text: list(found) for text, found in texts.items() if text in counts}
    made = list(headings)
    for place, text in open_ones.items():
        if left.get(text):
            made[place] = left[text].pop(0)
    return made


def _texts(codebook: Codebook) -> dict[str, list[str]]:
    """Folded text → headings it may stand for, in the questionnaire's order."""
    found: dict[str, list[str]] = {}
    for heading, texts in _worded(codebook):
        for text in dict.fromkeys(folded(text) for text in texts):
            if text and heading not in found.setdefault(text, []):
                found[text].append(heading)
    return found


def _worded(codebook: Codebook) -> Iterator[tuple[str, list[str]]]:
    """Headings with what LimeSurvey calls them in full: ``Wie wichtig ist Ihnen …? [Sprachen]``."""
    for heading, texts in SYSTEM.items():
        yield heading, list(texts)
    for column in codebook.columns:
        yield column.heading, [text for language in codebook.languages for text in _in_full(column, codebook, language)]


def _in_full(column: Column, codebook: Codebook, language: str) -> Iterator[str]:
    question = codebook[column.question]
    asked, item = question.text(language), question.items(language).get(column.item, column.item)
    if column.role == "comment":
        parts = [*([item] if column.item else []), *_COMMENTS]
        yield from (f"{asked} [{part}]" for part in parts)
    elif column.role == "other":
        yield from (f"{asked} [{word}]" for word in sorted(OTHER))
    elif question.type.axes == "dual":
        head = question.attributes.get(f"dualscale_header{'AB'[column.scale]}", "")
        for scale in (head, f"Scale {column.scale + 1}", f"Skala {column.scale + 1}"):
            yield f"{asked} [{item}][{scale}]"
    elif question.type.axes == "grid":
        rows = {row.code: in_language(row.texts, language) for row in question.rows}
        cells = {cell.code: in_language(cell.texts, language) for cell in question.cells}
        for row, cell in ((row, cell) for row in rows for cell in cells if f"{row}_{cell}" == column.item):
            yield f"{asked} [{rows[row]}][{cells[cell]}]"
    elif question.type.axes == "ranking":
        for word in ("Rank", "Rang", "Ranking"):
            yield f"{asked} [{word} {column.item}]"
    elif column.item:
        yield f"{asked} [{item}]"
        yield f"{asked}[{item}]"
    else:
        yield asked
