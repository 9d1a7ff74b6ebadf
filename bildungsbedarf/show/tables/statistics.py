"""What the statistics of ``bb.estimate`` are called in tables, and what has to be said beside their numbers."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bildungsbedarf.disclosure import Released
from bildungsbedarf.estimates import Facts
from bildungsbedarf.language import translate
from bildungsbedarf.show.tables.cells import base_range, is_exact
from bildungsbedarf.show.tables.labels import subject_of
from bildungsbedarf.wave import Wave

_KINDS = {"difference": "Difference", "change": "Change", "modelled": "Modelled"}
_STATISTICS = {"variance": "Variance", "ratio": "Ratio"}
_UNITS = {"share": "Share", "mean": "Mean", "total": "Total", "number": "Value"}
_PERCENT = {
    "row": "Shares of the persons of each row.",
    "column": "Shares of the persons of each column.",
    "total": "Shares of all persons of the table.",
}
_DIFFERENCES = {"mean": "difference of means", "total": "difference of totals", "variance": "difference of variances"}


def statistic_of(facts: Facts) -> str:
    """What a column of these estimates is called, in English."""
    plain = "Mean" if facts.measure == "mean" else _UNITS[facts.unit]
    return _KINDS.get(facts.kind, _STATISTICS.get(facts.measure, plain))


def plain_title(released: Released, wave: Wave) -> str:
    """The variables' titles, and the statistic where no column is headed by it."""
    facts, language = released.facts, wave.language
    title = ", ".join(dict.fromkeys(subject_of(str(name), wave) for name in released.frame["variable"]))
    told = _DIFFERENCES.get(str(facts.details.get("statistic")), "")
    if not told and facts.by and facts.unit not in ("share", "mixed") and facts.kind == "level":
        told = statistic_of(facts)
    return f"{title} – {translate(told, language)}" if told else title


def statistic_notes(parts: Sequence[Released], wave: Wave) -> list[str]:
    """Of whom a crosstab's shares are, which side of a difference is taken off, and which numbers have no interval."""
    language = wave.language
    texts = [_PERCENT[str(part.facts.details["percent"])] for part in parts if "percent" in part.facts.details]
    notes = [translate(text, language) for text in dict.fromkeys(texts)]
    for sides in dict.fromkeys(tuple(part.facts.details.get("sides", ())) for part in parts):
        if sides:
            one, other = (_side(str(side)) for side in sides)
            notes.append(translate("Difference: {one} minus {other}.", language, one=one, other=other))
    if any(_has_exact(part) for part in parts):
        text = "Without an interval: what the weights were fitted to, or what is the same for all."
        notes.append(translate(text, language))
    return notes


def _side(source: str) -> str:
    """A condition as it is; of a source the wave and whom it asked."""
    words = source.split(", ")[0].split()
    return " ".join(words[1:3]) if len(words) == len(("study", "wave", "audience", "snapshot")) else source


def _has_exact(released: Released) -> bool:
    facts, rows = released.facts, released.rows()
    if not facts.carries_inference or facts.is_census:
        return False
    return any(is_exact(*pair) for pair in rows[list(facts.ends)].itertuples(index=False))


def base_notes(columns: dict[str, tuple[Released, pd.DataFrame]], wave: Wave) -> list[str]:
    """The persons behind a table that is split by groups: of each group, of each row, or of all."""
    language = wave.language
    released = next(iter(columns.values()))[0]
    percent = released.facts.details.get("percent")
    if percent == "total":
        return [translate("Persons: {base}.", language, base=base_range(released.frame["n"], language) or "–")]
    if percent == "row":
        frame = released.frame
        labels = wave.labels(str(frame["variable"].iloc[0]))
        bases = [
            f"{labels.get(str(name), str(name))}: {base_range(rows['n'], language) or '–'}"
            for name, rows in frame.groupby("category", sort=False)
        ]
        return [translate("Persons by row: {bases}.", language, bases="; ".join(bases))]
    bases = [f"{heading}: {base_range(rows['n'], language) or '–'}" for heading, (_, rows) in columns.items()]
    return [translate("Persons by group: {bases}.", language, bases="; ".join(bases))]
