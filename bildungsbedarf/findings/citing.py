"""What leitbild.toml cites, looked up before anything is computed: measures, items, units, days that are over.

The declared measures say which there are and in which unit; the questionnaires say of which items. What only a run can
tell, that a comparison was carried or a group was large enough, is told on the page of goals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bildungsbedarf.errors import BildungsbedarfError, Problem, nearest
from bildungsbedarf.findings.declared import DECLARED, unit_of
from bildungsbedarf.findings.indicators import indicator_unit
from bildungsbedarf.findings.leitbild import first_year
from bildungsbedarf.findings.model import slug
from bildungsbedarf.findings.wording import item_labels
from bildungsbedarf.needs.about import OPTION, OPTIONS, Measure
from bildungsbedarf.needs.batteries import steps_of
from bildungsbedarf.participation import about as participation_about
from bildungsbedarf.study.leitbild import Evidence, Goal, Target
from bildungsbedarf.study.places import Place, Written
from bildungsbedarf.wave import Study, Wave

_TREND = "trend_"
_OTHER = "other"
_INDICATOR = "indicator"


@dataclass(frozen=True)
class _Citation:
    goal: Goal
    entry: Evidence | Target
    place: Place

    @property
    def measure(self) -> str:
        return self.entry.finding.partition(".")[0]

    @property
    def item(self) -> str:
        return self.entry.finding.partition(".")[2].partition(".")[0]


def citing_problems(study: Study) -> list[Problem]:
    """Citations of leitbild.toml that no run of this study can ever fulfil, and goals that end before they begin.

    Parameters
    ----------
    study
        The study, with leitbild.toml or without.

    Returns
    -------
    list of Problem
        Each with its line; empty where nothing is wrong.

    Examples
    --------
    >>> findings.citing_problems(study)
    []
    """
    leitbild = study.files.leitbild
    if leitbild is None:
        return []
    written = Written(study.files.folder / "leitbild.toml", study.files.project.root)
    waves = study.of_all_audiences
    problems = []
    for number, goal in enumerate(leitbild.goal):
        found = [
            *(one for entry in _citations(number, goal) for one in _of_citation(entry, study, waves)),
            *_of_years(number, goal, study),
        ]
        problems += [Problem(one.what, written.at(*place), one.value, one.expected) for place, one in found]
    return problems


_Found = tuple[Place, Problem]


def _citations(number: int, goal: Goal) -> Iterator[_Citation]:
    for place, entry in enumerate(goal.evidence):
        yield _Citation(goal, entry, ("goal", number, "evidence", place))
    if goal.target is not None:
        yield _Citation(goal, goal.target, ("goal", number, "target"))


def _of_citation(cited: _Citation, study: Study, waves: Sequence[Wave]) -> Iterator[_Found]:
    name, of_goal, place = cited.entry.finding, f"goal {cited.goal.id!r}", (*cited.place, "finding")
    if cited.measure.removeprefix(_TREND) == _INDICATOR:
        yield from _of_indicator(cited, study)
        return
    measure = DECLARED.get(cited.measure.removeprefix(_TREND))
    telling = {key for key, one in DECLARED.items() if one.says.level or one.says.above or one.says.claim}
    if measure is None or measure.key not in telling:
        expected = nearest(cited.measure.removeprefix(_TREND), telling)
        yield (
            (*cited.place, "finding"),
            Problem(f"{of_goal} cites a finding of a measure there is not", "", name, expected),
        )
        return
    unit = unit_of(measure.unit, is_difference=cited.measure.startswith(_TREND) or measure.tells == "group")
    if unit != cited.entry.unit:
        yield (
            (*cited.place, "unit"),
            Problem(f"{of_goal} gives {name} in another unit than it is", "", cited.entry.unit, unit),
        )
    own = [wave for wave in waves if cited.entry.audience in ("", wave.audience)]
    known = [(wave, items) for wave in own if (items := _items(wave, measure)) is not None]
    if not known:
        who = f"audience {cited.entry.audience}" if cited.entry.audience else "any audience"
        asked = sorted({wave.audience for wave in waves if _items(wave, measure) is not None})
        what = f"{of_goal} cites a measure that is not asked of {who}"
        yield place, Problem(what, "", name, f"audience {', '.join(asked)}" if asked else "")
        return
    items = set().union(*(found for _, found in known))
    if items and cited.item not in items:
        yield (
            (*cited.place, "finding"),
            Problem(f"{of_goal} cites a finding of nothing that is asked", "", name, _near(cited, items)),
        )
    yield from _of_groups(cited, study)
    yield from _of_scale(cited, measure, own)
    sharing = dict.fromkeys(wave.audience for wave, found in known if cited.item in found)
    if not cited.entry.audience and len(sharing) > 1:
        what = f"{of_goal} cites a finding that several audiences have, and names none"
        yield place, Problem(what, "", name, f"audience = {' or '.join(sharing)}")


def _of_scale(cited: _Citation, measure: Measure, waves: Sequence[Wave]) -> Iterator[_Found]:
    """A limit in points lies on the scale of its questions; that of a difference within its width."""
    entry, scale = cited.entry, next(filter(None, (_scale(wave, measure) for wave in waves)), None)
    if measure.unit != "mean" or scale is None:
        return
    low, high = scale
    if measure.tells == "difference" or cited.measure.startswith(_TREND):
        low, high = low - high, high - low
    limits = {"value": entry.value} if isinstance(entry, Target) else {"limit": entry.limit, "against": entry.against}
    for name, value in limits.items():
        if value is not None and not low <= value <= high:
            what = f"goal {cited.goal.id!r} holds {entry.finding} against what it can never be"
            yield (*cited.place, name), Problem(what, "", value, f"{low} to {high}")


def _scale(wave: Wave, measure: Measure) -> tuple[int, int] | None:
    """First and last step of the questions of a measure; nothing where it is not asked, or they have no scale."""
    try:
        steps = [steps_of(wave, question) for question in measure.asks(wave, "")]
    except BildungsbedarfError:
        return None
    return (steps[0][0], steps[0][-1]) if steps else None


def _of_groups(cited: _Citation, study: Study) -> Iterator[_Found]:
    """The groups of a finding are categories of variables that study.toml has, as far as it names them."""
    rules = {
        name: rule for audience in study.files.config.audience.values() for name, rule in audience.variables.items()
    }
    named = {
        slug(f"{name}-{category}"): name
        for name, rule in rules.items()
        for category in (*(rule.labels or ()), *(rule.merge or ()), *rule.people)
    }
    for part in cited.entry.finding.split(".")[2:]:
        variable = next((name for name in named.values() if part.startswith(f"{slug(name)}-")), "")
        if variable and part not in named:
            known = [f"{cited.measure}.{cited.item}.{one}" for one, name in named.items() if name == variable]
            what = f"goal {cited.goal.id!r} cites a finding of a group there is not"
            expected = nearest(cited.entry.finding, known)
            yield (*cited.place, "finding"), Problem(what, "", cited.entry.finding, expected)


def _of_indicator(cited: _Citation, study: Study) -> Iterator[_Found]:
    """An indicator must be in indicators.toml, in the unit of the limit, and has no audience."""
    name, of_goal = cited.entry.finding, f"goal {cited.goal.id!r}"
    known = {one.id: one for one in study.files.indicators.indicator} if study.files.indicators is not None else {}
    if cited.item not in known:
        what = f"{of_goal} cites an indicator that is not in indicators.toml"
        yield (*cited.place, "finding"), Problem(what, "", name, _near(cited, known))
        return
    unit = indicator_unit(known[cited.item].unit, is_change=cited.measure.startswith(_TREND))
    if unit != cited.entry.unit:
        what = f"{of_goal} gives {name} in another unit than it is"
        yield (*cited.place, "unit"), Problem(what, "", cited.entry.unit, unit)
    if cited.entry.audience:
        what = f"{of_goal} asks an audience for an indicator"
        yield (*cited.place, "audience"), Problem(what, "", cited.entry.audience, "no audience")


def _near(cited: _Citation, items: Iterable[str]) -> str:
    return nearest(cited.entry.finding, [f"{cited.measure}.{item}" for item in sorted(items)])


def _items(wave: Wave, measure: Measure) -> set[str] | None:
    """Second parts of ids that a measure can have in a wave; empty where any may be, None where it is not asked."""
    if measure.labels is not None and measure.tells == "supply":
        offers = wave.files.offers
        return set(measure.labels(wave, "de")) if offers is not None and offers.audience == wave.audience else None
    if not wave.has_answers:
        return None
    if not wave.has_codebook:
        return set() if measure.key in participation_about.MEASURES else None
    try:
        codes = [code for code in measure.asks(wave, "") if code]
        questions = [wave.codebook[code] for code in codes]
    except BildungsbedarfError:
        return None
    if not questions:
        return set()
    if measure.row == OPTIONS:
        # boxes, and options of single choices; what is no answer of a closed question has no contrast
        closed = {column.name for column in wave.codebook.columns if column.values == "checkbox"}
        return {slug(name) for name in item_labels(measure, wave, "de") if name in closed or OPTION in name}
    claims = {measure.says.claim.suffix} if measure.says.claim is not None else set()
    columns = {column for question in questions for column in wave.codebook.columns_of(question.code)}
    named = {column.item for column in columns} | {column.name for column in columns} | {_OTHER}
    options = {code for question in questions for scale in (0, 1) for code in question.labels("de", scale)}
    scales = {scale.id for scale in wave.scales}
    return claims | named | options | set(codes) | scales


def _of_years(number: int, goal: Goal, study: Study) -> Iterator[_Found]:
    first = first_year(study)
    if first is not None and goal.by <= first:
        what = f"goal {goal.id!r} is to be reached before or with the first survey"
        yield ("goal", number, "by"), Problem(what, "", str(goal.by), f"{first + 1} or later")
