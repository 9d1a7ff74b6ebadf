"""Findings as a list of sentences that carries the register's entries."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.findings import Finding
from bildungsbedarf.findings.model import CLAIMS
from bildungsbedarf.language import number, translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.wave import Study, Wave

_FEW = 3
"""Changes that cannot be shown: more than these are folded beneath one sentence."""


def sentences(findings: Sequence[Finding], wave: Wave | Study, *, empty: str = "") -> Block:
    """Statements in the report's language, claims first; their entries go into findings.json.

    ``empty`` is said where there is no statement; default: that nothing can be told apart from chance.

    Parameters
    ----------
    findings
        Findings of the register.
    wave
        One audience in one wave; the study for findings of official statistics.
    empty
        Said where there is no statement.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.sentences([], wave).text
    'Alle Vergleiche dieses Abschnitts zusammengenommen lässt sich kein Unterschied sicher sagen.'
    """
    is_claim = [finding.headline or finding.kind in CLAIMS for finding in findings]
    shown = [{"anchor": finding.id, "text": finding.statement[wave.language]} for finding in findings]
    first, others = ([s for s, claim in zip(shown, is_claim, strict=True) if claim is side] for side in (True, False))
    summary = translate("All statements in detail", wave.language)
    reason = (
        "Nothing here can be told apart from chance."
        if isinstance(wave, Study) or wave.allows_inference
        else "Self-selected answers carry no such statement."
    )
    nothing = "" if shown else empty or translate(reason, wave.language)
    is_still = not first and len(others) > _FEW and all(finding.kind == "trend" for finding in findings)
    lead = ""
    if is_still:
        text = "In none of the {n} comparisons can a change be shown."
        lead = translate(text, wave.language, n=number(len(others), wave.language))
    html = render("sentences.html", lead=lead, first=first, others=others, summary=summary, nothing=nothing)
    told = [*([lead] if lead else []), *(f"• {entry['text']}" for entry in shown)]
    text = nothing or "\n".join(told)
    return Block("findings", html, text, {"findings": [finding.model_dump() for finding in findings]})


def no_earlier_wave(wave: Wave) -> Block:
    """That there is no earlier survey to compare with.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.no_earlier_wave(wave).text
    'Es gibt keine frühere Befragung, mit der sich vergleichen ließe.'
    """
    return sentences([], wave, empty=translate("There is no earlier survey to compare with.", wave.language))


def no_reliable_scale(wave: Wave) -> Block:
    """That none of the scales measures one thing, so that their questions stand by themselves.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.no_reliable_scale(wave).kind
    'findings'
    """
    text = "None of the scales measures one thing in this survey: their questions are reported one by one."
    return sentences([], wave, empty=translate(text, wave.language))
