"""What an outsider could learn of single persons from what was published: the files alone, attacked.

Three attacks: hidden counts of the workbooks of unweighted audiences by linear programming over each question's sheet
and the sheets of all; written answers found again in any published file; e-mail addresses and telephone numbers. Beside
them, whether files with answers can be read by others on this machine. What is not attacked: weighted tables (their
shares are no counts), several measures at once, and what was published before.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

import numpy as np
from openpyxl import load_workbook
from scipy.optimize import linprog

from bildungsbedarf.disclosure import quotes
from bildungsbedarf.run.names import TABLES
from bildungsbedarf.run.steps import folder_of
from bildungsbedarf.store import RESPONSES
from bildungsbedarf.wave import Study, Wave

_FIRST_LINE = 5
_SHORTEST = 16
"""Letters of a written answer below which finding it again means nothing."""
_PACKED = (".xlsx", ".docx")
_TEXTS = (".html", ".json", ".jsonld", ".csv", ".ipynb", ".md", ".svg", ".txt")
_WORD = re.compile(r"\w+")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*[A-Za-z]")
_PHONE = re.compile(r"(?<![\d./-])(?<!\d,)(?:\+49|0)[1-9]\d{1,4}[ /-]\d{4,9}(?![\d.,-])")
_OTHERS = 0o077


@dataclass(frozen=True)
class Hole:
    """Something an outsider could learn: where it stands, what it is, how it follows."""

    where: str
    what: str
    how: str


def audit(study: Study, tell: Callable[[str], None] = lambda text: None) -> list[Hole]:
    """Attack everything a study has published.

    Parameters
    ----------
    study
        The study, with its results.
    tell
        Told what is being looked at.

    Raises
    ------
    DataError
        Answers of an audience cannot be read, so that nobody could say whether they were published.

    Returns
    -------
    list of Hole
        Empty where nothing was found by these attacks, which is no proof that there is nothing.

    Examples
    --------
    >>> isinstance(audit(study), list)
    True
    """
    results = study.files.project.results(study.name)
    holes: list[Hole] = []
    for wave in study.of_all_audiences:
        path = results / folder_of(wave) / TABLES
        if path.is_file() and wave.config.weighting.method == "none":
            tell(f"{wave.name} {wave.audience}: {TABLES}")
            few = wave.files.config.disclosure.minimum_cell
            holes += [Hole(f"{folder_of(wave)}/{TABLES}, {place}", what, _BY_SUMS) for place, what in _sums(path, few)]
    tell("published files: written answers, addresses, telephone numbers")
    holes += _texts(study, results)
    tell("files with answers: who can read them")
    holes += _readable(study)
    return holes


_BASE = " (n)"
"""How the head of a column of bases ends, in every language."""
_BY_SUMS = "from the sums of the sheet and of the sheets of all, by linear programming"


@dataclass(frozen=True)
class _Sheet:
    """A sheet as published: groups, and by question and answer the share and base of each group."""

    title: str
    groups: list[str]
    cells: Mapping[str, Mapping[str, list[tuple[float | None, int | None]]]]


def _sheets(path: Path) -> list[_Sheet]:
    book = load_workbook(path, read_only=True, data_only=True)
    found = []
    for sheet in book:
        rows = list(sheet.iter_rows(values_only=True))
        heads = [str(head or "") for head in rows[_FIRST_LINE - 2]] if len(rows) >= _FIRST_LINE else []
        at = [column for column, head in enumerate(heads) if head.endswith(_BASE)]
        if not at:
            # the cover and the sheet of measures tell no shares with their bases side by side
            continue
        groups = [heads[column].removesuffix(_BASE) for column in at]
        cells: dict[str, dict[str, list[tuple[float | None, int | None]]]] = {}
        for row in rows[_FIRST_LINE - 1 :]:
            pairs = [(_number(row[column - 1]), _whole(row[column])) for column in at]
            cells.setdefault(str(row[1]), {})[str(row[2])] = pairs
        found.append(_Sheet(str(sheet.title), groups, cells))
    book.close()
    return found


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, (int, float)) else None


def _count(share: float | None, base: int | None) -> int | None:
    """The count behind a share with one decimal: one whole number, where the base is below a thousand."""
    if share is None or base is None:
        return None
    count = round(share * base / 100)
    return count if abs(100 * count / base - share) <= 0.05 + 1e-9 and base < 1000 else None


def _sums(path: Path, few: int) -> Iterator[tuple[str, str]]:
    found = _sheets(path)
    of_all = [sheet for sheet in found if sheet.groups == found[0].groups]  # sheets of topics come first
    whole = {question: answers for sheet in of_all for question, answers in sheet.cells.items()}
    for sheet in found[len(of_all) :]:
        for question, answers in sheet.cells.items():
            totals = {answer: pairs[0] for answer, pairs in whole.get(question, {}).items()}
            for answer, group, low, high in _narrow(sheet, answers, totals):
                if low > 0 and high < few:
                    told = f"{low}" if low == high else f"{low} to {high}"
                    yield f"sheet {sheet.title}", f"“{question}”: {answer}, {group}: {told} persons"


def _narrow(
    sheet: _Sheet,
    answers: Mapping[str, list[tuple[float | None, int | None]]],
    totals: Mapping[str, tuple[float | None, int | None]],
) -> Iterator[tuple[str, str, int, int]]:
    """Bounds of each hidden count that are compatible with all that is shown."""
    names, groups = list(answers), range(len(sheet.groups))
    counts = {(name, place): _count(*answers[name][place]) for name in names for place in groups}
    bases = [
        next((answers[name][place][1] for name in names if answers[name][place][1] is not None), None)
        for place in groups
    ]
    hidden = [cell for cell, count in counts.items() if count is None]
    if not hidden:
        return
    place_of = {cell: number for number, cell in enumerate(hidden)}
    equal, sums, below, most = _system(names, bases, counts, totals, place_of)
    limits = [(0, bases[place] if bases[place] is not None else None) for _, place in hidden]
    for cell in hidden:
        goal = np.zeros(len(hidden))
        goal[place_of[cell]] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * goal, A_ub=below, b_ub=most, A_eq=equal, b_eq=sums, bounds=limits)
            ends.append(sign * found.fun if found.fun is not None else None)
        if ends[0] is not None and ends[1] is not None:
            low, high = int(np.ceil(ends[0] - 1e-6)), int(np.floor(ends[1] + 1e-6))
            if low <= high:
                yield cell[0], sheet.groups[cell[1]], low, high


def _system(
    names: list[str],
    bases: list[int | None],
    counts: Mapping[tuple[str, int], int | None],
    totals: Mapping[str, tuple[float | None, int | None]],
    place_of: Mapping[tuple[str, int], int],
) -> tuple[Any, Any, Any, Any]:
    """Sums over the answers of a group, and over the groups of an answer; people without a group may be missing."""
    width = len(place_of)

    def row(cells: list[tuple[str, int]]) -> tuple[Any, int]:
        line, rest = np.zeros(width), 0
        for cell in cells:
            count = counts[cell]
            if count is None:
                line[place_of[cell]] = 1.0
            else:
                rest += count
        return line, rest

    equal: list[Any] = []
    sums: list[float] = []
    below: list[Any] = []
    most: list[float] = []
    for place, base in enumerate(bases):
        line, rest = row([(name, place) for name in names])
        if base is not None and line.any():
            equal.append(line)
            sums.append(base - rest)
    everyone = next((base for _, base in totals.values() if base is not None), None)
    told = [base for base in bases if base is not None]
    without = everyone - sum(told) if everyone is not None and len(told) == len(bases) else None
    for name in names:
        total = _count(*totals.get(name, (None, None)))
        line, rest = row([(name, place) for place in range(len(bases))])
        if total is None or not line.any():
            continue
        below.append(line)
        most.append(total - rest)
        if without is not None and without >= 0:
            below.append(-line)
            most.append(rest + without - total)
    return (
        np.array(equal) if equal else None,
        np.array(sums) if sums else None,
        np.array(below) if below else None,
        np.array(most) if most else None,
    )


def _texts(study: Study, results: Path) -> Iterator[Hole]:
    """Written answers, and what reads like a way to reach somebody, in every file that leaves the house."""
    written = _written(study)
    contact = study.files.config.study.contact
    allowed = {contact}
    own = " ".join(
        " ".join(html.unescape(path.read_text(encoding="utf-8-sig", errors="replace")).split())
        for path in study.files.inputs()
        if path.suffix in (".toml", ".lss", ".lsa", ".tsv", ".xml", ".svg")
    )
    for path in sorted(results.rglob("*")):
        text = _content(path)
        if not text:
            continue
        place = path.relative_to(results).as_posix()
        for found in dict.fromkeys(_MAIL.findall(text)):
            if found not in allowed and found not in own:
                yield Hole(place, f"an e-mail address ({found[:3]}…)", "it stands there")
        for found in dict.fromkeys(_PHONE.findall(text)):
            if found not in own:
                yield Hole(place, f"a telephone number ({found[:4]}…)", "it stands there")
        words = set(_WORD.findall(text))
        for answer, rarest in written.items():
            if rarest in words and answer in text and answer not in own:
                yield Hole(place, f"a written answer ({answer[:12]}…)", "it stands there word for word")


def _written(study: Study) -> dict[str, str]:
    """Written answers of all waves with their longest word: without it an answer need not be looked for.

    Not those that quotes.toml releases as they are.
    """
    asked = [wave for wave in study.of_all_audiences if wave.config.data == RESPONSES and wave.has_snapshot]
    # the same may have been written in another wave
    released = {" ".join(one.text.split()) for wave in asked for one in quotes(wave)}
    found: dict[str, str] = {}
    for wave in asked:
        for answer in _answers(wave):
            bare = " ".join(answer.split())
            if bare not in released and len(bare) >= _SHORTEST and " " in bare and _WORD.search(bare):
                found[bare] = max(_WORD.findall(bare), key=len)
    return found


def _answers(wave: Wave) -> Iterator[str]:
    """What was written into questions for text, and into "other" and comments beside boxes."""
    table = wave.snapshot.read()
    for column in wave.codebook.columns:
        if (column.values == "text" or column.role != "answer") and column.heading in table.columns:
            yield from (str(value) for value in table[column.heading].dropna().unique())


def _content(path: Path) -> str:
    """What can be read in a published file, as plain words; nothing of pictures and PDF, whose text is the pages'."""
    if not path.is_file():
        return ""
    if path.suffix in _PACKED:
        try:
            with ZipFile(path) as book:
                text = " ".join(book.read(name).decode("utf-8", errors="replace") for name in book.namelist())
        except BadZipFile:
            return ""
    elif path.suffix in _TEXTS:
        text = path.read_text(encoding="utf-8", errors="replace")
    else:
        return ""
    if path.suffix in (".json", ".jsonld", ".ipynb"):
        text = _ESCAPED.sub(lambda found: _SIGNS.get(found[1], " "), text)
    # as a page, a workbook or a notebook shows it: without marks, their signs read
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", text)).split())


_ESCAPED = re.compile(r"\\(.)")
_SIGNS = {'"': '"', "\\": "\\", "/": "/"}


def _readable(study: Study) -> Iterator[Hole]:
    folder = study.files.project.snapshots(study.name)
    for path in sorted(folder.rglob("*.parquet")):
        if path.stat().st_mode & _OTHERS and not any(
            parent.stat().st_mode & _OTHERS == 0 for parent in path.parents if parent.is_relative_to(folder)
        ):
            place = path.relative_to(study.files.project.root).as_posix()
            yield Hole(place, "answers that others on this machine can read", "its permissions")
