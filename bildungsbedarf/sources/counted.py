"""Votes that somebody counted: dots on a poster, a live poll's answers, supports of proposals on a platform.

Who gave which is not known any more, so each dot (answer, support) comes in as a participant of its own: what stands
beside the numbers are dots, not persons, and nothing can be said of how many people gave them. A poster or table is a
sheet with one line a statement and a column of dots for each colour, which is the group that had it; a live poll has
one column of numbers. Exports of Decidim and CONSUL are known by their columns of supports; proposals that were
withdrawn, rejected or hidden are left out and counted, and what else a platform knows does not come in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bildungsbedarf.errors import DataError, Problem
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256
from bildungsbedarf.sources.tables import read_csv_text, read_excel_text

FORMATS = ("counted dots", "supports of proposals")
"""What a snapshot says it came from, whose participants are dots."""
_SUFFIXES = (".csv", ".xlsx")
_STATEMENTS = ("aussage", "ziel", "vorschlag", "frage", "antwort", "option", "statement", "goal", "proposal", "answer")
_IDS = ("id", "nr", "lfd nr", "nummer", "code", "#", "rang", "rank", "platz", "pos", "position")
_COUNTS = ("punkte", "stimmen", "anzahl", "dots", "votes", "count", "responses", "antworten")
_TOTAL = re.compile(
    r"^(gesamtsumme|gesamtpunkte|gesamtzahl|summen?|gesamt|insgesamt|total|sum|[Σ∑])(\W|_|$)", re.IGNORECASE
)
_POSITIONS = ("ja", "nein", "yes", "no", "dafür", "dagegen", "pro", "contra", "kontra", "enthaltung", "neutral")
"""Columns of positions: a no is no dot for a proposal."""
_TITLES = ("title", "title/de", "title/en", "titel")
_SUPPORTS = ("votes", "supports", "proposal_votes_count", "cached_votes_up")
"""Columns of supports: of Decidim, of its earlier versions and databases, of CONSUL."""
_GONE = {
    "state": ("withdrawn", "rejected", "abgelehnt", "zurückgezogen"),
    "hidden_at": (),
    "retired_at": (),
    "withdrawn_at": (),
}
"""Columns that say a proposal is not voted on any more, by these words or by holding anything."""
_SHARE = re.compile(r"%|prozent|anteil|percent|share|quote")
_LARGEST = 5_000_000
"""Dots times statements: a table of them has to fit into memory."""


@dataclass(frozen=True)
class CountedVotes:
    """A sheet of counts."""

    kind: str = "votes"

    def recognises(self, path: Path) -> bool:
        """One table."""
        return path.is_file() and path.suffix.lower() in _SUFFIXES

    def read(self, path: Path) -> tuple[dict[str, pd.DataFrame], Provenance]:
        """Statements as goals, a participant for each dot with the colour's group, and their votes of one.

        Raises
        ------
        DataError
            There is no column of statements, or none of numbers; a number is none, negative or broken; a line's dots
            are not its total; a statement is empty or stands twice; there are too many dots.
        """
        content = read_bytes(path)
        read = read_excel_text if path.suffix.lower() == ".xlsx" else read_csv_text
        table = read(content, path.name)
        table = table.rename(columns={name: str(name).strip() for name in table.columns}).astype("str")
        heads = {str(name).casefold(): str(name) for name in table.columns}
        title, supports = (next((heads[one] for one in known if one in heads), "") for known in (_TITLES, _SUPPORTS))
        if title and supports:
            tables, notes = _proposals(table, heads, title, supports, path.name)
            form = FORMATS[1]
        else:
            tables, notes = _sheet(table, heads, path.name)
            form = FORMATS[0]
        return tables, Provenance(path.name, sha256(content), form, len(table), tuple(notes))


def _proposals(
    table: pd.DataFrame, heads: dict[str, str], title: str, supports: str, name: str
) -> tuple[dict[str, pd.DataFrame], list[str]]:
    gone = pd.Series(data=False, index=table.index)
    for column, words in _GONE.items():
        if column in heads:
            said = table[heads[column]].str.strip().str.casefold()
            gone |= said.isin(words) if words else said != ""
    kept = table[~gone]
    if kept.empty:
        raise DataError("there are no proposals", where=name, expected="one that was not withdrawn, rejected or hidden")
    ids = kept[heads["id"]] if "id" in heads else _numbered(kept)
    counts = kept[[supports]].rename(columns={supports: ""})
    known = {title, supports, heads.get("id", "")}
    left = [column for column in table.columns if column not in known]
    notes = [f"{int(gone.sum())} proposals that were withdrawn, rejected or hidden"] if gone.any() else []
    return _tables(ids, kept[title], counts, name), [*notes, *left]


def _sheet(table: pd.DataFrame, heads: dict[str, str], name: str) -> tuple[dict[str, pd.DataFrame], list[str]]:
    told = next((heads[one] for one in _STATEMENTS if one in heads), "")
    told = told or next((heads[one] for one in heads if one.startswith(_STATEMENTS)), "")
    if not told:
        raise DataError(
            "no column says what was voted on",
            where=name,
            value=", ".join(map(str, table.columns[:6])),
            expected="a heading such as Aussage, Ziel, Option, statement; or a folder with statements.csv, "
            "participants.csv and votes.csv",
        )
    bare = {name.rstrip(".:").replace("lfd. ", "lfd "): own for name, own in heads.items()}
    ids = next((bare[one] for one in _IDS if one in bare), "")
    totals = [heads[one] for one in heads if _TOTAL.match(one)]
    shares = [heads[one] for one in heads if _SHARE.search(one)]
    columns = [str(column) for column in table.columns if column not in (told, ids, *totals, *shares)]
    if positions := [column for column in columns if column.casefold() in _POSITIONS]:
        raise DataError(
            "these are positions, no dots: a no would count as much as a yes",
            where=name,
            value=", ".join(positions),
            expected="a column of dots for each colour; positions as votes.csv with 1, 0 and -1",
        )
    if len(columns) > 1:
        # beside colours a column of all dots is their sum
        totals += [column for column in columns if column.casefold() in _COUNTS]
        columns = [column for column in columns if column not in totals]
    if not columns and totals:
        columns, totals = [totals[0]], totals[1:]
    if not columns:
        raise DataError("no column holds dots", where=name, expected="one for each colour, or one of all: Punkte")
    rows = table[(table[[told, *columns, *totals]] != "").any(axis=1)]
    ends = rows[told].str.strip().str.match(_TOTAL)
    lines = rows[~ends]
    if silent := [place for place in lines.index if (lines.loc[place, columns] == "").all()]:
        raise DataError(
            "a line says nothing of dots",
            where=f"{name}, line {silent[0] + 2}",
            value=lines.loc[silent[0], told],
            expected="0 where nobody gave one; no headings between the lines",
        )
    if lines.empty:
        raise DataError("the sheet has no line with dots", where=name)
    _check_totals(lines, columns, totals, rows[ends], name)
    is_one = len(columns) == 1 and (columns[0].casefold() in _COUNTS or bool(_TOTAL.match(columns[0])))
    counts = lines[columns].rename(columns={columns[0]: ""} if is_one else {})
    own = lines[ids] if ids else _numbered(lines)
    return _tables(own, lines[told], counts, name), shares


def _numbered(rows: pd.DataFrame) -> pd.Series:
    return pd.Series([str(place) for place in range(1, len(rows) + 1)], index=rows.index)


def _check_totals(rows: pd.DataFrame, columns: list[str], totals: list[str], ends: pd.DataFrame, name: str) -> None:
    """Refuse a sheet whose own sums say something else than its dots: one of both was counted wrong."""
    dots = _dots(rows[columns], name)
    problems = []
    sums = dots.sum(axis=1)
    for total in totals:
        said = rows[total].map(_number)
        for place in rows.index[(sums != said) & (rows[total] != "")]:
            what = f"the dots of a line are {sums[place]:g}, its total says otherwise"
            problems.append(Problem(what, f"{name}, line {place + 2}", rows.loc[place, total]))
    whole = {**{column: dots[column].sum() for column in columns}, **dict.fromkeys(totals, sums.sum())}
    for place in ends.index:
        for column, own in whole.items():
            if ends.loc[place, column] != "" and _number(ends.loc[place, column]) != own:
                what = f"the dots of a column are {own:g}, its sum says otherwise"
                problems.append(Problem(what, f"{name}, line {place + 2}, {column}", ends.loc[place, column]))
    if problems:
        raise DataError(problems)


def _number(text: str) -> float:
    """Dots as a number: nothing is none of them, what is no whole number of them is no number."""
    text = text.strip().removesuffix(".0")
    return float(text) if re.fullmatch(r"\d+", text) else 0.0 if text in ("", "-", "–") else float("nan")


def _dots(counts: pd.DataFrame, name: str) -> pd.DataFrame:
    """The sheet's counts as numbers.

    Raises
    ------
    DataError
        One is none.
    """
    numbers: pd.DataFrame = counts.apply(lambda column: column.map(_number))
    problems = [
        Problem("dots are no whole number", f"{name}, line {place + 2}, {column or 'dots'}", counts.loc[place, column])
        for column in counts.columns
        for place in counts.index[numbers[column].isna()]
    ]
    if problems:
        raise DataError(problems)
    return numbers


def _tables(ids: pd.Series, texts: pd.Series, counts: pd.DataFrame, name: str) -> dict[str, pd.DataFrame]:
    numbers = _dots(counts, name)
    problems = []
    bare = texts.str.strip()
    problems += [
        Problem("a line with dots says nothing", f"{name}, line {place + 2}") for place in texts[bare == ""].index
    ]
    problems += [
        Problem("a statement stands twice", f"{name}, line {place + 2}", bare[place])
        for place in bare[bare.duplicated() & (bare != "")].index
    ]
    if problems:
        raise DataError(problems)
    count = numbers.sum().sum()
    if count * len(counts) > _LARGEST:
        raise DataError(
            "these are too many dots to be looked at one by one",
            where=name,
            value=f"{count:,.0f} dots on {len(counts):,} statements",
            expected=f"dots times statements at most {_LARGEST:,}",
            remedy="leave out statements with few dots, in a file of their own",
        )
    given = [
        pd.DataFrame({"statement": ids.str.strip().repeat(numbers[group].astype(int).tolist()), "group": str(group)})
        for group in counts.columns
    ]
    dots = pd.concat(given, ignore_index=True)
    place = (dots.groupby("group").cumcount() + 1).astype(str)
    dots["participant"] = dots["group"].replace("", "dot") + "-" + place
    return {
        "statements": pd.DataFrame({"id": ids.str.strip(), "kind": "goal", "text": bare}).reset_index(drop=True),
        "participants": dots[["participant", "group"]].set_axis(["id", "group"], axis=1),
        "votes": dots[["participant", "statement"]].assign(value="1"),
    }
