"""What several audiences were asked about one concept, and how far their questions are the same."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bildungsbedarf.codebook import Codebook, Column
from bildungsbedarf.codebook.compare import item_differences
from bildungsbedarf.errors import Problem, nearest
from bildungsbedarf.wave.wave import Wave

COLUMNS = (
    "concept",
    "wave",
    "audience",
    "sampling",
    "variable",
    "question",
    "wording",
    "scale",
    "compared_with",
    "state",
)


def concept_table(waves: Sequence[Wave]) -> pd.DataFrame:
    """Every question asked about a concept, in all waves and audiences that answered a questionnaire.

    Returns
    -------
    ``COLUMNS``, one row a column of answers. ``compared_with`` is the first column of the concept with the same
    role in the analysis: under the same question code where there is one; ``state`` is ``first``, ``same``, or
    all that differs from it, joined by ", ": ``type``, ``wording``, ``scale``, ``filter``, and ``sampling``
    where one sample is drawn and the other is not. Only rows that are ``same`` may be put into one number.
    """
    rows: list[dict[str, str]] = []
    first: dict[tuple[str, str], tuple[Wave, Column]] = {}
    for wave in (one for one in waves if one.has_codebook):
        for name, concept in wave.files.config.concept.items():
            for item in concept.items.get(wave.audience, []):
                for column in columns_of_item(wave.codebook, item):
                    other, before = first.setdefault((name, column.question), (wave, column))
                    state = "first" if before is column and other is wave else _state(other, before, wave, column)
                    question = wave.codebook[column.question]
                    own = question.items(wave.language).get(column.item, "")
                    scale = "; ".join(question.labels(wave.language, column.scale).values()) or question.type.name
                    place = f"{other.name}/{other.audience}: {before.name}" if state != "first" else ""
                    values = (name, wave.name, wave.audience, wave.config.sampling, column.name)
                    rest = (question.text(wave.language), own, scale, place, state)
                    rows.append(dict(zip(COLUMNS, (*values, *rest), strict=True)))
    return pd.DataFrame(rows, columns=list(COLUMNS), dtype="str")


def columns_of_item(book: Codebook, item: str) -> list[Column]:
    """Columns of answers to an item, or to a question of that code; nothing where a ranking merely lists it."""
    return [column for column in book.columns if column.role == "answer" and item in (column.item, column.question)]


def concept_problems(wave: Wave) -> list[Problem]:
    """Items of concepts that this audience was not asked about."""
    known = {column.item for column in wave.codebook.columns} | {q.code for q in wave.codebook.questions}
    known |= {code for q in wave.codebook.questions if q.type.axes == "ranking" for code in q.items("de")}
    return [
        Problem(
            "concept names an item that was not asked about",
            f"study.toml, concept.{name}.items.{wave.audience}",
            item,
            nearest(item, sorted(known)),
        )
        for name, concept in wave.files.config.concept.items()
        for item in concept.items.get(wave.audience, [])
        if item not in known
    ]


def _state(first: Wave, before: Column, wave: Wave, column: Column) -> str:
    found = item_differences(first.codebook, before, wave.codebook, column)
    if first.allows_inference != wave.allows_inference:
        found.append("sampling")
    return ", ".join(found) or "same"
