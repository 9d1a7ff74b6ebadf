"""How numbers are read: from where to where a scale goes, which scale is not interpreted, whose shares they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bildungsbedarf.codebook import Column
from bildungsbedarf.disclosure import Released
from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings import DECLARED, measure_of
from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.needs.about.fields import UNMET_READING
from bildungsbedarf.needs.answers.scales import RANGES, UNRELIABLE
from bildungsbedarf.needs.batteries import UNMET
from bildungsbedarf.prepare import is_numeric_scale, value_codes
from bildungsbedarf.wave import Wave

_SCALE = "Scale from {low} to {high}."
_WRITTEN = ("words", "keyness")


def reading_notes(facts: Facts, wave: Wave) -> list[str]:
    """What has to be known to read the numbers of a declared measure, in tables and figures alike.

    Parameters
    ----------
    facts
        Of a released frame.
    wave
        The wave it is of; of a change the later one.

    Returns
    -------
    list of str
        Lines in the report's language.

    Examples
    --------
    >>> from bildungsbedarf.show.tables.readings import reading_notes
    >>> reading_notes(bb.estimates.facts_of(needs.importance(wave)), wave)
    ['Skala von 1 (sehr unwichtig) bis 5 (sehr wichtig).']
    """
    if facts.measure not in DECLARED:
        return []
    language = wave.language
    notes = []
    for scale, (low, high) in facts.details.get(RANGES, {}).items():
        title = next(one.title.get(language) for one in wave.scales if one.id == scale)
        notes.append(f"{title}: " + translate(_SCALE, language, low=low, high=high))
    notes += unread(facts.details.get(UNRELIABLE, ()), wave)
    if facts.unit == "mean" and facts.span and RANGES not in facts.details:
        notes += _declared_scales(facts, wave)
    notes += [line for text in measure_of(facts).reading if (line := _reading(text, facts, wave))]
    if facts.measure in _WRITTEN:
        notes.append(translate("Shares of the persons whose answer has at least one letter.", language))
    return notes


def _reading(text: str, facts: Facts, wave: Wave) -> str:
    """A line of the measure's own; what counts as unmet with its cut points, in the words of the questionnaire."""
    if text != UNMET_READING:
        return translate(text, wave.language) if facts.kind == "level" else ""
    if UNMET not in facts.details:
        # columns of one's own say themselves what they count
        return ""
    told = facts.details[UNMET]
    labels = [_words_of_steps(question, wave) for question in told["questions"]] or [{}, {}]
    names = ("important_from", "dissatisfied_to")
    ends = {name: _end(str(told[name]), words) for name, words in zip(names, labels, strict=True)}
    return translate(text, wave.language, **ends)


def _words_of_steps(question: str, wave: Wave) -> Mapping[str, str]:
    """The words of a question's steps; of one that was turned round the words belong to other numbers."""
    if wave.has_needs and question in wave.needs.reversed:
        return {}
    return wave.labels(wave.codebook.columns_of(question)[0].name)


def _declared_scales(facts: Facts, wave: Wave) -> list[str]:
    """The scale of a measure's questions; of two that are told in other words each by its name."""
    found = {
        question: line
        for question in measure_of(facts).asks(wave, "")
        if question in wave.codebook
        for line in scale_lines(wave.codebook.columns_of(question)[:1], wave)
    }
    # columns of one's own have the ends that were said, not those of study.toml's questions
    if facts.scale is not None and not all(_ends(question, wave) == facts.scale for question in found):
        low, high = facts.scale
        return [translate(_SCALE, wave.language, low=low, high=high)]
    if len(set(found.values())) <= 1:
        return list(dict.fromkeys(found.values()))
    texts = {question: wave.codebook[question].text(wave.language) for question in found}
    quoted = {question: translate("“{item}”", wave.language, item=text) for question, text in texts.items()}
    return [f"{quoted[question]}: {line}" for question, line in found.items()]


def _ends(question: str, wave: Wave) -> tuple[int, int]:
    steps = _steps(wave.codebook.columns_of(question)[0], wave)
    return steps[0], steps[-1]


def _steps(column: Column, wave: Wave) -> list[int]:
    return sorted(map(int, value_codes(column, wave.config)))


def scale_lines(columns: Iterable[Column], wave: Wave) -> list[str]:
    """From which step to which the scale of each column goes, in the words of the questionnaire; each line once."""
    lines = []
    for column in columns:
        if is_numeric_scale(column, wave.config):
            steps, labels = _steps(column, wave), wave.labels(column.name)
            low, high = (_end(str(step), labels) for step in (steps[0], steps[-1]))
            lines.append(translate(_SCALE, wave.language, low=low, high=high))
    return list(dict.fromkeys(lines))


def _end(step: str, labels: Mapping[str, str]) -> str:
    """A step with its words, where it has other words than its number."""
    label = labels.get(step, step)
    return step if label == step else f"{step} ({label})"


def unread(scales: Iterable[str], wave: Wave) -> list[str]:
    """That scales are not interpreted, and why, by how high their alpha would have to be."""
    known = {scale.id: scale for scale in wave.scales}
    weak: dict[float, list[str]] = {}
    for name in dict.fromkeys(scales):
        weak.setdefault(known[name].least_alpha, []).append(known[name].title.get(wave.language))
    text = "Not interpreted, because alpha is below {least}: {scales}."
    return [
        translate(text, wave.language, least=number(least, wave.language, 2), scales="; ".join(titles))
        for least, titles in weak.items()
    ]


_FEW = 0.1
"""Weight of the direct value up to which a modelled value says next to nothing of the municipality's own answers."""


def modelled(released: Released, language: str) -> str:
    """How the values came about: answers weighed against what is known, or next to nothing but what is known."""
    weights = released.rows()["shrinkage"].dropna()
    if len(weights) and weights.max() < _FEW:
        text = (
            "Modelled values: they are almost only what size, density and make-up of a municipality suggest; its own "
            "answers have a weight of {most} at most, as they hardly differ more than chance would have it."
        )
        return translate(text, language, most=percent(float(weights.max()), language, 0))
    text = (
        "Modelled values: the answers of each municipality, weighed against what its size, density and make-up suggest."
    )
    return translate(text, language)
