"""Tables for readers: real HTML with caption, header scopes, base, source and a legend of what is hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd

from bildungsbedarf.disclosure import Released, records, rules
from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings import DECLARED, item_labels, measure_of
from bildungsbedarf.findings.wording import named
from bildungsbedarf.language import number, translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.saving import Content
from bildungsbedarf.show.tables.cells import Cell, Legend, base_range, cell
from bildungsbedarf.show.tables.domains import part_words
from bildungsbedarf.show.tables.labels import require_change, require_released, row_keys, row_labels
from bildungsbedarf.show.tables.notes import source_among, source_notes
from bildungsbedarf.show.tables.statistics import (
    KINDS,
    base_notes,
    by_groups,
    is_of_two,
    otherwise,
    plain_title,
    statistic_notes,
    statistic_of,
)
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.cited import sources_of
from bildungsbedarf.wave.deviations import deviations

T = TypeVar("T")
_LONG_LIST = 25
_LEAST_SHARE = 0.005
"""Rows of a long list are shown from this share on."""
_FEW_GAVE_IT = (rules.SHOWN, rules.SMALL_BASE, rules.SMALL_CELL, rules.NO_ESTIMATE)
"""What is decided of answers that few people gave."""
_WIDE = 3
"""Columns beside the first from which a phone shows one card a row."""


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
    parts = _headed(released, wave)
    if not parts:
        raise ConfigError("there is nothing to show", where="show.table", value=released, expected="released frames")
    columns = _columns(parts, wave)
    first = next(iter(columns.values()))[0]
    if all(rows.empty for _, rows in columns.values()):
        raise ConfigError(
            "this frame has no rows: nothing was found", value=first.facts.measure, remedy="there is nothing to show"
        )
    if any(part.facts.measure == "quadrant" for part, _ in columns.values()):
        raise ConfigError(
            "a row of this frame holds two estimates and a place, no single number for a cell",
            value="quadrant",
            expected="show.quadrant_plot(released, wave), which has all of them as a table beneath",
        )
    if (first.facts.kind == "change") != (earlier is not None):
        raise ConfigError(
            "a change is between two waves, and nothing else is",
            value=first.facts.kind,
            remedy="show.table(released, later, earlier=…) for a trend; show.change_table has both levels too",
        )
    if earlier is not None:
        require_change(first, earlier, wave)
    is_alone, own = isinstance(released, Released), list(parts.values())
    title = with_part(title or _title_of_all(own, wave, is_alone=is_alone), own, wave)
    order = next((heading for heading, (part, _) in columns.items() if part.facts.measure == order), order)
    # every column's rows: none of another question may be lost
    labels = {key: label for part in own for key, label in row_labels(part, wave).items()}
    bodies = {heading: _cells(part, rows, legend, labels) for heading, (part, rows) in columns.items()}
    keys = list(labels)
    if order:
        if order not in columns:
            raise ConfigError("no column to sort by", value=order, expected=nearest(order, map(str, columns)))
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
    persons = "Persons, both sides" if any(map(is_of_two, own)) else "Persons"
    if any(part.facts.unit == "total" for part in own):
        # beside persons that were projected, those who were asked
        persons = "Respondents"
    persons = "All dots" if wave.counts_dots else persons
    headings = [*columns, *([] if is_split else [translate(persons, language)])]
    text = "Left out: answers given by under 0.5% each or by too few people to be shown ({count})."
    rest = [translate(text, language, count=number(folded, language))] if folded else []
    bases = base_notes(columns, wave) if is_split else []
    told = [*statistic_notes(parts, wave), *source_notes(own, wave, earlier=earlier)]
    notes = [*rest, *bases, *told, *([note] if note else [])]
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
    if isinstance(released, Released):
        return replace(block, data=in_words(released, _called(released, labels), wave))
    shown = [in_words(part, _called(part, labels), wave).assign(column=heading) for heading, part in parts.items()]
    return replace(block, data=pd.concat(shown, ignore_index=True))


def _called(released: Released, labels: Mapping[str, str]) -> list[str]:
    """What each row that may be shown is called."""
    return [labels[key] for key in row_keys(released.rows(), released.frame)]


def in_words(released: Released, called: Sequence[str], wave: Wave) -> pd.DataFrame:
    """The rows that may be shown, with what rows (``called``) and groups are called beside their codes."""
    rows = released.rows()
    named = {}
    for name in released.facts.by:
        labels_of_group = wave.labels(name)
        named[f"{name}_label"] = [labels_of_group.get(value, value) for value in rows[name].astype(str)]
    made = rows.assign(**named)
    made.insert(0, "label", list(called))
    return made


def _folded(columns: dict[str, tuple[Released, pd.DataFrame]], keys: list[str]) -> tuple[list[str], int]:
    """Rows of a long list of answers (249 countries) that say something, and how many do not."""
    parts = list(columns.values())
    is_list = all(part.facts.unit == "share" and rows["category"].notna().any() for part, rows in parts)
    if len(keys) <= _LONG_LIST or not is_list:
        return keys, 0
    telling: set[str] = set()
    for part, rows in parts:
        shares = zip(_keys(part, rows), rows["estimate"], rows["decision"], strict=True)
        # what is hidden for another number's sake may be large
        telling |= {key for key, share, rule in shares if share >= _LEAST_SHARE or rule not in _FEW_GAVE_IT}
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
    lines = [[row.label, *map(_plain, row.cells)] for row in rows]
    told = [*notes, *(f"{mark} {meaning}" for mark, meaning in legend)]
    content = Content(title, corner, list(headings), lines, told, language, source_among(notes, language))
    return Block(kind, html, content.text, {"title": title}, content=content)


def _alignment(rows: Sequence[Row], place: int) -> str:
    """Class of a column: words read from the left and wrap, numbers stand under each other."""
    values = [row.cells[place].value for row in rows]
    return "word" if any(len(value) > 1 and not re.search(r"\d", value) for value in values) else "num"


def _plain(entry: Cell) -> str:
    if entry.hidden:
        return f"– {entry.mark}".strip()
    told = f"{entry.value} ({entry.interval})" if entry.interval else entry.value
    return f"{told} {entry.mark}".strip()


def _title_of_all(parts: Sequence[Released], wave: Wave, *, is_alone: bool) -> str:
    """What a table of one frame or several is called, where nobody named it."""
    titles = list(dict.fromkeys(title_of(part, wave, is_alone=is_alone) for part in parts))
    together = {measure_of(part.facts).together for part in parts if part.facts.measure in DECLARED}
    if len(titles) > 1 and len(together) == 1 and (called := together.pop()):
        return translate(called, wave.language)
    if len(titles) > 1 and all(part.facts.measure in DECLARED and not part.facts.by for part in parts):
        return " · ".join(dict.fromkeys(head_of(part, wave) for part in parts))
    return "; ".join(titles)


def title_of(released: Released, wave: Wave, *, is_alone: bool = True) -> str:
    """What a table or figure of these estimates is called, where nobody named it."""
    facts, language = released.facts, wave.language
    if facts.measure not in DECLARED:
        return plain_title(released, wave, is_alone=is_alone)
    measure = measure_of(facts)
    if facts.question:
        return by_groups(wave.codebook[facts.question].text(language), facts, wave)
    if facts.kind == "change":
        return by_groups(f"{_change_title(facts, wave)}, {_period(facts)}", facts, wave)
    if facts.kind == "modelled":
        items = item_labels(measure, wave, language)
        names = "; ".join(dict.fromkeys(items.get(str(item), str(item)) for item in released.frame["variable"]))
        return f"{translate(measure.title, language)}: {names}"
    if facts.measure in _OF_ANY and released.frame["variable"].nunique() == 1:
        return plain_title(released, wave, is_alone=False)
    called = translate((measure.subject if facts.by else "") or measure.title, language)
    if facts.measure in _OF_OPEN_ANSWERS and (asked := facts.details.get("question")):
        column = next(one for one in wave.codebook.columns if asked in (one.name, one.question))
        wording = wave.codebook[column.question].text(language)
        called = translate("{title}: “{question}”", language, title=called, question=wording)
    return by_groups(called, facts, wave)


_OF_ANY = ("distribution", "steps", "ticked", "number")
"""Measures of any variable: one alone names it."""
_OF_OPEN_ANSWERS = ("words", "keyness", "themes")


def _change_title(facts: Facts, wave: Wave) -> str:
    measure, language = measure_of(facts), wave.language
    subject = translate(measure.subject or measure.title, language)
    return translate("Change: {subject} ({unit})", language, subject=subject, unit=unit_of_difference(facts, language))


def _period(facts: Facts) -> str:
    """From which wave to which."""
    return str(facts.details.get("period") or "–".join(dict.fromkeys(source.wave for source in sources_of(facts))))


def unit_of_difference(facts: Facts, language: str) -> str:
    """In what a difference of shares or of means is told."""
    return translate("in percentage points" if facts.unit == "share" else "in points", language)


def heading(title: str, released: Released, wave: Wave) -> str:
    """The title of a table or figure of one frame: as given, else the measure's; saying so where it is of a part."""
    return with_part(title or title_of(released, wave), [released], wave)


def with_part(title: str, parts: Sequence[Released], wave: Wave) -> str:
    """A title that says so where the numbers are of some of the people only."""
    computed = [deviations(part.facts) if part.facts.measure in DECLARED else [] for part in parts]
    # what only some columns are computed with stands at their heads
    if alike := [one for one in computed[0] if all(one in others for others in computed)]:
        words = ", ".join(otherwise(one, wave.language) for one in alike)
        title = _ended(title, translate("not as study.toml declares it: {what}", wave.language, what=words))
    domains = dict.fromkeys(part.facts.part for part in parts if part.facts.part)
    if not domains:
        return title
    told = "; ".join(dict.fromkeys(part_words(domain, wave) for domain in domains))
    ending = translate("only part of the respondents: {part}", wave.language, part=told)
    return _ended(title, ending)


def _ended(title: str, ending: str) -> str:
    return title if ending in title else f"{title} – {ending}"


def _headed(released: Released | Sequence[Released] | Mapping[str, Released], wave: Wave) -> dict[str, Released]:
    """Released frames by what heads their columns; of one that is alone and split the groups do."""
    if not isinstance(released, (Mapping, Sequence)):
        require_released(released, wave)
        return {"" if released.facts.by else head_of(released, wave): released}
    parts = list(released.values()) if isinstance(released, Mapping) else list(released)
    _require(parts, wave)
    if isinstance(released, Mapping):
        return dict(released)
    found: dict[str, Released] = {}
    for part in parts:
        _add(found, _distinct_head(part, parts, wave), part)
    return found


def _columns(parts: Mapping[str, Released], wave: Wave) -> dict[str, tuple[Released, pd.DataFrame]]:
    """Columns by their heads: a frame is one, or one a group, as one alone would hold the last group's numbers."""
    found: dict[str, tuple[Released, pd.DataFrame]] = {}
    for head, part in parts.items():
        split = {f"{head}: {group}" if head else group: column for group, column in _by_group(part, wave).items()}
        for name, column in (split or {head: (part, part.frame)}).items():
            _add(found, name, column)
    return found


def _add(found: dict[str, T], head: str, column: T) -> None:
    if head in found:
        raise ConfigError(
            "two columns would be called the same",
            value=head,
            expected="a mapping: show.table({'2026': one, '2028': other}, wave)",
        )
    found[head] = column


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
    keys = _keys(part, rows)
    if doubled := next((key for key in keys if keys.count(key) > 1), ""):
        raise ConfigError("rows of this frame cannot be told apart: one would hide another", value=doubled)
    found = {key: cell(row, part, legend) for key, row in zip(keys, records(rows), strict=True)}
    return {key: found.get(key, Cell("–", hidden=True)) for key in labels}


def _base_cell(
    columns: dict[str, tuple[Released, pd.DataFrame]], key: str, language: str, is_split: bool
) -> list[Cell]:
    if is_split:
        return []
    bases = [dict(zip(_keys(part, rows), rows["n"], strict=True)).get(key) for part, rows in columns.values()]
    return [Cell(base_range(bases, language) or "–")]


def head_of(released: Released, wave: Wave) -> str:
    """What a column of these estimates is called."""
    if released.facts.measure == "total" and released.frame["category"].notna().any():
        return translate("Persons (projected)", wave.language)
    return _head(released.facts, wave)


def axis_title(facts: Facts, wave: Wave) -> str:
    """What an axis of these numbers is called: what they are, and their unit where the ticks do not say it."""
    if facts.kind == "change" and facts.measure in DECLARED:
        years = "–".join(dict.fromkeys(one.wave for one in sources_of(facts) if one.wave))
        return f"{_change_title(facts, wave)}, {years}"
    head = _head(facts, wave)
    if not facts.is_signed or facts.unit not in ("share", "mean"):
        return head
    return f"{head} ({unit_of_difference(facts, wave.language)})"


def _head(facts: Facts, wave: Wave) -> str:
    if facts.kind in KINDS or facts.measure not in DECLARED:
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
