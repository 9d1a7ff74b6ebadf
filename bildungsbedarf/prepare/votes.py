"""A ballot's answers as votes: statements and goals, participants with their group, and who voted how."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf.codebook import Codebook
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


def _positions(answers: pd.Series, ballot: BallotConfig) -> pd.Series:
    """Answers that are neither agreement nor disagreement pass on the statement."""
    known = {ballot.agree: AGREE, ballot.disagree: DISAGREE}
    return answers.astype("object").map(lambda code: known.get(code, PASS), na_action="ignore")
