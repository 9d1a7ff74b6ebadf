"""Sentences about persons, rankings, formats, groups and scales; like all, they look at the interval."""

from __future__ import annotations

from bildungsbedarf.findings.phrasing import Context, Row, direction, interval, is_largest, is_missing, say
from bildungsbedarf.language import number, percent
from bildungsbedarf.survey.frames import rounded


def people(row: Row, context: Context) -> str | None:
    """Persons behind an unmet need, with no more digits than the interval carries."""
    if is_missing(row["ci_low"]) or not row["se"] > 0:
        return None
    names = ("ci_low", "estimate", "ci_high")
    low, value, high = (number(rounded(row[name], row["se"]), context.language) for name in names)
    return say(
        "In the field “{item}”, need is unmet for an estimated {value} {people} (95% confidence interval "
        "{low} to {high}).",
        context,
        value=value,
        low=low,
        high=high,
    )


def ranking_first(row: Row, context: Context) -> str:
    """Share with the field in first place."""
    return _share("{share} of {people} who ranked fields put “{item}” first{interval}.", row, context)


def most_often_first(row: Row, context: Context) -> str | None:
    """Only where the field's rank set is {1}."""
    if not is_largest(row):
        return None
    return _share("Most often put first is “{item}”: by {share} of {people} who ranked fields{interval}.", row, context)


def format_gap(row: Row, context: Context) -> str:
    """Share who want a format without using it."""
    return _share("{share} of {people} want “{item}” and do not use it{interval}.", row, context)


def participation(row: Row, context: Context) -> str:
    """Share who took part."""
    return _share("“{item}” – {share} of {people} say yes{interval}.", row, context)


def equity(row: Row, context: Context) -> str | None:
    """A group against all others, where the simultaneous interval of the difference is off 0."""
    sign = direction(row)
    if is_missing(row["sim_low"]) or not sign:
        return None
    template = (
        "In the group {group}, unmet need in the field “{item}” is larger than among all others: {share} against "
        "{other}{interval}."
        if sign > 0
        else "In the group {group}, unmet need in the field “{item}” is smaller than among all others: {share} against "
        "{other}{interval}."
    )
    shares = {name: percent(row[name], context.language) for name in ("share", "other")}
    return say(template, context, **shares, interval=interval(row, "share_difference", context.language))


def quadrant(row: Row, context: Context) -> str | None:
    """A field that is called important and unsatisfactory."""
    if row["category"] != "concentrate_here":
        return None
    return say(
        "“{item}” is more important than the average field and satisfies less: here there is most to do "
        "(certainty {certainty}).",
        context,
        certainty=percent(min(row["certainty"], 0.999), context.language),
    )


def scale(row: Row, context: Context) -> str:
    """Mean score of a scale."""
    return say(
        "{item}: {value} on average{interval} (scale {scale}).",
        context,
        value=number(row["estimate"], context.language, 2),
        interval=interval(row, "mean", context.language),
    )


def _share(template: str, row: Row, context: Context) -> str:
    share = percent(row["estimate"], context.language)
    return say(template, context, share=share, interval=interval(row, "share", context.language))
