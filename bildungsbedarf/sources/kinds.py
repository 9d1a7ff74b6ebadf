"""The three kinds of data an audience may have, and the door each comes in by.

*Responses* answer a questionnaire, one row a person. *Votes* are statements, participants and who voted how on what:
a conference's ballot, a poster, a platform. *Records* describe things, not persons: offers, actors, indicators. A
``Reader`` turns what people have into the tables of a kind; ``check_tables`` says all that is wrong with them, whoever
read them. A new format is a new reader in ``READERS``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DataError, Problem, nearest
from bildungsbedarf.sources.counted import CountedVotes
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256_of_all
from bildungsbedarf.sources.offers import OfferFiles
from bildungsbedarf.sources.polis import PolisExport
from bildungsbedarf.sources.tables import read_csv_text

Kind = Literal["responses", "votes", "records"]
Tables = dict[str, pd.DataFrame]
AGREE, PASS, DISAGREE = 1.0, 0.0, -1.0
STATEMENT, GOAL = "statement", "goal"
"""Kinds of what is voted on: a statement (agree, pass, disagree), a goal (dots)."""
COLUMNS: dict[Kind, dict[str, tuple[str, ...]]] = {
    "responses": {"responses": ("id",)},
    "votes": {
        "statements": ("id", "kind", "text"),
        "participants": ("id", "group"),
        "votes": ("participant", "statement", "value"),
    },
    "records": {"records": ("id",)},
}
"""Tables of each kind with the columns they cannot do without; all are text when they come in.

Votes keep these columns only: whatever else a platform knows of its participants is left out. Records keep all.
"""


class Reader(Protocol):
    """How one format comes in."""

    @property
    def kind(self) -> str:
        """What it holds."""

    def recognises(self, path: Path) -> bool:
        """Whether the file or folder is of this format."""

    def read(self, path: Path) -> tuple[Tables, Provenance]:
        """The tables as text, unchecked, and where they came from."""


@dataclass(frozen=True)
class TidyFolder:
    """A folder with one CSV a table, named after it: what any platform or spreadsheet can be turned into."""

    kind: Kind

    def recognises(self, path: Path) -> bool:
        """All tables of the kind lie there."""
        return path.is_dir() and all((path / f"{name}.csv").is_file() for name in COLUMNS[self.kind])

    def read(self, path: Path) -> tuple[Tables, Provenance]:
        """Every table of the kind.

        Raises
        ------
        DataError
            A file cannot be read, or is no table.
        """
        contents = {name: read_bytes(path / f"{name}.csv") for name in COLUMNS[self.kind]}
        tables = {name: read_csv_text(content, f"{path.name}/{name}.csv") for name, content in contents.items()}
        rows = sum(len(table) for table in tables.values())
        extra = [
            f"{name}.{column}"
            for name, table in tables.items()
            for column in table.columns
            if self.kind == "votes" and column not in COLUMNS[self.kind][name]
        ]
        return tables, Provenance(path.name, sha256_of_all(contents), f"tidy {self.kind}", rows, tuple(extra))


READERS: tuple[Reader, ...] = (TidyFolder("votes"), TidyFolder("records"), PolisExport(), CountedVotes())


def read_kind(path: Path, kind: Kind, columns: Mapping[str, str] | None = None) -> tuple[Tables, Provenance]:
    """The checked tables of a kind from whatever reader knows the file.

    ``columns`` are our names → headings of a table of offers.

    Raises
    ------
    DataError
        No reader knows it, or its tables cannot be used: every problem at once.
    """
    if kind not in COLUMNS:
        raise DataError("unknown kind of data", where=path.name, value=kind, expected=", ".join(COLUMNS))
    known: tuple[Reader, ...] = (*READERS, OfferFiles(columns or {}))
    fitting = [reader for reader in known if reader.kind == kind]
    for reader in fitting:
        if reader.recognises(path):
            tables, provenance = reader.read(path)
            return check_tables(kind, tables, path.name), provenance
    files = " and ".join(f"{name}.csv" for name in COLUMNS[kind])
    others = {
        "votes": ", a Polis export (comments.csv and votes.csv), or a sheet of counted dots (.csv, .xlsx)",
        "records": ", or offers: tables (.csv, .xlsx), JSON-LD, calendars (.ics), open-Qcat (.xml)",
    }
    expected = f"a folder with {files}{others.get(kind, '')}"
    raise DataError(f"no reader of {kind} knows this", where=path.name, expected=expected)


def check_tables(kind: Kind, tables: Mapping[str, pd.DataFrame], name: str) -> Tables:
    """The tables of a kind with the columns it keeps, or everything that is wrong with them.

    Raises
    ------
    DataError
        Tables or columns that are missing, ids that are empty or stand twice, nothing to vote on or to record, votes
        on unknown statements or by unknown participants, twice by one participant on one statement, or that are no
        numbers: on statements 1, 0 or −1, dots whole and not negative. A ballot nobody has voted on yet is fine.
    """
    problems: list[Problem] = []
    tables = {table: _named(frame, COLUMNS[kind].get(table, ())) for table, frame in tables.items()}
    for table, columns in COLUMNS[kind].items():
        if table not in tables:
            problems.append(Problem(f"{kind} lack the table {table!r}", name))
            continue
        found = list(map(str, tables[table].columns))
        problems += [
            Problem(f"table {table!r} lacks a column", name, column, nearest(column, found))
            for column in columns
            if column not in found
        ]
    if problems:
        raise DataError(problems)
    for table, columns in COLUMNS[kind].items():
        if "id" in columns:
            problems += _id_problems(tables[table]["id"], f"{name}, {table}")
    first = "statements" if kind == "votes" else kind
    if tables[first].empty:
        problems.append(Problem(f"there are no {first}", name, expected="at least one row"))
    if kind != "votes":
        if problems:
            raise DataError(problems)
        return dict(tables)
    kept = {table: tables[table][list(columns)] for table, columns in COLUMNS[kind].items()}
    kept["votes"] = kept["votes"].assign(value=kept["votes"]["value"].map(_plain_number))
    kept["statements"] = kept["statements"].assign(kind=kept["statements"]["kind"].str.casefold())
    if problems := [*problems, *_vote_problems(kept, name)]:
        raise DataError(problems)
    return kept


def _named(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The table as text, its known columns under their own names however their heads are capitalised."""
    heads = {str(name).strip().casefold(): name for name in table.columns}
    known = {heads[column]: column for column in columns if column in heads and column not in table.columns}
    return table.rename(columns=known).astype("str")


def _plain_number(text: str) -> str:
    """A decimal comma and the minus signs that spreadsheets make of a hyphen, as computers write them."""
    text = text.strip().replace(",", ".")
    return f"-{text[1:]}" if text[:1] in ("\N{MINUS SIGN}", "\N{EN DASH}") else text


def _id_problems(ids: pd.Series, where: str) -> list[Problem]:
    problems = []
    if (empty := int((ids == "").sum())) > 0:
        problems.append(Problem("rows without an id", where, f"{empty} rows"))
    if (mails := ids.str.contains("@", regex=False)).any():
        # not told: it is somebody's
        row = int(np.flatnonzero(mails)[0]) + 2
        problems.append(Problem("an id is an e-mail address", f"{where}, line {row}", expected="a number or a code"))
    if (double := ids[ids.duplicated() & (ids != "")]).size:
        problems.append(Problem("an id stands twice", where, double.iloc[0]))
    return problems


def _vote_problems(tables: Mapping[str, pd.DataFrame], name: str) -> list[Problem]:
    votes, problems = tables["votes"], [*_values_problems(tables, name)]
    for column, table in (("participant", "participants"), ("statement", "statements")):
        known = tables[table]["id"]
        unknown = votes.loc[~votes[column].isin(known), column]
        if unknown.size:
            first = "an e-mail address" if "@" in unknown.iloc[0] else unknown.iloc[0]
            text = "" if "@" in unknown.iloc[0] else nearest(first, known)
            problems.append(Problem(f"votes name {unknown.nunique()} unknown {table}", name, first, text))
    twice = votes[votes.duplicated(["participant", "statement"])]
    if len(twice):
        pair = f"{twice['participant'].iloc[0]} on {twice['statement'].iloc[0]}"
        problems.append(Problem("a participant voted twice on one statement", name, pair))
    groups = tables["participants"]["group"]
    if (mails := groups.str.contains("@", regex=False)).any():
        row = int(np.flatnonzero(mails)[0]) + 2
        problems.append(Problem("a group is an e-mail address", f"{name}, participants, line {row}"))
    return problems


def _values_problems(tables: Mapping[str, pd.DataFrame], name: str) -> list[Problem]:
    votes, problems = tables["votes"], []
    values = pd.to_numeric(votes["value"], errors="coerce").astype("float64")
    if not (is_number := np.isfinite(values)).all():
        problems.append(Problem("a vote is no number", name, votes.loc[~is_number, "value"].iloc[0]))
    thousands = votes.loc[votes["value"].str.fullmatch(r"-?[1-9]\d{0,2}(\.\d{3})+"), "value"]
    if thousands.size:
        text = "without a sign for thousands, and with no more decimals than there are"
        problems.append(Problem("a number that can be read in two ways", name, thousands.iloc[0], text))
    kinds = votes["statement"].map(dict(zip(tables["statements"]["id"], tables["statements"]["kind"], strict=True)))
    odd = votes[(kinds == STATEMENT) & is_number & ~values.isin([AGREE, PASS, DISAGREE])]
    if len(odd):
        problems.append(Problem("a vote on a statement is neither 1, 0 nor −1", name, odd["value"].iloc[0]))
    for what, wrong in (("are negative", values < 0), ("are no whole number", values % 1 != 0)):
        if (odd_dots := votes.loc[(kinds == GOAL) & is_number & wrong, "value"]).size:
            problems.append(Problem(f"dots {what}", name, odd_dots.iloc[0]))
    other = sorted(set(tables["statements"]["kind"]) - {STATEMENT, GOAL})
    if other:
        problems.append(Problem("what is voted on is of an unknown kind", name, other[0], f"{STATEMENT} or {GOAL}"))
    return problems


@dataclass(frozen=True)
class Votes:
    """Who voted how on what: ``statements`` (id, kind, text), ``participants`` (id, group), ``votes``."""

    statements: pd.DataFrame
    participants: pd.DataFrame
    votes: pd.DataFrame

    def wide(self, kind: str) -> pd.DataFrame:
        """Participants × statements of one kind, in their order; missing where somebody did not vote."""
        items = self.statements.loc[self.statements["kind"] == kind, "id"]
        own = self.votes[self.votes["statement"].isin(items)]
        table = own.pivot(index="participant", columns="statement", values="value")
        return table.reindex(index=self.participants["id"], columns=items).astype("Float64")


def votes_of(tables: Tables) -> Votes:
    """Checked tables as votes, values as numbers."""
    votes = tables["votes"].assign(value=pd.to_numeric(tables["votes"]["value"]).astype("Float64"))
    return Votes(tables["statements"], tables["participants"], votes)
