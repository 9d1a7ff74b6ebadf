"""Sentences from templates that look at the interval, never at the point alone.

Each function gets one released row and returns the English template and its values, or ``None``
where the row carries no such sentence. Templates are the keys of the language catalogues.
"""

from __future__ import annotations

from collections.abc import Callable

from bildungsbedarf.findings import more_sentences as more
from bildungsbedarf.findings.phrasing import (
    Context,
    Row,
    direction,
    interval,
    interval_text,
    is_largest,
    is_missing,
    say,
)
from bildungsbedarf.language import number, percent, signed

HALF = 0.5


def unmet_need(row: Row, context: Context) -> str:
    """Share with an unmet need in one field."""
    return say(
        "Of {people} who judged both, {share} consider offers in the field “{item}” important and are "
        "dissatisfied with the offers near them{interval}.",
        context,
        share=percent(row["estimate"], context.language),
        interval=interval(row, "share", context.language),
    )


def largest_unmet_need(row: Row, context: Context) -> str | None:
    """Only where the field's rank set is {1}; "more than half" only where the interval is above it."""
    if not is_largest(row):
        return None
    more_than_half = row["sim_low"] > HALF
    if context.group:
        template = (
            "In the group {group}, unmet need is largest in the field “{item}”: more than half, {share}{interval}."
            if more_than_half
            else "In the group {group}, unmet need is largest in the field “{item}”: {share}{interval}."
        )
    else:
        template = (
            "Unmet need is largest in the field “{item}”: more than half of {people}, {share}{interval}."
            if more_than_half
            else "Unmet need is largest in the field “{item}”: {share} of {people}{interval}."
        )
    return say(
        template,
        context,
        share=percent(row["estimate"], context.language),
        interval=interval(row, "share", context.language),
    )


def gap(row: Row, context: Context) -> str | None:
    """Importance against satisfaction; says nothing without an interval."""
    if is_missing(row["sim_low"]):
        return None
    templates = {
        1: "In the field “{item}”, importance is {value} points above satisfaction ({interval}; scale {scale}).",
        -1: "In the field “{item}”, importance is {value} points below satisfaction ({interval}; scale {scale}).",
        0: "In the field “{item}”, importance and satisfaction do not differ demonstrably ({interval}; scale {scale}).",
    }
    return say(
        templates[direction(row)],
        context,
        value=number(abs(row["estimate"]), context.language, 2),
        interval=interval_text(row, "mean", context.language),
    )


def barrier(row: Row, context: Context) -> str:
    """Share naming a barrier."""
    return say(
        "{share} of {people} name “{item}” as a reason that kept them from taking part{interval}.",
        context,
        share=percent(row["estimate"], context.language),
        interval=interval(row, "share", context.language),
    )


def most_frequent_barrier(row: Row, context: Context) -> str | None:
    """Only where the barrier's rank set is {1}."""
    if not is_largest(row):
        return None
    template = (
        "In the group {group}, the most frequent barrier is “{item}”: {share}{interval}."
        if context.group
        else "The most frequent barrier is “{item}”: {share} of {people}{interval}."
    )
    return say(
        template,
        context,
        share=percent(row["estimate"], context.language),
        interval=interval(row, "share", context.language),
    )


def trend_satisfaction(row: Row, context: Context) -> str | None:
    """Change of satisfaction; risen or fallen only where the simultaneous interval says so."""
    if is_missing(row["sim_low"]):
        return None
    templates = {
        1: "Satisfaction with the offers in the field “{item}” rose from {before} to {after}: "
        "{value} points{interval}.",
        -1: "Satisfaction with the offers in the field “{item}” fell from {before} to {after}: "
        "{value} points{interval}.",
        0: "In the field “{item}”, no change of satisfaction from {before} to {after} can be shown{interval}.",
    }
    return say(
        templates[direction(row)],
        context,
        value=signed(row["estimate"], context.language, 2),
        interval=interval(row, "difference", context.language),
    )


def trend_unmet_need(row: Row, context: Context) -> str | None:
    """Change of unmet need, in percentage points."""
    if is_missing(row["sim_low"]):
        return None
    templates = {
        1: "Unmet need in the field “{item}” grew from {before} to {after}: {value} percentage points{interval}.",
        -1: "Unmet need in the field “{item}” shrank from {before} to {after}: {value} percentage points{interval}.",
        0: "In the field “{item}”, no change of unmet need from {before} to {after} can be shown{interval}.",
    }
    return say(
        templates[direction(row)],
        context,
        value=signed(100 * row["estimate"], context.language, 1),
        interval=interval(row, "share_difference", context.language),
    )


def agreement(row: Row, context: Context) -> str:
    """Agreement on a ballot, in persons."""
    return say(
        "{count} of {n} {people} ({share}) agree: “{item}”",
        context,
        count=number(row["count"], context.language),
        n=number(row["n"], context.language),
        share=percent(row["estimate"], context.language, 0),
    )


def dots(row: Row, context: Context) -> str:
    """Dots a goal received."""
    return say(
        "“{item}” received {value} of {total_dots} dots ({share}).",
        context,
        value=number(row["estimate"], context.language),
        total_dots=number(context.total, context.language),
        share=percent(row["share"], context.language, 0),
    )


def most_agreed(row: Row, context: Context) -> str | None:
    """The statement most people present agree with; exact among them, ties make no claim."""
    if not is_largest(row):
        return None
    return say(
        "Of all statements, {people} agree most with “{item}”: {count} of {n} ({share}).",
        context,
        count=number(row["count"], context.language),
        n=number(row["n"], context.language),
        share=percent(row["estimate"], context.language, 0),
    )


def most_dots(row: Row, context: Context) -> str | None:
    """The goal with the most dots; exact among those present, ties make no claim."""
    if not is_largest(row):
        return None
    return say(
        "“{item}” received the most dots: {value} of {total_dots} ({share}).",
        context,
        value=number(row["estimate"], context.language),
        total_dots=number(context.total, context.language),
        share=percent(row["share"], context.language, 0),
    )


SENTENCES: dict[str, Callable[[Row, Context], str | None]] = {
    "unmet_need": unmet_need,
    "gap": gap,
    "barrier": barrier,
    "trend_satisfaction": trend_satisfaction,
    "trend_unmet_need": trend_unmet_need,
    "agreement": agreement,
    "dots": dots,
    "people": more.people,
    "ranking_first": more.ranking_first,
    "format_wanted_not_used": more.format_gap,
    "participation": more.participation,
    "equity": more.equity,
    "intersection": more.equity,
    "quadrant": more.quadrant,
    "scale": more.scale,
}
CLAIMS: dict[str, tuple[str, Callable[[Row, Context], str | None]]] = {
    "unmet_need": ("largest", largest_unmet_need),
    "barrier": ("most_frequent", most_frequent_barrier),
    "agreement": ("most", most_agreed),
    "dots": ("most", most_dots),
    "ranking_first": ("most", more.most_often_first),
}
