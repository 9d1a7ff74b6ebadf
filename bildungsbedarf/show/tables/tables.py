"""Tables for readers: real HTML with caption, header scopes, base, source and a legend of what is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import CHOSEN_ROWS, Facts
from bildungsbedarf.findings import DECLARED, item_labels, measure_of
from bildungsbedarf.findings.wording import named
from bildungsbedarf.language import number, translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.saving import Content
from bildungsbedarf.show.tables.cells import Cell, Legend, base_range, cell
from bildungsbedarf.show.tables.labels import require_change, require_released, row_keys, row_labels
from bildungsbedarf.show.tables.statistics import base_notes, is_fixed, plain_title, statistic_notes, statistic_of
from bildungsbedarf.store import RESPONSES
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.deviations import deviations

_LONG_LIST = 25
_LEAST_SHARE = 0.005
_WIDE = 3
"""Columns beside the first from which a phone shows one card a row."""
"""Rows of a long list are shown from this share on."""
EXAMPLE = "Example data, made up."
"""What the pages of a study say whose data nobody gave."""


@dataclass(frozen=True)
class Row:
    """One line of a table."""

    label: str
    cells: list[Cell]


def table(
    released: Released | Sequence[Released] | Mapping[str, Released],
    wave: Wave,
    *,
    title: str = "",
    order: str = "",
    note: str = "",
    earlier: Wave | None = None,
) -> Block:
    """Items in rows; measures in columns, or the groups of one measure.

    Parameters
    ----------
    released
        One released frame (its groups become columns), several (one column each), or heading → released frame.
    wave
        One audience in one wave.
    title
        Default: what the first measure is called.
    order
        Heading of the column to sort by, or its measure's key, largest first; default: the questionnaire's order.
    note
        A further line under the table.
    earlier
        The earlier wave, where the estimates are changes: both are cited.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Raises
    ------
    DisclosureError
        Something that has not passed the gate.
    ConfigError
        Changes between waves without the earlier wave.

    Examples
    --------
    >>> show.table(disclosure.release(needs.unmet(wave)), wave).payload["title"]
    'Ungedeckter Bedarf nach Bereich'
    """
    language = wave.language
    legend = Legend(language)
    columns = _columns(released, wave)
    first = next(iter(columns.values()))[0]
    if (first.facts.kind == "change") != (earlier is not None):
        raise ConfigError(
            "a change is between two waves, and nothing else is",
            value=first.facts.kind,
            remedy="show.table(released, later, earlier=…) for a trend; show.change_table has both levels too",
        )
    if earlier is not None:
        require_change(first, earlier, wave)
    is_alone = isinstance(released, Released)
    title = with_part(title or title_of(first, wave, is_alone=is_alone), [part for part, _ in columns.values()], wave)
    order = next((heading for heading, (part, _) in columns.items() if part.facts.measure == order), order)
    labels = row_labels(first, wave)
    bodies = {heading: _cells(part, rows, legend, labels) for heading, (part, rows) in columns.items()}
    keys = list(labels)
    if order:
        part, rows = columns[order]
        points = dict(zip(_keys(part, rows), rows["estimate"], strict=True))
        keys.sort(key=lambda key: -points[key] if pd.notna(points.get(key)) else float("inf"))
    is_split = isinstance(released, Released) and bool(first.facts.by)
    keys, folded = _folded(columns, keys)
    lines = [
        Row(
            labels[key], [*(bodies[heading][key] for heading in columns), *_base_cell(columns, key, language, is_split)]
        )
        for key in keys
    ]
    persons = "Persons, both sides" if any(_is_of_two(part) for part, _ in columns.values()) else "Persons"
    headings = [*columns, *([] if is_split else [translate(persons, language)])]
    text = "Left out: answers given by under 0.5% each or by too few people to be shown ({count})."
    rest = [translate(text, language, count=number(folded, language))] if folded else []
    notes = [*rest, *_notes(columns, wave, is_split, earlier), *([note] if note else [])]
    block = plain_table(
        title,
        _corner(columns, wave),
        headings,
        lines,
        notes,
        sorted(legend.entries.items()),
        kind="table",
        language=language,
    )
    shown = [part.rows().assign(column=heading) for heading, (part, _) in columns.items()]
    data = released.rows() if isinstance(released, Released) else pd.concat(shown, ignore_index=True)
    return replace(block, data=data)


def _is_of_two(part: Released) -> bool:
    """Whether its persons are those of two waves or samples, added."""
    return part.facts.kind == "change" or "sides" in part.facts.details


def _folded(columns: dict[str, tuple[Released, pd.DataFrame]], keys: list[str]) -> tuple[list[str], int]:
    """Rows of a long list of answers (249 countries) that say something, and how many do not."""
    parts = list(columns.values())
    is_list = all(part.facts.unit == "share" and rows["category"].notna().any() for part, rows in parts)
    if len(keys) <= _LONG_LIST or not is_list:
        return keys, 0
    telling: set[str] = set()
    for part, rows in parts:
        shares = zip(_keys(part, rows), rows["estimate"], strict=True)
        telling |= {key for key, share in shares if share >= _LEAST_SHARE}
    kept = [key for key in keys if key in telling]
    return kept, len(keys) - len(kept)


def plain_table(
    title: str,
    corner: str,
    headings: Sequence[str],
    rows: Sequence[Row],
    notes: Sequence[str] = (),
    legend: Sequence[tuple[str, str]] = (),
    *,
    language: str,
    kind: str = "table",
) -> Block:
    """A table of finished cells, for what is not an estimate of persons."""
    html = render(
        "table.html",
        title=title,
        corner=corner,
        columns=[(name, _alignment(rows, place)) for place, name in enumerate(headings)],
        rows=rows,
        notes=list(notes),
        legend=legend,
        is_wide=len(headings) >= _WIDE,
    )
    text = "\n".join([title, *(f"{row.label}: {' | '.join(_plain(c) for c in row.cells)}" for row in rows)])
    lines = [[row.label, *map(_plain, row.cells)] for row in rows]
    told = [*notes, *(f"{mark} {meaning}" for mark, meaning in legend)]
    return Block(
        kind, html, text, {"title": title}, content=Content(title, corner, list(headings), lines, told, language)
    )


def _alignment(rows: Sequence[Row], place: int) -> str:
    """Class of a column: words read from the left and wrap, numbers stand under each other."""
    values = [row.cells[place].value for row in rows]
    return "word" if any(len(value) > 1 and not re.search(r"\d", value) for value in values) else "num"


def _plain(entry: Cell) -> str:
    if entry.hidden:
        return f"– {entry.mark}".strip()
    told = f"{entry.value} ({entry.interval})" if entry.interval else entry.value
    return f"{told} {entry.mark}".strip()


def title_of(released: Released, wave: Wave, *, is_alone: bool = True) -> str:
    """What a table or figure of these estimates is called, where nobody named it."""
    facts, language = released.facts, wave.language
    if facts.measure not in DECLARED:
        return plain_title(released, wave, is_alone=is_alone)
    measure = measure_of(facts)
    if facts.kind == "change":
        unit = "in percentage points" if facts.unit == "share" else "in points"
        subject = translate(measure.subject or measure.title, language)
        text = translate("Change: {subject} ({unit})", language, subject=subject, unit=translate(unit, language))
        period = facts.details.get("period")
        return f"{text}, {period}" if period else text
    if facts.kind == "modelled":
        items = item_labels(measure, wave, language)
        names = "; ".join(dict.fromkeys(items.get(str(item), str(item)) for item in released.frame["variable"]))
        return f"{translate(measure.title, language)}: {names}"
    if not facts.by:
        return translate(measure.title, language)
    groups = " · ".join(wave.title(name) for name in facts.by)
    subject = translate(measure.subject or measure.title, language)
    return translate("{subject}, by group: {groups}", language, subject=subject, groups=groups)


def heading(title: str, released: Released, wave: Wave) -> str:
    """The title of a table or figure of one frame: as given, else the measure's; saying so where it is of a part."""
    return with_part(title or title_of(released, wave), [released], wave)


def with_part(title: str, parts: Sequence[Released], wave: Wave) -> str:
    """A title that says so where the numbers are of some of the people only."""
    computed = [deviations(part.facts) if part.facts.measure in DECLARED else [] for part in parts]
    # what only some columns are computed with stands at their heads
    if otherwise := [one for one in computed[0] if all(one in others for others in computed)]:
        words = ", ".join(translate(one, wave.language) if one in _OTHER else one for one in otherwise)
        title = _ended(title, translate("not as study.toml declares it: {what}", wave.language, what=words))
    domains = dict.fromkeys(part.facts.part for part in parts if part.facts.part)
    if not domains:
        return title
    told = "; ".join(domains).replace(CHOSEN_ROWS, translate(CHOSEN_ROWS, wave.language))
    ending = translate("only part of the respondents: {part}", wave.language, part=told)
    return _ended(title, ending)


_OTHER = ("own selection", "other quality", "other weighting", "other variables_added")


def _ended(title: str, ending: str) -> str:
    return title if ending in title else f"{title} – {ending}"


def _columns(
    released: Released | Sequence[Released] | Mapping[str, Released], wave: Wave
) -> dict[str, tuple[Released, pd.DataFrame]]:
    if not isinstance(released, (Mapping, Sequence)):
        require_released(released, wave)
        split = _by_group(released, wave)
        return split or {head_of(released, wave): (released, released.frame)}
    parts = list(released.values()) if isinstance(released, Mapping) else list(released)
    _require(parts, wave)
    heads = list(released) if isinstance(released, Mapping) else [_distinct_head(part, parts, wave) for part in parts]
    found = {}
    for head, part in zip(heads, parts, strict=True):
        # a column a group: one column would hold the last group's numbers
        split = {f"{head}: {group}": column for group, column in _by_group(part, wave).items()}
        for name, column in (split or {head: (part, part.frame)}).items():
            if name in found:
                raise ConfigError(
                    "two columns would be called the same",
                    value=name,
                    expected="a mapping: show.table({'2026': one, '2028': other}, wave)",
                )
            found[name] = column
    return found


def _by_group(released: Released, wave: Wave) -> dict[str, tuple[Released, pd.DataFrame]]:
    """The rows of each group of a frame by what it is called; empty where it is not split."""
    by = list(released.facts.by)
    if not by:
        return {}
    labels = [wave.labels(name) for name in by]
    found = {}
    for values, rows in released.frame.groupby(by, sort=False, observed=True):
        parts = [names.get(str(value), str(value)) for names, value in zip(labels, values, strict=True)]
        found[" · ".join(parts)] = (released, rows)
    return found


def _require(parts: Sequence[Any], wave: Wave) -> None:
    """Released parts: of the wave that is cited, or of waves beside it, which are cited too (``_cited``)."""
    for part in parts:
        require_released(part)
    if len({part.facts.source for part in parts}) == 1:
        require_released(parts[0], wave)


def _keys(part: Released, rows: pd.DataFrame) -> list[str]:
    return row_keys(rows, part.frame)


def _cells(part: Released, rows: pd.DataFrame, legend: Legend, labels: dict[str, str]) -> dict[str, Cell]:
    found = {key: cell(row, part, legend) for key, row in zip(_keys(part, rows), records(rows), strict=True)}
    return {key: found.get(key, Cell("–", hidden=True)) for key in labels}


def _base_cell(
    columns: dict[str, tuple[Released, pd.DataFrame]], key: str, language: str, is_split: bool
) -> list[Cell]:
    if is_split:
        return []
    bases = [dict(zip(_keys(part, rows), rows["n"], strict=True)).get(key) for part, rows in columns.values()]
    return [Cell(base_range(bases, language) or "–")]


_OWN_HEADS = ("difference", "change", "modelled")


def head_of(released: Released, wave: Wave) -> str:
    """What a column of these estimates is called."""
    facts = released.facts
    if facts.kind in _OWN_HEADS or facts.measure not in DECLARED:
        return translate(statistic_of(facts), wave.language)
    measure = measure_of(facts)
    return translate(measure.head, wave.language).format_map(named(measure, wave, facts, wave.language))


def _distinct_head(released: Released, others: Sequence[Released], wave: Wave) -> str:
    """The head of one of several columns; of two alike the weights or the measure's title tell them apart."""
    head = head_of(released, wave)
    if sum(head_of(other, wave) == head for other in others) == 1:
        return head
    weighted = released.facts.details.get("weighted")
    if weighted is not None:
        return translate("weighted" if weighted else "unweighted", wave.language)
    return title_of(released, wave)


def _corner(columns: dict[str, tuple[Released, pd.DataFrame]], wave: Wave) -> str:
    released = next(iter(columns.values()))[0]
    frame = released.frame
    first = str(frame["variable"].iloc[0])
    if frame["category"].notna().any() and first in wave.responses.columns and frame["variable"].nunique() == 1:
        return wave.title(first)
    row = measure_of(released.facts).row if released.facts.measure in DECLARED else "Item"
    return translate(row, wave.language)


def _notes(
    columns: dict[str, tuple[Released, pd.DataFrame]], wave: Wave, is_split: bool, earlier: Wave | None
) -> list[str]:
    parts = [part for part, _ in columns.values()]
    bases = base_notes(columns, wave) if is_split else []
    return [*bases, *statistic_notes(parts, wave), *source_notes(parts, wave, earlier=earlier)]


def source_notes(
    parts: Sequence[Released], wave: Wave, *, intervals: bool = True, earlier: Wave | None = None
) -> list[str]:
    """What self-selection means or what brackets are, and where the numbers come from."""
    notes = []
    if any(not part.facts.carries_inference for part in parts):
        notes += self_selection(wave)
    elif intervals:
        told = [part.facts for part in parts if not part.facts.is_census and not is_fixed(part).all()]
        if any(not facts.joint for facts in told):
            text = "In brackets: interval of uncertainty ({level}% confidence interval)."
            notes += [translate(text, wave.language, level=level) for level in _levels(told)]
        if joint := [facts.family for facts in told if facts.joint]:
            text = (
                "In brackets: interval of uncertainty that holds for all {count} comparisons at once "
                "(joint {level}% confidence interval)."
            )
            notes += [translate(text, wave.language, count=max(joint), level=level) for level in _levels(told)]
    cited = _cited(parts, wave, earlier)
    return [*notes, *_apart(parts, wave), source_line(*cited)]


def _cited(parts: Sequence[Released], wave: Wave, earlier: Wave | None) -> list[Wave]:
    """The waves the numbers are of: those handed in, and others that parts beside them say they are of."""
    known = {(one.name, one.audience): one for one in ([earlier] if earlier else []) + [wave]}
    names = [source.split(", ")[0].split() for part in parts for source in part.facts.source.split("; ")]
    for words in names:
        if len(words) == _SOURCE_WORDS and words[0] == wave.study_name and tuple(words[1:3]) not in known:
            other = Wave(wave.files, words[1], words[2])
            known |= {(other.name, other.audience): other} if other.config.data == RESPONSES else {}
    return list(known.values())


_SOURCE_WORDS = 4
"""Study, wave, audience and snapshot."""


def _levels(told: Sequence[Facts]) -> list[str]:
    return list(dict.fromkeys(f"{100 * facts.level:g}" for facts in told))


def _apart(parts: Sequence[Released], wave: Wave) -> list[str]:
    """Which people are no group of their own where estimates are split by their variable."""
    text = "Too few for a group of their own, counted where all are counted: {labels} ({title})."
    names = dict.fromkeys(str(name) for part in parts for name in (*part.facts.by, *part.frame["variable"]))
    return [
        translate(text, wave.language, labels=", ".join(labels), title=wave.title(name))
        for name in names
        if (labels := wave.apart(name))
    ]


def self_selection(wave: Wave) -> list[str]:
    """What self-selection means, in the report's words."""
    text = (
        "Self-selected respondents: the numbers describe those who answered. "
        "Whether others would answer alike cannot be concluded from them."
    )
    is_weighted = wave.config.weighting.method != "none"
    modelled = ["Weighted shares of self-selected respondents are modelled values."] if is_weighted else []
    return [translate(sentence, wave.language) for sentence in (text, *modelled)]


def citations(wave: Wave, files: Sequence[str]) -> list[str]:
    """Whose data the files of data/reference are, as study.toml's ``[sources]`` says; each once."""
    known = wave.files.config.sources
    texts = dict.fromkeys(known[name].get(wave.language) for name in files if name in known)
    return [translate("Data: {sources}.", wave.language, sources="; ".join(texts))] if texts else []


def source_line(*waves: Wave) -> str:
    """Where the numbers come from: survey, wave, persons, snapshot.

    Parameters
    ----------
    waves
        The waves the numbers come from.

    Returns
    -------
    str
        In the report's language.

    Examples
    --------
    >>> show.source_line(wave)[:63]
    'Beispieldaten, erfunden. Quelle: Befragung der Erwachsenen 2026'
    """
    language = waves[0].language
    parts = []
    for wave in waves:
        title = wave.config.title.get(language) if wave.config.title else wave.audience
        parts.append(
            translate(
                "{title} {wave}, {persons} persons, snapshot {snapshot}",
                language,
                title=title,
                wave=wave.name,
                persons=number(wave.quality.counted, language),
                snapshot=wave.snapshot.short,
            )
        )
    return example_or(translate("Source: {parts}.", language, parts="; ".join(parts)), waves[0])


def example_or(source: str, wave: Wave) -> str:
    """A source, and before it that the data are made up where they are."""
    return f"{translate(EXAMPLE, wave.language)} {source}" if wave.files.config.study.example else source
