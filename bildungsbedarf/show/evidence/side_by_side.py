"""What survey and conference say of the same concept: side by side, never in one number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.ticker import FuncFormatter

from bildungsbedarf.findings import Finding
from bildungsbedarf.findings.side_by_side import BOTH, CONFERENCE_ONLY, NEITHER, OPEN, SURVEY_ONLY
from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.figures.drawing import figure_block, wrapped
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.notes import self_selection, source_line
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.wave import Study, Wave


def concepts(survey: Sequence[Finding], conference: Sequence[Finding], study: Study, *, title: str = "") -> Block:
    """One row a concept that both were asked about, with the statements of each.

    Parameters
    ----------
    survey
        Findings of a survey.
    conference
        Findings of a conference.
    study
        The study.
    title
        Default: what the measure is called.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.concepts([], [], study).kind
    'concepts'
    """
    language = study.language
    title = title or translate("What survey and conference say on the same subjects", language)
    rows = []
    for name, concept in study.files.config.concept.items():
        sides = [
            [finding.statement[language] for finding in found if finding.concept == name]
            for found in (survey, conference)
        ]
        if all(sides):
            rows.append({"label": concept.title.get(language), "sides": sides})
    headings = [translate(word, language) for word in ("Concept", "Survey", "Conference")]
    nothing = translate("There is no subject on which both were asked.", language)
    html = render("concepts.html", title=title, headings=headings, rows=rows, nothing=nothing)
    text = "\n".join([title, *(str(row["label"]) for row in rows)])
    return Block("concepts", html, text, {"title": title})


_RELATIONS = {
    BOTH: "both put it in front",
    SURVEY_ONLY: "in front in the survey, not at the conference",
    CONFERENCE_ONLY: "in front at the conference, not in the survey",
    NEITHER: "neither puts it in front",
    OPEN: "it is left open",
}
_RULE = (
    "In front in the survey: the whole interval (for all fields at once) lies above the mean of all fields; at the "
    "conference: more than an even share of the dots. Lines at both."
)


def side_by_side(frame: pd.DataFrame, survey: Wave, conference: Wave, *, title: str = "", name: str = "") -> Block:
    """Survey and conference beside each other, a line a subject: needs with intervals, dots as shares, not one number.

    Parameters
    ----------
    frame
        What ``findings.side_by_side`` returned.
    survey
        The survey's wave.
    conference
        The conference's.
    title
        Default: what is shown.
    name
        Makes ids unique on a page.

    Returns
    -------
    Block
        Drawing, notes, sources, the numbers with what follows as a table; a table alone where there is no subject.

    Examples
    --------
    >>> survey = study.wave("2026")
    >>> need, dots = disclosure.release(needs.unmet(survey)), disclosure.release(participation.dots(conference))
    >>> found = findings.side_by_side(need, dots, survey, conference)
    >>> show.side_by_side(found, survey, conference).payload["name"]
    'side-by-side-konferenz1'
    """
    language = survey.language
    title = title or translate("What survey and conference put in front", language)
    twin = _numbers(frame, survey, conference, title)
    shown = frame.dropna(subset=["survey", "conference"])
    if shown.empty:
        return twin
    rows = shown.sort_values("survey", ignore_index=True).assign(place=range(len(shown)))
    rows = rows.astype({name: "float64" for name in rows.columns if rows[name].dtype == "Float64"})
    chart, left, right = style.pair(len(rows))
    marks.ranges(left, rows, "survey_low", "survey_high", color=style.DARK, linewidth=2.4, alpha=0.55)
    marks.points(left, rows, "survey", color=style.DARK, pointsize=7)
    marks.points(right, rows, "conference", color=style.AMBER, marker="D", pointsize=7)
    heads = ("Survey: unmet need", "Conference: share of the dots")
    lines = (rows["survey_mean"].iloc[0], rows["conference_even"].iloc[0])
    ends = (rows[["survey", "survey_high"]].max().max(), rows["conference"].max())
    for axes, head, at, end in zip((left, right), heads, lines, ends, strict=True):
        axes.axvline(at, color=style.GREY, linewidth=1, zorder=0.5)
        axes.set_xlim(0, 1.1 * max(float(end), at))
        axes.set_xlabel("\n".join(wrapped(translate(head, language))))
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: percent(value, language, 0)))
    left.set_yticks(range(len(rows)), ["\n".join(wrapped(text)) for text in rows["title"]])
    left.set_ylim(-0.6, len(rows) - 0.4)
    right.tick_params(labelleft=False)
    # two charts beside each other have no room on a phone
    chart.set_label(style.ONLY_WIDE)
    alt = " ".join([f"{title}.", *_sentences(frame, language)])
    notes = [translate(_RULE, language), *_sources(survey, conference)]
    return figure_block(chart, name or f"side-by-side-{conference.audience}", title, alt, twin, notes, language)


def _sentences(frame: pd.DataFrame, language: str) -> list[str]:
    """``both put it in front: Digital skills.``, each relation that occurs once."""
    return [
        f"{_begun(translate(text, language))}: {', '.join(titles)}."
        for relation, text in _RELATIONS.items()
        if len(titles := list(frame.loc[frame["relation"] == relation, "title"]))
    ]


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _sources(survey: Wave, conference: Wave) -> list[str]:
    told = [] if survey.allows_inference else self_selection(survey)
    return [*told, source_line(survey, conference)]


_HIDDEN = Cell("–", hidden=True)


def _numbers(frame: pd.DataFrame, survey: Wave, conference: Wave, title: str) -> Block:
    language = survey.language
    heads = ("Unmet need, survey", "Share of the dots, conference", "Agreement, conference", "What follows")
    rows = []
    for row in frame.to_dict("records"):
        interval = ""
        if pd.notna(row["survey_low"]):
            interval = "–".join(percent(row[end], language, 1, sign=False) for end in ("survey_low", "survey_high"))
        placed = _HIDDEN
        if pd.notna(row["conference"]):
            dots = translate("{dots} dots", language, dots=number(row["conference_count"], language))
            placed = Cell(percent(row["conference"], language, 0), dots)
        cells: list[Any] = [
            _HIDDEN if pd.isna(row["survey"]) else Cell(percent(row["survey"], language, 1), interval),
            placed,
            _HIDDEN if pd.isna(row["agreement"]) else Cell(percent(float(row["agreement"]), language, 0)),
            Cell(translate(_RELATIONS[row["relation"]], language)),
        ]
        rows.append(Row(str(row["title"]), cells))
    headings = [translate(head, language) for head in heads]
    nothing = [] if rows else [translate("There is no subject on which both were asked.", language)]
    notes = [*nothing, translate(_RULE, language), *_sources(survey, conference)]
    return plain_table(title, translate("Concept", language), headings, rows, notes, language=language)
