"""What a figure shows, as its title: no more than ranks, claims and intervals carry; else the neutral title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bildungsbedarf.findings import Finding
from bildungsbedarf.report.subjects.known import Entry, Known

LACKING_MOST = "“{item}” is what is lacking most"
_NAMED = 2


def rank_title(known: Known, row: Entry | None, label: str, neutral: str) -> str:
    """Which of all fields it is, by its confidence set of ranks."""
    best, worst = (None if row is None else row.get(name) for name in ("rank_best", "rank_worst"))
    if best is None or worst is None:
        return neutral
    count = len(known.own("unmet_need"))
    text = "“{item}”: place {best} to {worst} of {count} fields"
    if best == worst:
        text = {
            1: "“{item}”: the largest unmet need of all {count} fields",
            count: "“{item}”: the smallest unmet need of all {count} fields",
        }.get(int(best), "“{item}”: place {best} of {count} fields")
    return known.say(text, item=label, best=int(best), worst=int(worst), count=count)


def first_title(known: Known, claim: Finding | None, labels: Mapping[str, str], text: str, neutral: str) -> str:
    """What is certainly first, where a claim says so."""
    if claim is None or claim.wave != known.last:
        return neutral
    return known.say(text, item=labels.get(claim.item, claim.item))


def groups_title(known: Known, claims: Sequence[Finding], label: str, neutral: str) -> str:
    """For whom the need is certainly larger or smaller than for all others."""
    if not known.compares:
        return neutral
    single = [one for one in claims if len(one.groups) == 1]
    larger, smaller = ([one for one in single if one.estimate * side > 0] for side in (1, -1))
    if not single:
        text = "“{item}” by groups" if claims else "“{item}”: between groups no difference can be shown"
        return known.say(text, item=label)
    text = "“{item}”: larger among {larger}, smaller among {smaller}"
    if not smaller or not larger:
        text = "“{item}”: larger among {larger}" if larger else "“{item}”: smaller among {smaller}"
    return known.say(text, item=label, larger=_groups(known, larger), smaller=_groups(known, smaller))


def _groups(known: Known, claims: Sequence[Finding]) -> str:
    """The groups of the largest differences."""
    ordered = sorted(claims, key=lambda one: -abs(one.estimate))
    names = []
    for one in ordered:
        by, group = next(iter(one.groups.items()))
        names.append(known.survey.called(by, group, known.language) or known.group_name(by, group))
    if len(names) <= 1:
        return "".join(names)
    if len(names) == _NAMED:
        return known.say("{one} and {other}", one=names[0], other=names[1])
    return known.say("{one}, {other} and further groups", one=names[0], other=names[1])


def areas_title(known: Known, rows: Iterable[tuple[str, Entry | None]], label: str, neutral: str) -> str:
    """Where it is highest and lowest, or that no municipality differs from another."""
    told = [(name, row) for name, row in rows if row is not None and row["estimate"] is not None]
    if not told or not known.compares:
        return neutral
    bottom, top = (chosen(told, key=lambda one: one[1]["estimate"]) for chosen in (min, max))
    if top[1]["low"] is None or bottom[1]["high"] is None:
        return neutral
    ends = {"low": known.share(bottom[1]["estimate"], 0), "high": known.share(top[1]["estimate"], 0)}
    if top[1]["low"] <= bottom[1]["high"]:
        text = "“{item}”: from {low} to {high}, no difference between municipalities can be shown"
        return known.say(text, item=label, **ends)
    text = "“{item}”: highest in {top} ({high}), lowest in {bottom} ({low})"
    return known.say(text, item=label, top=top[0], bottom=bottom[0], **ends)
