"""What the statistics of ``bb.estimate`` are called in tables, and what has to be said beside their numbers."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from bildungsbedarf.disclosure import Released
from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings import DECLARED
from bildungsbedarf.language import translate
from bildungsbedarf.needs.groups.equity import REST
from bildungsbedarf.show.tables.cells import base_range, is_without_spread
from bildungsbedarf.show.tables.domains import part_words
from bildungsbedarf.show.tables.labels import asked_columns, subject_of
from bildungsbedarf.show.tables.readings import modelled, reading_notes, scale_lines
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.cited import read_source

KINDS = {"difference": "Difference", "change": "Change", "modelled": "Modelled"}
"""Kinds of estimates that head their columns, whatever is measured."""
_STATISTICS = {"mean": "Mean", "variance": "Variance", "ratio": "Ratio"}
_UNITS = {"share": "Share", "mean": "Mean", "total": "Total", "number": "Value"}
_PERCENT = {
    "row": "Shares of the persons of each row.",
    "column": "Shares of the persons of each column.",
    "total": "Shares of all persons of the table.",
}
_SHARES_OF = {"row": "shares within each row", "total": "shares of the whole table"}
"""Crosstabs of other shares than those of each column, which need no word."""
_DIFFERENCES = {"mean": "difference of means", "total": "difference of totals", "variance": "difference of variances"}


def statistic_of(facts: Facts) -> str:
    """What a column of these estimates is called, in English."""
    # the mean of a condition is a share
    statistic = "" if facts.unit == "share" else _STATISTICS.get(facts.measure, "")
    return KINDS.get(facts.kind) or statistic or _UNITS[facts.unit]


def is_of_two(released: Released) -> bool:
    """Whether its persons are those of two waves or samples, added."""
    return released.facts.kind == "change" or "sides" in released.facts.details


def plain_title(released: Released, wave: Wave, *, is_alone: bool = True) -> str:
    """The variables' titles, and the statistic where no column is headed by it: where there is one frame only."""
    facts, language = released.facts, wave.language
    title = "; ".join(_subjects(released, wave))
    told = _SHARES_OF.get(str(facts.details.get("percent")), "")
    if facts.unit != "share":
        told = _DIFFERENCES.get(str(facts.details.get("statistic")), "")
    if not told and is_alone and facts.by and facts.unit not in ("share", "mixed") and facts.kind == "level":
        told = statistic_of(facts)
    return by_groups(f"{title} – {translate(told, language)}" if told else title, facts, wave)


def by_groups(subject: str, facts: Facts, wave: Wave) -> str:
    """A title, and by what its numbers are split."""
    if not facts.by:
        return subject
    groups = " · ".join(wave.title(name) for name in facts.by)
    text = (
        "{subject} – by group: {groups}" if subject.endswith(("?", "!", "…", ".")) else "{subject}, by group: {groups}"
    )
    return translate(text, wave.language, subject=subject, groups=groups)


def _subjects(released: Released, wave: Wave) -> list[str]:
    """What the estimates are of: questions by their wording, one item of them with it, any other variable as called."""
    names = list(dict.fromkeys(map(str, released.frame["variable"])))
    items = {
        name: column.question
        for name, column in asked_columns(names, wave).items()
        if column.item and wave.codebook[column.question].type.axes != "ranking"
    }
    told = []
    for name in names:
        if name not in items:
            told.append(subject_of(name, wave))
            continue
        question = wave.codebook[items[name]].text(wave.language)
        alone = list(items.values()).count(items[name]) == 1
        told.append(f"{question} – {subject_of(name, wave)}" if alone else question)
    return list(dict.fromkeys(told))


def statistic_notes(parts: Mapping[str, Released], wave: Wave) -> list[str]:
    """Of whom a crosstab's shares are, which side of a difference is taken off, and which numbers have no interval.

    ``parts`` are headed by what their columns are; what is said of some of them only begins with their heads.
    """
    language = wave.language
    of: dict[str, list[str]] = {}
    for head, part in parts.items():
        for text in _part_notes(part, wave):
            of.setdefault(text, []).append(head)
    notes = [text if len(heads) == len(parts) else f"{'; '.join(heads)}: {text}" for text, heads in of.items()]
    if len(parts) == 1 and any(part.facts.details.get("weighted") is False for part in parts.values()):
        notes.append(translate("Not weighted: shares of those who answered.", language))
    if any(is_fixed(part).any() for part in parts.values()):
        text = "Without an interval: numbers that cannot vary in this survey, as the weights are fitted to them."
        notes.append(translate(text, language))
    return notes


def _part_notes(part: Released, wave: Wave) -> list[str]:
    """What has to be said of the numbers of one frame."""
    language, details = wave.language, part.facts.details
    notes = []
    if "percent" in details:
        notes.append(translate(_PERCENT[str(details["percent"])], language))
    if sides := details.get("sides"):
        one, other = _apart(*sides, wave=wave)
        notes.append(translate("Difference: {one} minus {other}.", language, one=one, other=other))
    elif part.facts.kind == "change":
        notes.append(translate("Change: later minus earlier wave.", language))
    if part.facts.unit == "share" and part.facts.kind in ("difference", "effect"):
        is_of_others = {"share", "other"} <= set(part.frame.columns)
        text = "Differences from all others, in percentage points." if is_of_others else _IN_POINTS
        if other := reference_of(part.facts, wave):
            text = "Differences from “{group}”, in percentage points."
        notes.append(translate(text, language, group=other))
    notes += reading_notes(part.facts, wave)
    if part.facts.kind == "modelled":
        notes.append(modelled(part, language))
    if part.facts.measure not in DECLARED and part.facts.kind == "level":
        notes += _question_notes(part, wave)
    return [*notes, *_model_notes(part.facts, wave)]


def reference_of(facts: Facts, wave: Wave) -> str:
    """What the category is called that groups are held against; nothing where it is all others."""
    reference = str(facts.details.get("reference", REST))
    return "" if reference == REST or not facts.by else wave.labels(facts.by[0]).get(reference, reference)


def _question_notes(part: Released, wave: Wave) -> list[str]:
    """Of whom a question was asked that not all were asked, and from where to where its scale goes."""
    names = list(dict.fromkeys(map(str, part.frame["variable"])))
    asked = asked_columns(names, wave)
    own = [asked[name] for name in names if name in asked]
    notes = []
    for code in dict.fromkeys(column.question for column in own):
        question = wave.codebook[code]
        if not {question.relevance, question.group_relevance} <= {"", "1"}:
            text = "Not everybody was asked: “{question}”; the numbers are of those who were and answered."
            notes.append(translate(text, wave.language, question=question.text(wave.language)))
    scales = scale_lines(own, wave) if part.facts.unit == "mean" else []
    return [*dict.fromkeys(notes), *scales]


def _model_notes(facts: Facts, wave: Wave) -> list[str]:
    """Which order an index of inequality follows, and beside what a difference is adjusted."""
    language = wave.language
    if order := facts.details.get("order"):
        labels = wave.labels(str(facts.details["group"]))
        named = {
            "group": wave.title(str(facts.details["group"])),
            "first": labels.get(str(order[0]), str(order[0])),
            "last": labels.get(str(order[-1]), str(order[-1])),
        }
        return [translate(_ORDER, language, **named)]
    if against := facts.details.get("against"):
        group, base = map(str, against)
        controls = ", ".join(wave.title(str(name)) for name in facts.details.get("controls", ()))
        told = translate(_BESIDE, language, base=wave.labels(group).get(base, base))
        return [told, *([translate("Held equal: {controls}.", language, controls=controls)] if controls else [])]
    return []


_IN_POINTS = "Differences in percentage points."
_ORDER = (
    "{group}, from “{first}” to “{last}”: SII is the share at the end of this order minus the share at its beginning, "
    "RII the one divided by the other."
)
_BESIDE = "Average difference of the probabilities from “{base}”, from a logistic regression."


def _apart(one: Mapping[str, str], other: Mapping[str, str], *, wave: Wave) -> tuple[str, str]:
    """Both sides of a difference in words: wave, condition and other rules, as far as they tell them apart."""
    told = [_pieces(side, wave) for side in (one, other)]
    differ = [place for place, pair in enumerate(zip(*told, strict=True)) if pair[0] != pair[1]]
    chosen = differ or range(len(told[0]))
    first, second = (", ".join(side[place] for place in chosen if side[place]) or "–" for side in told)
    return first, second


def _pieces(side: Mapping[str, str], wave: Wave) -> tuple[str, str, str]:
    source = read_source(side["source"])
    other = ", ".join(otherwise(one, wave.language) for one in source.other)
    return source.called, part_words(side["part"], wave), other


def otherwise(deviation: str, language: str) -> str:
    """What differs from study.toml, in words; arguments are named as they were given."""
    return translate(_OTHER[deviation], language) if deviation in _OTHER else deviation


_OTHER = {one: one for one in ("own selection", "other quality", "other weighting")} | {
    "other variables_added": "own variables"
}
"""Deviations that have words."""


def is_fixed(released: Released) -> pd.Series:
    """Rows of a sample whose number has no spread: what weights were fitted to, or what the design fixes."""
    facts, rows = released.facts, released.rows()
    if not facts.carries_inference or facts.is_census or facts.kind != "level":
        return pd.Series(data=False, index=rows.index)
    numbers = (rows[name].astype(float) for name in ("estimate", "se", *facts.ends))
    fixed: pd.Series = is_without_spread(*numbers)
    return fixed


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
    if released.facts.details.get("against"):
        # each number is of all who are in its model, not of the group that heads it
        told = base_range(released.frame["n"], language) or "–"
        return [translate("Persons in the model: {base}.", language, base=told)]
    bases = [f"{heading}: {base_range(rows['n'], language) or '–'}" for heading, (_, rows) in columns.items()]
    text = "Dots by group: {bases}." if wave.counts_dots else "Persons by group: {bases}."
    if is_of_two(released):
        text = "Persons by group, both sides together: {bases}."
    return [translate(text, language, bases="; ".join(bases))]
