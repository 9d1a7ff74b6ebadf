"""The table volume: every closed question by every group of a study, as a workbook; only what passed the gate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO

import pandas as pd

from bildungsbedarf import needs
from bildungsbedarf.codebook.model import in_language
from bildungsbedarf.disclosure import agreed, limits_of, release
from bildungsbedarf.language import translate
from bildungsbedarf.run.sheets import Sheets
from bildungsbedarf.show import source_line
from bildungsbedarf.show.workbooks import new_workbook
from bildungsbedarf.wave import Wave


def volume(wave: Wave) -> bytes:
    """``tables.xlsx``: a cover, measures of needs, a sheet a topic of the questionnaire, and one a group.

    Shares in percent with one decimal, as published; the same snapshot gives the same bytes.
    """
    stream = BytesIO()
    book = new_workbook(stream, source_line(wave))
    sheets = Sheets(book, wave)
    sheets.measures([release(frame, limits_of(wave)) for frame in _measures(wave)])
    merged = {rule.source for rule in wave.config.variables.values() if rule.merge}
    voted = {entry.statements for entry in wave.files.config.ballot if entry.audience == wave.audience}
    # finer answers than a variable has, and the votes that a conference's page tells, would give hidden ones back
    variables = [
        name for name in needs.variables(wave) if name not in merged and _source(wave, name).split("_")[0] not in voted
    ]
    groups = ["", *wave.groups]
    source = {name: _source(wave, name) for name in (*variables, *groups)}
    rows = {by: [name for name in variables if source[name] != source[by]] for by in groups}
    found = [release(needs.tabulate(wave, by or None, rows[by]), limits_of(wave)) for by in groups]
    whose = _Whose(wave)
    told = agreed([(each, whose.keys(each.frame, by)) for each, by in zip(found, groups, strict=True)])
    for by, each in zip(groups, told, strict=True):
        if by:
            sheets.group(by, rows[by], each.frame)
            continue
        for title, variables in _topics(wave, {name: source[name] for name in rows[by]}).items():
            sheets.topic(title, variables, each.frame, each.facts.ends)
    sheets.cover()
    book.close()
    return stream.getvalue()


def _topics(wave: Wave, sources: Mapping[str, str]) -> dict[str, list[str]]:
    """Variables by the group of questions they are from: under its name, else by number; in the questionnaire's order.

    A variable made from several questions, or from none, stands with the further ones at the end.
    """
    asked = {column.name: wave.codebook[column.question] for column in wave.codebook.columns}
    groups = {question.group for question in asked.values()}
    found: dict[int, tuple[str, list[str]]] = {}
    further: list[str] = []
    for name, source in sources.items():
        question = asked.get(source)
        if question is None:
            further.append(name)
            continue
        unnamed = "Part {number}" if len(groups) > 1 else "All questions"
        title = in_language(question.section, wave.language) if question.section else ""
        title = title or translate(unnamed, wave.language, number=question.group)
        found.setdefault(question.group, (title, []))[1].append(name)
    topics: dict[str, list[str]] = {}
    for _, (title, names) in sorted(found.items()):
        topics.setdefault(title, []).extend(names)
    if further:
        topics.setdefault(translate("Further variables", wave.language), []).extend(further)
    return topics


def _measures(wave: Wave) -> Iterator[pd.DataFrame]:
    """What the pages tell of the battery, of all."""
    if not wave.has_needs:
        return
    config = wave.needs
    yield needs.unmet(wave)
    yield needs.importance(wave)
    yield needs.satisfaction(wave)
    if config.barriers:
        yield needs.barriers(wave)
    if config.formats:
        yield from (needs.formats(wave, statistic=one) for one in ("used", "wanted", "wanted_not_used"))
    if config.ranking:
        yield from (needs.ranking(wave, statistic=one) for one in ("first", "top"))
    if config.participation:
        yield needs.took_part(wave)
    if config.hours:
        yield needs.hours(wave)


class _Whose:
    """Whom each cell of the volume is of, whatever sheet it stands on and however its variable is called."""

    def __init__(self, wave: Wave) -> None:
        self._wave = wave
        self._known: dict[str, dict[str, frozenset[str]]] = {}

    def keys(self, frame: pd.DataFrame, by: str) -> list[frozenset[tuple[str, frozenset[str]]]]:
        """One key a row: the questions behind it, and which of their answers."""
        groups = frame[by].astype(str) if by else [""] * len(frame)
        return [
            frozenset([self._who(str(variable), str(category)), *([self._who(by, group)] if by else [])])
            for variable, category, group in zip(frame["variable"], frame["category"], groups, strict=True)
        ]

    def _who(self, variable: str, category: str) -> tuple[str, frozenset[str]]:
        derived = self._wave.config.variables.get(variable)
        if derived is None or derived.source not in self._wave.responses.columns or derived.cut:
            return variable, frozenset([category])
        if variable not in self._known:
            pairs = self._wave.responses[[derived.source, variable]].astype("string").dropna().drop_duplicates()
            self._known[variable] = {
                str(name): frozenset(own[derived.source]) for name, own in pairs.groupby(variable, observed=True)
            }
        return derived.source, self._known[variable].get(category, frozenset([category]))


def _source(wave: Wave, name: str) -> str:
    """The question a variable is made from: a group is not crossed with itself."""
    derived = wave.config.variables.get(name)
    return derived.source if derived is not None else name
