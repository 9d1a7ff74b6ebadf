"""The export of a Polis conversation: ``comments.csv`` and ``votes.csv``, with its other files as a check.

Polis writes agreement as 1 in some exports and as −1 in others (its database's sign): the counts beside each comment
decide which, and where they cannot the export is refused. Who voted twice on a comment has the later vote. Comments
that moderation rejected (−1) are left out with their votes, as in Polis's own report. What does not add up between the
files is counted and told, not mended. Authors, times and external ids of participants do not come in.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from bildungsbedarf.errors import DataError, nearest
from bildungsbedarf.sources.files import Provenance, read_bytes, sha256_of_all
from bildungsbedarf.sources.tables import read_csv_text

_COMMENTS = ("comment-id", "agrees", "disagrees", "moderated", "comment-body")
_VOTES = ("timestamp", "comment-id", "voter-id", "vote")
_FILES = ("comments.csv", "votes.csv")
_CHECKS = ("participants-votes.csv", "summary.csv")
_REJECTED = "-1"


@dataclass(frozen=True)
class PolisExport:
    """A folder with the files of one export."""

    kind: str = "votes"

    def recognises(self, path: Path) -> bool:
        """Comments and votes lie there, by the names Polis gives them."""
        return path.is_dir() and all((path / name).is_file() for name in _FILES)

    def read(self, path: Path) -> tuple[dict[str, pd.DataFrame], Provenance]:
        """Statements, participants with the group Polis put them in, and votes: 1 agrees, 0 passes, −1 disagrees.

        Raises
        ------
        DataError
            A file cannot be read, lacks a column, holds a vote or time that is none, or nothing says which sign
            agreement has.
        """
        contents = {name: read_bytes(path / name) for name in (*_FILES, *_CHECKS) if (path / name).is_file()}
        comments = _table(contents["comments.csv"], f"{path.name}/comments.csv", _COMMENTS)
        votes = _votes(_table(contents["votes.csv"], f"{path.name}/votes.csv", _VOTES), f"{path.name}/votes.csv")
        last = votes.drop_duplicates(["comment-id", "voter-id"], keep="last")
        told_counts = comments.set_index("comment-id")[["agrees", "disagrees"]].apply(pd.to_numeric, errors="coerce")
        sign = _sign(told_counts, last, path.name)
        rejected = set(comments.loc[comments["moderated"] == _REJECTED, "comment-id"])
        kept = last[~last["comment-id"].isin(rejected)]
        groups, group_notes = _groups(contents, path.name, last)
        notes = [
            f"{len(votes) - len(last)} votes that their voters changed later",
            f"{len(rejected)} comments that moderation rejected, with {len(last) - len(kept)} votes",
            *_differing(told_counts, _numbers(last, sign)),
            *group_notes,
            *_summary(contents, path.name, comments, last),
        ]
        tables = {
            "statements": pd.DataFrame(
                {
                    "id": comments["comment-id"],
                    "kind": "statement",
                    "text": comments["comment-body"],
                }
            )[~comments["comment-id"].isin(rejected)].reset_index(drop=True),
            "participants": groups,
            "votes": pd.DataFrame(
                {
                    "participant": kept["voter-id"],
                    "statement": kept["comment-id"],
                    "value": (sign * kept["vote"]).astype("int64").astype("str"),
                }
            ).reset_index(drop=True),
        }
        rows = sum(len(table) for table in tables.values())
        told = tuple(note for note in notes if not note.startswith("0 "))
        return tables, Provenance(path.name, sha256_of_all(contents), "polis votes", rows, told)


def _table(content: bytes, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
    table = read_csv_text(content, name)
    for column in columns:
        if column not in table.columns:
            raise DataError(
                "a column of a Polis export is missing",
                where=name,
                value=column,
                expected=nearest(column, map(str, table.columns)),
            )
    return table[list(columns)]


def _votes(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Votes by time, as numbers."""
    found = table.assign(**{column: pd.to_numeric(table[column], errors="coerce") for column in ("timestamp", "vote")})
    for column, fitting in (("vote", found["vote"].isin([-1, 0, 1])), ("timestamp", found["timestamp"].notna())):
        if not fitting.all():
            line = int((~fitting).to_numpy().argmax()) + 2
            expected = "1, 0 or -1" if column == "vote" else "milliseconds"
            raise DataError(
                f"a {column} is none",
                where=f"{name}, line {line}",
                value=table.loc[~fitting, column].iloc[0],
                expected=expected,
            )
    return found.sort_values("timestamp", kind="stable")


def _numbers(votes: pd.DataFrame, sign: int) -> pd.DataFrame:
    """Agreements and disagreements of each comment, counted from the votes."""
    counted = votes.assign(agrees=votes["vote"] == sign, disagrees=votes["vote"] == -sign)
    return counted.groupby("comment-id")[["agrees", "disagrees"]].sum()


def _sign(told: pd.DataFrame, votes: pd.DataFrame, name: str) -> int:
    """1 or −1: which vote agrees, by what Polis counted for each comment."""
    apart = {
        sign: float((told - _numbers(votes, sign).reindex(told.index).fillna(0)).abs().to_numpy().sum())
        for sign in (1, -1)
    }
    if apart[1] == apart[-1]:
        raise DataError(
            "nothing says whether 1 or -1 agrees",
            where=f"{name}/comments.csv, columns agrees and disagrees",
            expected="counts that fit the votes one way better than the other",
            remedy="write statements.csv, participants.csv and votes.csv (docs/data.md)",
        )
    return min(apart, key=lambda sign: apart[sign])


def _differing(told: pd.DataFrame, counts: pd.DataFrame) -> list[str]:
    other = (told != counts.reindex(told.index).fillna(0)).any(axis=1)
    return [f"{int(other.sum())} comments whose counts in comments.csv are not those of their votes"]


def _groups(contents: dict[str, bytes], folder: str, votes: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Participants with the group of opinion Polis put them in, where the export says it."""
    voters = pd.Index(votes["voter-id"].unique())
    name = "participants-votes.csv"
    if name not in contents:
        return pd.DataFrame({"id": voters, "group": ""}), []
    table = _table(contents[name], f"{folder}/{name}", ("participant", "group-id", "n-votes")).set_index("participant")
    own = votes["voter-id"].value_counts().reindex(table.index).fillna(0)
    apart = int((pd.to_numeric(table["n-votes"], errors="coerce") != own).sum())
    lacking = voters.difference(table.index)
    notes = [
        f"{apart} participants whose number of votes in {name} is not that of votes.csv",
        f"{len(lacking)} voters whom {name} does not have",
    ]
    people = table.index.union(voters, sort=False)
    groups = table["group-id"].reindex(people).fillna("")
    return pd.DataFrame({"id": people, "group": groups.to_numpy()}), notes


def _summary(contents: dict[str, bytes], folder: str, comments: pd.DataFrame, votes: pd.DataFrame) -> list[str]:
    """Totals of summary.csv that are not those of the other files."""
    if "summary.csv" not in contents:
        return []
    counted = {"comments": len(comments), "voters": votes["voter-id"].nunique()}
    notes = []
    for line in contents["summary.csv"].decode("utf-8-sig", errors="replace").splitlines():
        key, _, value = line.partition(",")
        if key in counted and value.strip().isdecimal() and int(value) != counted[key]:
            notes.append(f"summary.csv says {value.strip()} {key}, the other files hold {counted[key]}")
    return notes
