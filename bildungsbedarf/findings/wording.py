"""What a finding speaks of: questions and their wording, items, groups, bases and scales in the report's languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from bildungsbedarf.estimates import Facts
from bildungsbedarf.language import translate
from bildungsbedarf.needs.about import OPTION, OPTIONS, Measure
from bildungsbedarf.needs.about.answers import NO_THEME
from bildungsbedarf.needs.groups.crossed import CROSS, CROSSED
from bildungsbedarf.participation.about import COUNTED
from bildungsbedarf.prepare.quality import OTHER_REASONS, merge_small
from bildungsbedarf.wave import Wave


def question_columns(measure: Measure, questions: Sequence[str], item: str) -> list[str]:
    """``WICHT[F05]``; the question alone where it has no items, or the measure is of several."""
    return [f"{question}[{item}]" if measure.has_items else question for question in questions]


def left_out(wave: Wave, measure: Measure, questions: Sequence[str], item: str, n: int) -> dict[str, int]:
    """Counted persons who are not among the ``n`` of the base, by the first reason; small ones merged or not told."""
    if not questions:
        return {}
    columns = [
        column.name
        for question in questions
        for column in wave.codebook.columns_of(question)
        if not measure.has_items or column.item in ("", item)
    ]
    out = len(wave.responses) - n
    first = pd.Series(pd.NA, index=wave.missing.index, dtype="string")
    for name in columns:
        first = first.fillna(wave.missing[name].astype("string"))
    counts = {str(name): int(count) for name, count in first.value_counts().items()}
    if sum(counts.values()) != out:
        # the base has a rule of its own: how many are not in it is all that can be said
        counts = {OTHER_REASONS: out} if out > 0 else {}
    merged, _ = merge_small(counts, wave.files.config.disclosure.minimum_cell)
    return {name: count for name, count in merged.items() if count}


def item_labels(measure: Measure, wave: Wave, language: str) -> dict[str, str]:
    """Item code → label in the measure's question; the written "other" has one too.

    Parameters
    ----------
    measure
        A declared measure.
    wave
        One audience in one wave.
    language
        ``de`` or ``en``; default: the reports'.

    Returns
    -------
    dict
        Item code → label.

    Examples
    --------
    >>> findings.item_labels(findings.DECLARED["unmet_need"], wave, "en")["F05"]
    'Digital skills'
    """
    if measure.labels is not None:
        own = measure.labels(wave, language)
        return own | {NO_THEME: translate("Assigned to no theme", language)} if measure.key == "themes" else own
    if measure.row == "Scale":
        return {scale.id: scale.title.get(language) for scale in wave.scales}
    if measure.row == OPTIONS:
        return _option_labels(wave, language)
    if not (asked := measure.asks(wave, "")):
        return {}
    question = asked[0]
    labels = wave.codebook[question].items(language)
    if not labels:
        return {question: wave.codebook[question].text(language)}
    if wave.codebook[question].other:
        labels["other"] = translate("Other reasons", language)
    return labels


def _option_labels(wave: Wave, language: str) -> dict[str, str]:
    """``Wie oft? – täglich`` by ``QUESTION=option``, ``Was nutzen Sie? – Bus`` by box."""
    found: dict[str, str] = {}
    for column in wave.codebook.columns:
        question = wave.codebook[column.question]
        asked, item = question.text(language), question.items(language).get(column.item, "")
        whole = f"{asked} – {item}" if item else asked
        found[column.name] = whole
        for code, label in question.labels(language, column.scale).items() if column.values == "choice" else ():
            found[f"{column.name}{OPTION}{code}"] = f"{whole} – {label}"
    return found


def named(measure: Measure, wave: Wave, facts: Facts, language: str) -> dict[str, str]:
    """What the measure's head and sentences name: ``“rarely” or “often”``."""
    labels = measure.names(wave, facts.details, language)
    quoted = {key: [translate("“{item}”", language, item=text) for text in texts] for key, texts in labels.items()}
    return {key: translate(" or ", language).join(texts) for key, texts in quoted.items()}


def groups_of(row: Mapping[str, Any], facts: Facts) -> dict[str, str]:
    """Grouping variable → category of a row; crossed groups name theirs in the row."""
    if facts.layout == CROSSED:
        return dict(zip(str(row["by"]).split(CROSS), str(row["group"]).split(CROSS), strict=True))
    return {name: str(row[name]) for name in facts.by}


_ANYONE = {"de": "Menschen", "en": "people"}
"""The noun that gives way to another: ``women`` and ``people over 65`` are ``women over 65``."""


def group_words(groups: Mapping[str, str], wave: Wave, language: str) -> str:
    """``Frauen ab 65 Jahren``, as study.toml calls people; else ``der Gruppe „65+“ (Altersgruppe)``.

    Nothing for the whole. In the case that follows "bei".
    """
    named = [wave.called(name, value, language) for name, value in groups.items()]
    if named and all(named):
        first, *others = sorted(named, key=lambda text: text.startswith(_ANYONE[language]))
        joined = first + "".join(
            text.removeprefix(_ANYONE[language]) if text.startswith(_ANYONE[language]) else f", {text}"
            for text in others
        )
        # a clause or a second noun is closed before the sentence goes on
        return f"{joined}," if "," in joined else joined
    labels = ", ".join(
        translate(
            "“{label}” ({title})",
            language,
            label=wave.labels(name, language).get(value, value),
            title=wave.title(name, language),
        )
        for name, value in groups.items()
    )
    return translate("the group {labels}", language, labels=labels) if groups else ""


def wording_of(wave: Wave, questions: Sequence[str], item: str, language: str) -> str:
    """The wording of all questions, with the item's."""
    texts = []
    for question in questions:
        label = wave.codebook[question].items(language).get(item, "")
        text = wave.codebook[question].text(language)
        texts.append(f"{text} – {label}" if label else text)
    return " / ".join(texts)


def base_of(measure: Measure, wave: Wave, groups: Mapping[str, str], language: str) -> str:
    """Whom the estimate speaks of."""
    people = wave.population[language] if wave.allows_inference else wave.people(language)
    text = translate(COUNTED if wave.counts_dots else measure.base, language, people=people)
    return "; ".join([text, *group_labels(groups, wave, language)])


def group_labels(groups: Mapping[str, str], wave: Wave, language: str) -> list[str]:
    """``Altersgruppe: 65+``, one a grouping variable."""
    return [
        f"{wave.title(name, language)}: {wave.labels(name, language).get(value, value)}"
        for name, value in groups.items()
    ]


def scale_words(measure: Measure, item: str, wave: Wave, language: str) -> str:
    """``1 bis 5``: lowest and highest step of the measure's question, without codes that are no values."""
    question = measure.asks(wave, item)[0]
    columns = wave.codebook.columns_of(question)
    dropped = wave.config.missing_codes(question)
    codes = [code for code in columns[0].codes if code not in dropped]
    return translate("{low} to {high}", language, low=codes[0], high=codes[-1]) if codes else ""
