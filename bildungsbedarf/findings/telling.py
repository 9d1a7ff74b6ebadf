"""What is said of goals, in words: limits, verdicts, what would change them, progress, and what is lacking.

Everything here is made from numbers as they are printed with the findings.
"""

from __future__ import annotations

from bildungsbedarf.findings.declared import DECLARED
from bildungsbedarf.findings.lacks import Lacked
from bildungsbedarf.findings.leitbild import GoalEvidence, Piece, RoleEvidence, printed
from bildungsbedarf.findings.model import EXACT, Finding
from bildungsbedarf.findings.progress import Detection, Progress
from bildungsbedarf.language import number, percent, signed, translate
from bildungsbedarf.study.leitbild import OTHER_SIDE, Direction, Role
from bildungsbedarf.study.model import Language
from bildungsbedarf.wave import Study

_SUREST = 0.99
"""A certainty is never told as 100 %."""

ROLE_WORDS: dict[Role, str] = {
    "need": "Need",
    "consent": "Consent",
    "supply": "Supply",
    "progress": "Progress",
}
ROLE_QUESTIONS: dict[Role, str] = {
    "need": "Why the goal?",
    "consent": "Who wants it?",
    "supply": "What is there, what is lacking?",
    "progress": "Is it getting better?",
}
_VERDICTS = {
    "carries": "carries the goal",
    "contradicts": "speaks against it",
    "contested": "for and against",
    "open": "leaves it open",
    "met": "target reached",
    "missing": "no finding assigned",
}
_PROGRESS_VERDICTS = {
    "carries": "getting better",
    "contradicts": "getting worse",
    "contested": "better and worse",
    "open": "cannot be said for certain",
    "met": "target reached",
    "missing": "no finding assigned",
}
STATE_WORDS = {
    "met": "target reached",
    "well founded": "well founded",
    "partly founded": "partly founded",
    "contested": "contested",
    "contradicted": "the evidence speaks against it",
    "open": "open",
    "without evidence": "without evidence",
}
_CAUTIONS = {
    "self_selected": "self-selected answers: they decide nothing",
    "thin_base": "rests on few answers",
    "wide_interval": "wide margin of uncertainty",
    "old": "older survey",
    "those_present": "speaks of those present only",
}
_COURSES = {
    "reached": "target reached",
    "missed": "target missed",
    "on track": "on track",
    "off track": "not on track",
    "cannot say": "cannot be said for certain",
    "baseline": "starting value",
    "without data": "not measured yet",
}
_LACKS = {
    "urgent_without_goal": "Urgent need without a goal",
    "group_without_goal": "Group that no goal names",
    "goal_without_evidence": "Goal without evidence",
    "wanted_not_needed": "The conference wants it, the survey shows little need",
    "needed_not_wanted": "The survey shows urgent need, the conference does not want it",
}


def state_words(evidence: GoalEvidence, language: Language) -> str:
    """``well founded``."""
    return translate(STATE_WORDS[evidence.state], language)


def verdict_words(role: RoleEvidence | Piece, language: Language) -> str:
    """``carries the goal``; of progress ``getting better``."""
    name = role.role if isinstance(role, RoleEvidence) else role.evidence.role
    words = _PROGRESS_VERDICTS if name == "progress" else _VERDICTS
    return translate(words[role.verdict], language)


_WITH_UNIT: dict[str, str] = {
    "share_difference": "{number} percentage points",
    "difference": "{number} points",
    "mean": "{number} points",
    "dots": "{number} dots",
    "persons": "{number} people",
}
"""Unit of a finding → the number with it; a share has its percent sign already."""


def value_words(value: float, finding: Finding, language: Language) -> str:
    """A limit or an end of an interval, with the finding's unit."""
    return _with_unit(number_words(value, finding, language), finding, language)


def _with_unit(shown: str, finding: Finding, language: Language) -> str:
    text = _WITH_UNIT.get(finding.unit)
    return translate(text, language, number=shown) if text else shown


def number_words(value: float, finding: Finding, language: Language, *, sign: bool = True) -> str:
    """The number alone; with ``sign`` a share has its percent sign, a difference its plus."""
    shown = printed(finding, value)
    if finding.unit == "share":
        return percent(shown, language, 0 if finding.kind in EXACT and finding.kind != "indicator" else 1, sign=sign)
    write = signed if sign else number
    if finding.unit == "share_difference":
        return write(100 * shown, language, 1)
    if finding.unit == "difference":
        return write(shown, language, 2)
    return number(shown, language, 2 if finding.unit == "mean" else 0)


_FINEST = 6


def limit_value(value: float, finding: Finding, language: Language) -> str:
    """A limit as it was declared, with all its digits: ``25%``, not ``25.0%``; ``16.193%``, not ``16%``."""
    if "difference" in finding.unit and value == 0:
        return translate("no change", language)
    scaled = 100 * value if "share" in finding.unit else value
    if finding.unit == "share":
        return percent(value, language, _digits(scaled))
    write = signed if "difference" in finding.unit else number
    return _with_unit(write(scaled, language, _digits(scaled)), finding, language)


def _digits(value: float) -> int:
    """Decimals a declared number has."""
    return next((digits for digits in range(_FINEST) if round(value, digits) == round(value, _FINEST)), _FINEST)


def interval_words(low: float, high: float, finding: Finding, language: Language) -> str:
    """``30.3 to 36.1%``, the unit once; one value where there is no interval."""
    last = value_words(high, finding, language)
    if value_words(low, finding, language) == last:
        return last
    first = number_words(low, finding, language, sign=False)
    last = last.removeprefix("+")
    return translate("{low} to {high}", language, low=first, high=last)


def side_words(direction: Direction, value: float, finding: Finding, language: Language) -> str:
    """``above 25%``, ``below 1 percentage point``: a limit with all the digits it was declared with."""
    if finding.unit == "share" or ("difference" in finding.unit and value == 0):
        text = {"above": "above {value}", "below": "below {value}"}[direction]
        return translate(text, language, value=limit_value(value, finding, language))
    scaled = 100 * value if "share" in finding.unit else value
    one, several = _SIDES[direction][finding.unit]
    shown = signed(scaled, language, _digits(scaled)).removeprefix("+")
    return translate(one if abs(scaled) == 1 else several, language, number=shown)


_POINTS_ABOVE, _POINTS_BELOW = (
    ("above {number} point", "above {number} points"),
    ("below {number} point", "below {number} points"),
)
_SIDES: dict[Direction, dict[str, tuple[str, str]]] = {
    "above": {
        "share_difference": ("above {number} percentage point", "above {number} percentage points"),
        "difference": _POINTS_ABOVE,
        "mean": _POINTS_ABOVE,
        "dots": ("above {number} dot", "above {number} dots"),
        "persons": ("above {number} person", "above {number} people"),
    },
    "below": {
        "share_difference": ("below {number} percentage point", "below {number} percentage points"),
        "difference": _POINTS_BELOW,
        "mean": _POINTS_BELOW,
        "dots": ("below {number} dot", "below {number} dots"),
        "persons": ("below {number} person", "below {number} people"),
    },
}
"""A limit of one and of several: after "above" a noun has a case of its own in German."""


def limit_words(piece: Piece, language: Language) -> str:
    """``carries above 25%, speaks against it below 10%``."""
    entry, finding = piece.evidence, piece.finding
    text = "carries {side}, speaks against it {other}"
    if entry.role == "progress":
        text = "progress {side}, a step back {other}"
    return translate(
        text,
        language,
        side=side_words(entry.direction, entry.limit, finding, language),
        other=side_words(OTHER_SIDE[entry.direction], entry.turning, finding, language),
    )


def change_words(piece: Piece, language: Language) -> str:
    """The limit, and what would change the verdict of a piece."""
    entry, finding = piece.evidence, piece.finding
    if "self_selected" in piece.cautions:
        return translate("Only a sample drawn by chance could decide.", language)
    interval = interval_words(piece.low, piece.high, finding, language)
    side = side_words(entry.direction, entry.limit, finding, language)
    is_exact = finding.kind in EXACT
    if entry.role == "progress":
        text = "It would count as progress if the whole margin lay {side} (now: {interval})."
        if piece.verdict == "carries":
            text = "It counts as progress as long as the whole margin lies {side} (now: {interval})."
    elif piece.verdict == "carries":
        text = "It carries as long as the whole margin lies {side} (now: {interval})."
        if is_exact:
            text = "It carries as long as it lies {side} (now: {interval})."
    elif is_exact:
        text = "It would carry if it lay {side} (now: {interval})."
    else:
        text = "It would carry if the whole margin lay {side} (now: {interval})."
    told = translate(text, language, side=side, interval=interval)
    if piece.verdict == "met":
        return translate(
            "The need that founded the goal is smaller than its target (now: {interval}).", language, interval=interval
        )
    if entry.turning == entry.limit and piece.verdict != "contradicts":
        return told
    against = side_words(OTHER_SIDE[entry.direction], entry.turning, finding, language)
    text = _AGAINST[entry.role == "progress", is_exact, piece.verdict == "contradicts"]
    return f"{told} {translate(text, language, side=against)}"


_AGAINST = {
    (False, False, False): "It would speak against the goal if the whole margin lay {side}.",
    (False, False, True): "It speaks against the goal as long as the whole margin lies {side}.",
    (False, True, False): "It would speak against the goal if it lay {side}.",
    (False, True, True): "It speaks against the goal as long as it lies {side}.",
    (True, False, False): "It would count as a step back if the whole margin lay {side}.",
    (True, False, True): "It counts as a step back as long as the whole margin lies {side}.",
    (True, True, False): "It would count as a step back if it lay {side}.",
    (True, True, True): "It counts as a step back as long as it lies {side}.",
}
"""What would turn a finding against its goal, by whether it is progress, a count, and whether it does so now."""


def caution_words(piece: Piece, language: Language) -> list[str]:
    """What is to be kept in mind with a piece."""
    return [translate(_CAUTIONS[name], language) for name in piece.cautions]


def needed_words(evidence: GoalEvidence, language: Language) -> str:
    """What is missing for the goal to be well founded; "" where it is, or where something speaks against it."""
    if not evidence.needed or evidence.state in ("met", "contested", "contradicted", "well founded"):
        return ""
    roles = translate(" and ", language).join(translate(ROLE_WORDS[role], language) for role in evidence.needed)
    return translate("The goal would be well founded if findings on {roles} carried it too.", language, roles=roles)


def against_words(evidence: GoalEvidence, language: Language) -> list[str]:
    """For and against, by name, of a goal that is contested."""
    if evidence.state != "contested":
        return []
    texts = {"carries": "For it: {statement}", "contradicts": "Against it: {statement}"}
    return [
        translate(text, language, statement=piece.finding.statement[language])
        for mark, text in texts.items()
        for piece in evidence.pieces
        if piece.verdict == mark and piece.evidence.role != "progress"
    ]


def target_words(course: Progress, language: Language) -> str:
    """``Target: below 20% by 2032; starting value 47.6% (2026), now 33.1% (2028): on track``."""
    goal, points = course.goal, course.points
    target = goal.target
    if target is None or not points:
        return translate(_COURSES["without data"], language)
    first, last = points[0], points[-1]
    told = {
        "what": _measured(first.finding, language),
        "side": side_words(target.direction, target.value, first.finding, language),
        "year": goal.by,
        "start": value_words(first.finding.estimate, first.finding, language),
        "first": first.wave,
        "now": value_words(last.finding.estimate, last.finding, language),
        "last": last.wave,
        "course": translate(_COURSES[last.course], language),
    }
    text = "Target{what}: {side} by {year}. Starting value {start} ({first}), now {now} ({last}): {course}."
    if len(points) == 1:
        text = "Target{what}: {side} by {year}. Starting value {start} ({first})."
    shown = translate(text, language, **told)
    if course.is_met_at_start:
        shown += " " + translate("The starting value lay beyond the target already.", language)
    return shown


def _measured(finding: Finding, language: Language) -> str:
    """`` (unmet need: “Digital skills”)``: what a target is measured by; official statistics say it themselves."""
    measure = DECLARED.get(finding.measure)
    if measure is None or "{" in measure.head:
        return ""
    asked, _, item = finding.wording[language].rpartition(" – ")
    head = translate(measure.head, language)
    if not asked:
        return f" ({head})"
    return f" ({head}: {translate('“{item}”', language, item=item)})"


def course_words(course: Progress, language: Language) -> str:
    """``on track``."""
    return translate(_COURSES[course.course], language)


def detection_words(one: Detection, study: Study, language: Language) -> str:
    """Whether the next survey would show the change to the target, and how many answers it would take."""
    people = group_words(study, one.group, language) if one.group else translate("all people", language)
    power = percent(min(one.power, _SUREST), language, 0)
    told = {"people": people, "power": power, "n": number(one.n, language)}
    if one.is_enough:
        text = (
            "If the value reached the target, a next survey like the last one would show the change since the start "
            "({people}; power {power})."
        )
    elif one.needed is None:
        text = (
            "No next survey could show this change reliably ({people}): the starting value alone is too uncertain "
            "for a change this small."
        )
    else:
        text = (
            "A next survey like the last one could not show this change reliably ({people}; power {power} with "
            "{n} answers); about {needed} answers would be needed."
        )
        told["needed"] = number(_up(one.needed), language)
    return translate(text, language, **told)


def _up(value: int) -> int:
    """Two significant digits, never fewer than needed."""
    step = 10 ** max(len(str(value)) - 2, 0)
    return int(-(-value // step) * step)


def group_words(study: Study, group: str, language: Language) -> str:
    """``Menschen ab 65 Jahren``: as study.toml calls the people of a group."""
    variable, _, category = group.partition("=")
    for audience in study.files.config.audience.values():
        rule = audience.variables.get(variable)
        if rule is not None and category in rule.people:
            return rule.people[category].get(language)
    return category


def lack_words(one: Lacked, study: Study, language: Language) -> tuple[str, list[str]]:
    """The kind, and the sentences (or the goal) it is about."""
    leitbild = study.files.leitbild
    if one.about and leitbild is not None:
        return translate(_LACKS[one.kind], language), [leitbild.goal_of(one.about).title.get(language)]
    return translate(_LACKS[one.kind], language), [finding.statement[language] for finding in one.findings]
