"""What stands beneath tables and figures: what intervals are, who is no group, where the numbers come from."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.disclosure import Released
from bildungsbedarf.estimates import Facts
from bildungsbedarf.language import number, translate
from bildungsbedarf.needs.groups.crossed import CROSSED
from bildungsbedarf.show.tables.statistics import is_fixed
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.cited import sources_of

EXAMPLE = "Example data, made up."
"""What the pages of a study say whose data nobody gave."""


def source_notes(
    parts: Sequence[Released], wave: Wave, *, intervals: bool = True, earlier: Wave | None = None
) -> list[str]:
    """What self-selection means or what brackets are, and where the numbers come from."""
    notes = []
    if any(not part.facts.carries_inference for part in parts):
        notes += self_selection(wave)
    elif intervals:
        told = [part.facts for part in parts if not part.facts.is_census and not is_fixed(part).all()]
        if any(not facts.joint for facts in told):
            text = "In brackets: interval of uncertainty ({level}% confidence interval)."
            notes += [translate(text, wave.language, level=level) for level in _levels(told)]
        if joint := [facts.family for facts in told if facts.joint]:
            text = (
                "In brackets: interval of uncertainty that holds for all {count} comparisons at once "
                "(joint {level}% confidence interval)."
            )
            if any(facts.layout == CROSSED for facts in told):
                # their number is that of all groups and answers that were compared, of which few are rows
                text = (
                    "In brackets: interval of uncertainty that holds for all comparisons at once "
                    "(joint {level}% confidence interval)."
                )
            notes += [translate(text, wave.language, count=max(joint), level=level) for level in _levels(told)]
    cited = _cited(parts, wave, earlier)
    return [*notes, *_apart(parts, wave), source_line(*cited)]


def _cited(parts: Sequence[Released], wave: Wave, earlier: Wave | None) -> list[Wave]:
    """The waves the numbers are of: those handed in, and others that parts beside them say they are of."""
    known = {(one.name, one.audience): one for one in ([earlier] if earlier else []) + [wave]}
    for source in [source for part in parts for source in sources_of(part.facts)]:
        if source.study == wave.study_name and (source.wave, source.audience) not in known:
            other = Wave(wave.files, source.wave, source.audience)
            known |= {(other.name, other.audience): other} if other.has_answers else {}
    return list(known.values())


def _levels(told: Sequence[Facts]) -> list[str]:
    return list(dict.fromkeys(f"{100 * facts.level:g}" for facts in told))


def _apart(parts: Sequence[Released], wave: Wave) -> list[str]:
    """Which people are no group of their own where estimates are split by their variable."""
    text = "Too few for a group of their own, counted where all are counted: {labels} ({title})."
    names = dict.fromkeys(str(name) for part in parts for name in (*part.facts.by, *part.frame["variable"]))
    return [
        translate(text, wave.language, labels=", ".join(labels), title=wave.title(name))
        for name in names
        if (labels := wave.apart(name))
    ]


def self_selection(wave: Wave) -> list[str]:
    """What self-selection means, in the report's words."""
    text = (
        "Self-selected respondents: the numbers describe those who answered. "
        "Whether others would answer alike cannot be concluded from them."
    )
    is_weighted = wave.config.weighting.method != "none"
    modelled = ["Weighted shares of self-selected respondents are modelled values."] if is_weighted else []
    return [translate(sentence, wave.language) for sentence in (text, *modelled)]


def citations(wave: Wave, files: Sequence[str]) -> list[str]:
    """Whose data the files of data/reference are, as study.toml's ``[sources]`` says; each once."""
    known = wave.files.config.sources
    texts = dict.fromkeys(known[name].get(wave.language) for name in files if name in known)
    return [translate("Data: {sources}.", wave.language, sources="; ".join(texts))] if texts else []


def source_line(*waves: Wave) -> str:
    """Where the numbers come from: survey, wave, persons, snapshot.

    Parameters
    ----------
    waves
        The waves the numbers come from.

    Returns
    -------
    str
        In the report's language.

    Examples
    --------
    >>> show.source_line(wave)[:63]
    'Beispieldaten, erfunden. Quelle: Befragung der Erwachsenen 2026'
    """
    language = waves[0].language
    parts = []
    for wave in waves:
        title = wave.config.called(wave.audience, language)
        text = "{title} {wave}, {persons} dots, snapshot {snapshot}"
        parts.append(
            translate(
                text if wave.counts_dots else "{title} {wave}, {persons} persons, snapshot {snapshot}",
                language,
                title=title,
                wave=wave.name,
                persons=number(wave.quality.counted, language),
                snapshot=wave.snapshot.short,
            )
        )
    return example_or(translate("Source: {parts}.", language, parts="; ".join(parts)), waves[0])


def source_among(notes: Sequence[str], language: str) -> str:
    """The line among notes that says where the numbers come from; nothing where none does."""
    start = translate("Source: {parts}.", language, parts="").rstrip(".")
    return next((note for note in reversed(notes) if start in note), "")


def example_or(source: str, wave: Wave) -> str:
    """A source, and before it that the data are made up where they are."""
    return f"{translate(EXAMPLE, wave.language)} {source}" if wave.files.config.study.example else source
