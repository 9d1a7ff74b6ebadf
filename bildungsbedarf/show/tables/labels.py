"""What tells the rows of a released frame apart, and what they are called; whose numbers they are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import pandas as pd

from bildungsbedarf.codebook import Column
from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.errors import ConfigError, DisclosureError
from bildungsbedarf.estimates import Facts
from bildungsbedarf.findings import DECLARED, item_labels, measure_of
from bildungsbedarf.findings.wording import group_labels, groups_of
from bildungsbedarf.language import number, percent, translate
from bildungsbedarf.needs.answers.scales import ALPHA, SPEARMAN_BROWN
from bildungsbedarf.needs.fields.measures import BOTTOM, TOP
from bildungsbedarf.needs.groups.crossed import CROSSED
from bildungsbedarf.wave import Wave

_MEDIAN = 0.5


def require_released(part: Any, wave: Wave | None = None) -> None:
    """Refuse whatever has not passed the gate, or is of another wave than the one that would be cited.

    Raises
    ------
    DisclosureError
        It is no ``Released``.
    ConfigError
        The numbers are not of the wave.
    """
    if not isinstance(part, Released):
        raise DisclosureError(
            "only what passed the gate can be shown",
            value=type(part).__name__,
            remedy="show.table(disclosure.release(frame), …)",
        )
    part.check()
    if wave is not None:
        require_of(part.facts, wave)


def require_of(facts: Facts, wave: Wave) -> None:
    """Refuse numbers of another wave than the one that would be cited.

    Raises
    ------
    ConfigError
        They are not of the wave.
    """
    if (source := facts.source) and not any(_is_of(one, wave) for one in source.split("; ")):
        raise ConfigError(
            "these numbers are of another wave",
            value=source,
            expected=f"{wave.study_name} {wave.name} {wave.audience}",
            remedy="hand in the wave they were computed from: it is cited as their source",
        )


def require_trend(released: Released, earlier: Wave, later: Wave, groups: int | None = None) -> None:
    """Refuse what is no trend of these two waves in this order (``require_frame``, ``require_change``)."""
    require_frame(released, "needs.trend(earlier, later, measure)", _TREND, groups)
    require_change(released, earlier, later)


_TREND = ("before", "after", "n_before", "n_after", "sim_low", "sim_high")


def require_change(released: Released, earlier: Wave, later: Wave) -> None:
    """Refuse a change of other waves than the two it would be shown of, or of these in the other order.

    Raises
    ------
    DisclosureError
        It has not passed the gate.
    ConfigError
        The waves are others, or turned round: every year would stand over the other one's numbers.
    """
    require_released(released)
    sources = released.facts.source.split("; ")
    if released.facts.source and [_is_of(*pair) for pair in zip(sources, (earlier, later), strict=False)] != [True] * 2:
        raise ConfigError(
            "these changes are of other waves, or of these in the other order",
            value=f"{earlier.name}, {later.name}",
            expected="; ".join(" ".join(source.split()[:3]) for source in sources),
            remedy="the earlier wave first, as in needs.trend(earlier, later, …)",
        )


def _is_of(source: str, wave: Wave) -> bool:
    return source.startswith(f"{wave.study_name} {wave.name} {wave.audience} ")


def require_frame(released: Released, made_by: str, columns: Sequence[str] = (), groups: int | None = None) -> None:
    """Refuse released rows of another measure than a figure or table is made for.

    Parameters
    ----------
    released
        What ``disclosure.release`` returned.
    made_by
        The call that makes such a frame; with ``question`` in ``columns`` it is of a question's answers.
    columns
        Columns that the figure reads.
    groups
        How many variables the frame is split by; default: any number.

    Raises
    ------
    ConfigError
        Columns are lacking, it is split otherwise, or is of no question.
    """
    facts, frame = released.facts, released.frame
    has = {*map(str, frame.columns), *(["question"] if facts.question else [])}
    if set(columns) <= has and groups in (None, len(facts.by)):
        return
    found = facts.measure + (f" by {', '.join(facts.by)}" if facts.by else "")
    if set(columns) <= has and groups == 0:
        raise ConfigError(
            "this shows no groups", value=found, remedy="show.table(released, later, earlier=…) shows changes in groups"
        )
    raise ConfigError(
        "these numbers are of another kind than this shows",
        value=found,
        expected=f"disclosure.release({made_by})",
        remedy="show.table and show.estimates show any",
    )


def row_labels(released: Released, wave: Wave) -> dict[str, str]:
    """Key of a row (item, category, or both) → its label, in the frame's order."""
    return labels_of(released.frame, released.facts, wave)


def row_keys(rows: pd.DataFrame, whole: pd.DataFrame) -> list[str]:
    """What tells rows apart: item; category of one variable, of several both; the quantile where there are several.

    ``whole`` is the frame the rows are of: it decides what is needed.
    """
    variables = [str(name) for name in rows["variable"]]
    keys = variables
    if {"by", "group"} <= set(whole.columns):
        # crossed groups: each row names its own
        return [_joined(*parts) for parts in zip(variables, rows["by"] + " " + rows["group"], strict=True)]
    if whole["category"].notna().any():
        categories = [str(name) for name in rows["category"]]
        keys = categories
        if whole["variable"].nunique() > 1:
            keys = [_joined(*pair) for pair in zip(variables, categories, strict=True)]
    if "prob" in whole.columns and whole["prob"].nunique() > 1:
        keys = [_joined(key, f"{prob:g}") for key, prob in zip(keys, rows["prob"], strict=True)]
    return keys


def _joined(one: str, other: str) -> str:
    return f"{one} = {other}"


def labels_of(frame: pd.DataFrame, facts: Facts, wave: Wave) -> dict[str, str]:
    """Labels by key of a frame before the gate, which may be looked at."""
    keys = row_keys(frame, frame)
    if facts.layout == CROSSED:
        return dict(zip(keys, _with_groups(frame, facts, wave), strict=True))
    if frame["category"].notna().any() or "prob" in frame.columns:
        return dict(zip(keys, _composed(frame, facts, wave), strict=True))
    if question := facts.question:
        asked = wave.codebook[question]
        labels = item_words(wave, question) or {question: asked.text(wave.language)}
        labels = {"other": translate("Other", wave.language), **labels}
    elif facts.measure in DECLARED:
        labels = item_labels(measure_of(facts), wave, wave.language)
    else:
        labels = _told_apart(dict.fromkeys(keys), wave)
    return {key: labels.get(key, key) for key in keys}


def _with_groups(frame: pd.DataFrame, facts: Facts, wave: Wave) -> list[str]:
    """Rows of crossed groups: what is compared, and whose it is."""
    items = item_labels(measure_of(facts), wave, wave.language)
    told = []
    for row in records(frame):
        words = " · ".join(group_labels(groups_of(row, facts), wave, wave.language))
        told.append(f"{items.get(str(row['variable']), str(row['variable']))} – {words}")
    return told


def _told_apart(names: Iterable[str], wave: Wave) -> dict[str, str]:
    """What variables are called; of two alike the question is told too: importance and satisfaction of one field."""
    labels = {name: subject_of(name, wave) for name in names}
    often = {label for label in labels.values() if list(labels.values()).count(label) > 1}
    known = asked_columns(labels, wave) if often else {}
    return {
        name: f"{label} – {wave.codebook[known[name].question].text(wave.language)}"
        if label in often and name in known
        else label
        for name, label in labels.items()
    }


def asked_columns(names: Collection[str], wave: Wave) -> dict[str, Column]:
    """Those of some variables that are columns of the questionnaire, where there is one."""
    columns = wave.codebook.columns if wave.has_codebook else ()
    return {column.name: column for column in columns if column.name in names}


def subject_of(name: str, wave: Wave) -> str:
    """What a variable of an estimate is called: a column's title; of a ratio both; any other name as it is."""
    known = wave.responses.columns
    if name in known:
        return wave.title(name)
    parts = name.split("/")
    return " / ".join(wave.title(part) if part in known else part for part in parts)


def words_of(frame: pd.DataFrame, facts: Facts, wave: Wave) -> dict[str, list[str]]:
    """Columns that tell rows apart, in words: ``variable``, and where the frame has them ``category`` and ``prob``."""
    names = list(map(str, frame["variable"]))
    has_categories, has_probs = bool(frame["category"].notna().any()), "prob" in frame.columns
    if not has_categories and not has_probs:
        labels = labels_of(frame, facts, wave)
        return {"variable": [labels[name] for name in names]}
    items = item_labels(measure_of(facts), wave, wave.language) if facts.measure in DECLARED else {}
    steps: dict[str, str] = {}
    if facts.question:
        # categories of a question's items, of which no column has the name
        asked = wave.codebook[facts.question]
        items = item_words(wave, facts.question) or {facts.question: asked.text(wave.language)}
        steps = asked.labels(wave.language) | step_words(wave.language)
    if facts.measure == "reliability":
        items = {name: translate(text, wave.language) for name, text in _COEFFICIENTS.items()}
        steps = {one.id: one.title.get(wave.language) for one in wave.scales}
    titles = _told_apart(dict.fromkeys(names), wave) | {name: items[name] for name in names if name in items}
    found = {"variable": [titles[name] for name in names]}
    if has_categories:
        labels_by = {name: steps | _category_labels(name, wave) for name in titles}
        pairs = zip(names, map(str, frame["category"]), strict=True)
        found["category"] = [labels_by[name].get(category, category) for name, category in pairs]
    if has_probs:
        found["prob"] = [quantile_words(float(prob), wave.language) for prob in frame["prob"]]
    return found


def _composed(frame: pd.DataFrame, facts: Facts, wave: Wave) -> list[str]:
    """What rows are called by variable, category and quantile: as much of it as tells them apart."""
    words = words_of(frame, facts, wave)
    if frame["variable"].nunique() == 1 and "category" in words:
        del words["variable"]
    return [": ".join(parts) for parts in zip(*words.values(), strict=True)]


def _category_labels(name: str, wave: Wave) -> dict[str, str]:
    """Categories of a column; of a box or a condition in words."""
    words = {value: translate(word, wave.language) for value, word in _WORDS.items()}
    return {**words, **wave.labels(name)} if name in wave.responses.columns else words


def item_words(wave: Wave, question: str) -> dict[str, str]:
    """Items of a question; those of two scales with what each scale asks for."""
    asked = wave.codebook[question]
    items = asked.items(wave.language)
    if asked.type.axes != "dual":
        return items
    heads = {
        scale: asked.header(scale - 1) or translate("scale {number}", wave.language, number=scale) for scale in (1, 2)
    }
    return {f"{code}_{scale}": f"{label} ({head})" for code, label in items.items() for scale, head in heads.items()}


def step_words(language: str) -> dict[str, str]:
    """What the two highest and the two lowest steps of a scale are called together."""
    return {TOP: translate("the two highest", language), BOTTOM: translate("the two lowest", language)}


_COEFFICIENTS = {ALPHA: "Cronbach's alpha", SPEARMAN_BROWN: "Spearman–Brown coefficient"}
_WORDS = {"True": "yes", "False": "no", "agree": "agree", "disagree": "disagree", "pass": "pass"}


def quantile_words(prob: float, language: str) -> str:
    """``Median``, or which quantile it is."""
    if prob == _MEDIAN:
        return translate("Median", language)
    share = percent(prob, language, 0) if (100 * prob) % 1 == 0 else number(prob, language, 3)
    return translate("quantile at {share}", language, share=share)
