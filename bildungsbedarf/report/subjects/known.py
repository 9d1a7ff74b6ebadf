"""What pages by subject draw from: the registers, ``subjects.json`` of each wave, the goals and their names."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from bildungsbedarf.errors import DataError
from bildungsbedarf.findings import DECLARED, Finding, GoalEvidence, item_labels, newest, weigh
from bildungsbedarf.findings.leitbild import wave_of
from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.report.sentences import short
from bildungsbedarf.report.subjects.parts import Link, Said, Section, Source
from bildungsbedarf.run.names import SUBJECTS
from bildungsbedarf.run.steps import folder_of
from bildungsbedarf.show.evidence.leitbild import source_words
from bildungsbedarf.study.model import Language
from bildungsbedarf.study.pages import PagesFile
from bildungsbedarf.wave import Study, Wave

Entry = dict[str, Any]
_SUPPLIED = ("offers", "diagnoses", "groups", "plan")
"""What ``subjects.json`` says of offers."""
Address = Callable[[Finding], str]
"""The page and place a finding stands at, relative to the site's root; ``""`` where there is none."""


@dataclass(frozen=True)
class Known:
    """All that is known of a study's subjects. ``rows`` are those of the first audience, by wave, oldest first."""

    study: Study
    language: Language
    findings: Sequence[Finding]
    goals: Sequence[GoalEvidence]
    rows: Mapping[str, Sequence[Entry]]
    areas: Sequence[Entry]
    offers: Sequence[Entry]
    diagnoses: Sequence[Entry]
    groups: Sequence[Entry]
    """What there is for each group of the survey, and where to look for what it lacks."""
    plan: Entry | None
    """Offers to add; nothing where offers are held against nothing."""
    offers_wave: Wave | None
    address: Address
    notebooks: Sequence[Link] = ()
    """Pages of notebooks, with the wave they are of."""
    _labels: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def pages(self) -> PagesFile:
        """pages.toml; what holds without it where there is none."""
        return self.study.files.pages or PagesFile()

    @property
    def waves(self) -> list[str]:
        """Waves of the survey that have numbers, oldest first."""
        return list(self.rows)

    @property
    def last(self) -> str:
        """The newest of them."""
        return self.waves[-1]

    @property
    def before(self) -> str:
        """The one before the newest; ``""`` where there is none."""
        return self.waves[-2] if len(self.waves) > 1 else ""

    @cached_property
    def survey(self) -> Wave:
        """The survey in its newest wave."""
        return self.study.wave(self.last, self.study.files.config.first_audience)

    @property
    def people(self) -> str:
        """Whom the survey speaks of; in German in the dative."""
        return self.survey.people(self.language)

    @cached_property
    def newest(self) -> list[Finding]:
        """Each finding in its newest wave."""
        return newest(self.findings)

    def labels(self, measure: str) -> dict[str, str]:
        """Item → label of a declared measure in the survey."""
        if measure not in self._labels:
            self._labels[measure] = item_labels(DECLARED[measure], self.survey, self.language)
        return self._labels[measure]

    @property
    def fields(self) -> dict[str, str]:
        """Field of education → what it is called, in the questionnaire's order."""
        return self.labels("unmet_need")

    def field_name(self, item: str) -> str:
        """What a field is called; its code where it was not asked about."""
        return self.fields.get(item, item)

    def group_name(self, by: str, group: str) -> str:
        """What a group of the survey is called."""
        return str(self.survey.labels(by, self.language).get(group, group))

    def own(self, measure: str, wave: str = "", by: str = "", group: str = "") -> list[Entry]:
        """Rows of a measure, of the whole or one group, largest first; hidden ones last."""
        found = [
            row
            for row in self.rows.get(wave or self.last, ())
            if row["measure"] == measure and row["by"] == by and row["group"] == group
        ]
        return sorted(found, key=lambda row: (row["estimate"] is None, -(row["estimate"] or 0.0), row["item"]))

    def row(self, measure: str, item: str, wave: str = "", by: str = "", group: str = "") -> Entry | None:
        """One row; nothing where there is none."""
        return next((row for row in self.own(measure, wave, by, group) if row["item"] == item), None)

    def groups_of(self, measure: str) -> dict[str, list[str]]:
        """Grouping variable → its categories, of those the newest wave has rows of."""
        found: dict[str, list[str]] = {}
        for row in self.rows[self.last]:
            if row["measure"] == measure and row["by"] and row["group"] not in found.setdefault(row["by"], []):
                found[row["by"]].append(row["group"])
        return found

    def finding(self, name: str) -> Finding | None:
        """The newest finding of an id in the survey."""
        return next((one for one in self.newest if one.id == name and self._is_of_survey(one)), None)

    @cached_property
    def _by_place(self) -> dict[str, Finding]:
        return {f"{one.wave}/{one.audience}/{one.id}": one for one in self.findings}

    def at(self, place: str) -> Finding | None:
        """The finding at ``wave/audience/id``."""
        return self._by_place.get(place)

    def change(self, item: str) -> Finding | None:
        """The change of unmet need that ends in the newest wave; over the longest time where there are several."""
        found = self.finding(f"trend_unmet_need.{item}")
        return found if found is not None and wave_of(found) == self.last else None

    def group_claims(self, *measures: str) -> list[Finding]:
        """What the survey's newest wave claims of groups: of one group the comparison with all others at once first."""
        own = [
            one
            for one in self.newest
            if one.measure in measures and one.groups and one.wave == self.last and self._is_of_survey(one)
        ]
        kept: dict[tuple[str, tuple[tuple[str, str], ...]], Finding] = {}
        for one in sorted(own, key=lambda one: one.measure != "intersection"):
            kept.setdefault((one.item, tuple(sorted(one.groups.items()))), one)
        return list(kept.values())

    @cached_property
    def earlier(self) -> list[Known]:
        """What was known when each earlier wave was the newest; the newest of them first."""
        return [self._as_of(place) for place in range(len(self.waves) - 1, 0, -1)]

    def _as_of(self, count: int) -> Known:
        """What the first waves tell: later findings of the survey are not known yet."""
        later = self.waves[count:]
        found = [one for one in self.findings if not (self._is_of_survey(one) and wave_of(one) in later)]
        rows = {name: self.rows[name] for name in self.waves[:count]}
        return replace(self, rows=rows, findings=found, _labels={})

    def over_waves(self, make: Callable[[Known], Section]) -> Section:
        """A section as the newest wave tells it, with what it told in each wave before."""
        earlier = []
        for known in self.earlier:
            section = make(known)
            own = [replace(figure, name=f"{figure.name}-{known.last}") for figure in section.figures]
            earlier.append(replace(section, figures=own))
        return replace(make(self), earlier=earlier)

    @property
    def switch(self) -> list[str]:
        """Waves a page lets its reader choose from, newest first; nothing where there is one alone."""
        return self.waves[::-1] if len(self.waves) > 1 else []

    @property
    def compares(self) -> bool:
        """Whether the sampling carries comparisons: else nothing is called certain, and nothing uncertain."""
        return self.survey.allows_inference

    def _is_of_survey(self, one: Finding) -> bool:
        return one.audience == self.survey.audience

    def speaking_to(self, concept: str) -> list[Finding]:
        """What other audiences say on a concept, newest only."""
        return [one for one in self.newest if concept and one.concept == concept and not self._is_of_survey(one)]

    def say(self, text: str, **values: object) -> str:
        """A text in the pages' language."""
        return translate(text, self.language, **values)

    def share(self, value: float | None, digits: int = 1) -> str:
        """A share in per cent; in words where it may not be told."""
        return self.say("too few") if value is None else percent(value, self.language, digits)

    def of_100(self, value: float) -> str:
        """``33 of 100``."""
        return self.say("{share} of 100", share=number(100 * value, self.language))

    def interval(self, row: Entry, digits: int = 1) -> str:
        """``30 to 36%``; a dash where there is none."""
        if row["low"] is None or row["high"] is None:
            return "–"
        low, high = (percent(row[end], self.language, digits, sign=False) for end in ("low", "high"))
        return self.say("{low} to {high}%", low=low, high=high)

    def whole(self, value: float) -> str:
        """A number of things or people."""
        return number(value, self.language)


def goal_path(goal: str) -> str:
    """Where the page of a goal lies in the site."""
    plain = "".join(letter if letter.isalnum() or letter in "-_" else f"~{ord(letter):x}~" for letter in goal)
    return f"ziele/{plain}.html"


def since(change: Finding) -> str:
    """The wave a change begins with."""
    return change.wave.partition("–")[0]


def source_of(study: Study, one: Finding) -> Source:
    """Whose voice a finding is."""
    if one.audience in {ballot.audience for ballot in study.files.config.ballot}:
        return "conference"
    voices: dict[str, Source] = {"supply": "offers", "indicator": "statistics"}
    return voices.get(one.kind, "survey")


def said_of(known: Known, one: Finding, *, with_source: bool = False) -> Said:
    """A finding as a sentence of its source, without its interval; before it who speaks, where several do."""
    source = source_of(known.study, one)
    text = short(one, known.language)
    told = f"{source_words(one, known.study)}: {text}" if with_source else text
    return Said(told, known.address(one), source)


def read_known(
    study: Study, findings: Sequence[Finding], address: Address, notebooks: Sequence[Link] = ()
) -> Known | None:
    """What is known of a study's subjects; nothing where its first audience was not asked about needs, or no run was.

    Parameters
    ----------
    study
        The study.
    findings
        Of all its registers.
    address
        Where a finding stands in the site.
    notebooks
        Pages of notebooks.

    Returns
    -------
    Known or None
        None where there is nothing to make pages by subject of.

    Raises
    ------
    DataError
        ``subjects.json`` of a wave cannot be read.

    Examples
    --------
    >>> read_known(study, [], lambda finding: "").waves
    ['2026', '2028']
    """
    results = study.files.project.results(study.name)
    first = study.files.config.first_audience
    rows: dict[str, Sequence[Entry]] = {}
    areas: Sequence[Entry] = ()
    supplied: Entry = {name: None if name == "plan" else () for name in _SUPPLIED}
    offers_wave = None
    for wave in study.of_all_audiences:
        content = _read(results / folder_of(wave) / SUBJECTS)
        if content is None:
            continue
        if wave.audience == first and content["rows"]:
            rows[wave.name] = content["rows"]
            areas = content["areas"] or areas
        elif wave.config.data == "records":
            supplied, offers_wave = content, wave
    if not rows:
        return None
    return Known(
        study,
        study.language,
        findings,
        weigh(study, findings),
        rows,
        areas,
        supplied["offers"],
        supplied["diagnoses"],
        supplied["groups"],
        supplied["plan"],
        offers_wave,
        address,
        notebooks,
    )


def _read(path: Path) -> dict[str, Any] | None:
    if not path.is_file():
        return None
    try:
        content = json.loads(path.read_bytes())
        return {name: content[name] for name in ("rows", "areas", *_SUPPLIED)}
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(
            "the numbers by subject cannot be read",
            where=path.name,
            value=type(error).__name__,
            remedy="run the study again",
        ) from None
