"""A ballot's answers as votes, and votes as answers: statements and goals, participants, and who voted how."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.codebook.readers.votes import (
    AGREES,
    DISAGREES,
    GOALS,
    GROUP,
    PASSES,
    STATEMENTS,
    WITHOUT,
    codebook_of_votes,
    item_codes,
)
from bildungsbedarf.errors import DataError
from bildungsbedarf.sources.kinds import AGREE, DISAGREE, GOAL, PASS, STATEMENT, Votes
from bildungsbedarf.study import BallotConfig


def votes_of_ballot(responses: pd.DataFrame, codebook: Codebook, ballot: BallotConfig, language: str) -> Votes:
    """The votes on a ballot's statements (1 agrees, −1 disagrees, 0 passes) and goals (dots).

    Participants stand in the order of the responses; who answered nothing has no votes.
    """
    statements, votes = [], []
    persons = responses["id"].astype("string")
    for question, kind in ((ballot.statements, STATEMENT), (ballot.points, GOAL)):
        if not question:
            continue
        labels = codebook[question].items(language)
        for column in codebook.columns_of(question):
            statements.append({"id": column.item, "kind": kind, "text": labels.get(column.item, column.item)})
            given = _positions(responses[column.name], ballot) if kind == STATEMENT else responses[column.name]
            own = pd.DataFrame({"participant": persons, "statement": column.item, "value": given.astype("Float64")})
            votes.append(own.dropna(subset=["value"]))
    group = responses[ballot.group].astype("string") if ballot.group else pd.Series("", index=responses.index)
    participants = pd.DataFrame({"id": persons, "group": group})
    table = (
        pd.concat(votes, ignore_index=True) if votes else pd.DataFrame(columns=["participant", "statement", "value"])
    )
    return Votes(pd.DataFrame(statements, columns=["id", "kind", "text"]), participants, table)


def with_codes(votes: Votes) -> Votes:
    """The votes with ids of statements and goals that can be codes of a questionnaire's items."""
    codes = item_codes(list(votes.statements["id"]))
    if all(one == code for one, code in codes.items()):
        return votes
    statements = votes.statements.assign(id=votes.statements["id"].map(codes))
    return Votes(statements, votes.participants, votes.votes.assign(statement=votes.votes["statement"].map(codes)))


def asked_by_votes(votes: Votes, name: str) -> Codebook:
    """The questionnaire that votes answer, whatever they came in by."""
    texts = {
        kind: dict(own[["id", "text"]].itertuples(index=False, name=None))
        for kind, own in votes.statements.groupby("kind", sort=False)
    }
    return codebook_of_votes(name, texts.get(STATEMENT, {}), texts.get(GOAL, {}), _groups(votes))


def answers_of_votes(votes: Votes, codebook: Codebook) -> pd.DataFrame:
    """Votes as an export of their questionnaire (``asked_by_votes``): all text, one row a participant.

    Everybody was asked everything and may have left out any of it; nobody broke off.
    """
    persons = votes.participants
    # ids of participants are any text, those of responses numbers: people are numbered as they stand
    made = {"id": np.arange(1, len(persons) + 1).astype(str), "submitdate": "", "lastpage": str(codebook.page_count)}
    table = pd.DataFrame({**made, "startlanguage": codebook.language, "startdate": ""}, index=persons.index)
    parts = [table]
    for question, kind, written in ((STATEMENTS, STATEMENT, _LETTERS), (GOALS, GOAL, None)):
        if question not in codebook:
            continue
        wide = votes.wide(kind).set_axis(persons.index)
        text = wide.apply(lambda values, words=written: values.map(words.get if words else _whole, na_action="ignore"))
        parts.append(text.astype("object").where(wide.notna(), "").set_axis(_headings(codebook, question), axis=1))
    if GROUP in codebook:
        parts.append(pd.DataFrame({GROUP: persons["group"].fillna("").replace("", WITHOUT)}, index=persons.index))
    # who is known to a platform and never voted did not take part
    voted = persons["id"].isin(votes.votes["participant"]).to_numpy()
    if not voted.any():
        raise DataError("nobody has voted yet", where="votes", value=f"{len(persons)} participants")
    return pd.concat(parts, axis=1).astype(str)[voted]


_LETTERS = {AGREE: AGREES, DISAGREE: DISAGREES, PASS: PASSES}


def _whole(dots: float) -> str:
    return f"{dots:g}"


def _headings(codebook: Codebook, question: str) -> list[str]:
    return [column.heading for column in codebook.columns_of(question)]


def _groups(votes: Votes) -> list[str]:
    """Names of the groups; none where all are of one."""
    given = votes.participants["group"].fillna("")
    named = sorted({group for group in given if group})
    return [*named, *([WITHOUT] if (given == "").any() else [])] if len(named) > 1 else []


def _positions(answers: pd.Series, ballot: BallotConfig) -> pd.Series:
    """Answers that are neither agreement nor disagreement pass on the statement."""
    known = {ballot.agree: AGREE, ballot.disagree: DISAGREE}
    return answers.astype("object").map(lambda code: known.get(code, PASS), na_action="ignore")
