"""What survey and conference say of the same concept: side by side, never in one number."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.findings import Finding
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.wave import Study


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
