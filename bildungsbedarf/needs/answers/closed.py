"""Every closed question by itself: what its type calls for, so that a study without a battery is reported too."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from bildungsbedarf.codebook import Column
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of, like
from bildungsbedarf.needs.about import OPTION
from bildungsbedarf.needs.answers.ranking import ranking
from bildungsbedarf.needs.family import declared_facts, estimate_family, without_inference
from bildungsbedarf.needs.fields.measures import distribution, steps
from bildungsbedarf.prepare import is_numeric_scale, ticked_items
from bildungsbedarf.survey import estimate
from bildungsbedarf.survey.frames import Names, as_list
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

_RARE = 0.02
_CLOSED = ("choice", "scale", "checkbox")
_TEXTS = ("text", "date", "none", "language")


def questions(wave: Wave) -> list[str]:
    """Codes of the questions that ``answers`` can report, in the questionnaire's order.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    list of str
        Question codes.

    Examples
    --------
    >>> needs.questions(wave)[:3]
    ['GEM', 'ALTER', 'GESCHL']
    """
    return [question.code for question in wave.codebook.questions if question.type.values not in _TEXTS]


@recomputable
def answers(wave: Wave, question: str, by: Names | None = None) -> pd.DataFrame:
    """What was answered to one question: shares, or means where it asks for numbers.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of the question; default: the one study.toml names.
    by
        Grouping variables: one row for every combination of their categories.

    Returns
    -------
    A family frame whose facts name the ``question``, and its ``layout``: ``categories`` (one
    choice: ``category`` = code), ``steps`` (an array: ``variable`` = item, ``category`` = step), ``items`` (boxes:
    share who ticked each; a ranking: share who put it first; numbers: means).

    Raises
    ------
    ConfigError
        The question has no closed answers.

    Examples
    --------
    >>> needs.answers(wave, "GESCHL")[["category", "estimate"]].round(3).head(2)
      category  estimate
    0        w     0.512
    1        m     0.484
    """
    asked = wave.codebook[question]
    columns = wave.codebook.columns_of(question)
    if asked.type.values in _TEXTS or not columns:
        raise ConfigError("question has no closed answers", where=f"question {question}", value=asked.type.name)
    if asked.type.axes == "ranking":
        frame, layout = ranking(wave, question, by=by), "items"
    elif asked.type.values == "checkbox":
        ticked = ticked_items(wave.responses, wave.codebook, question)
        frame, layout = (
            estimate_family(wave.design, ticked, by, "ticked"),
            "items",
        )
    elif asked.type.values == "number":
        frame, layout = _means(wave, columns, by), "items"
    elif asked.type.axes == "single":
        frame, layout = distribution(wave, question, by=by), "categories"
    elif by is None and all(is_numeric_scale(column, wave.config) for column in columns) and asked.type.axes != "dual":
        frame, layout = steps(wave, question), "steps"
    else:
        frame, layout = _each_category(wave, columns, by), "steps"
    return facts_of(frame).but(question=question, layout=layout).on(frame)


def _means(wave: Wave, columns: tuple[Column, ...], by: Names | None) -> pd.DataFrame:
    numbers = pd.DataFrame({column.item or column.name: wave.responses[column.name] for column in columns})
    return estimate_family(wave.design, numbers.astype("Float64"), by, "number")


def _each_category(wave: Wave, columns: tuple[Column, ...], by: Names | None) -> pd.DataFrame:
    """Distributions of an array's columns, one after the other."""
    parts = []
    for column in columns:
        frame = distribution(wave, column.name, by=by)
        item = f"{column.item}_{column.scale + 1}" if column.scale or _is_dual(columns) else column.item
        parts.append(frame.assign(variable=pd.Series(item, index=frame.index, dtype="string")))
    joined = pd.concat(parts, ignore_index=True)
    return like(joined, parts[0])


def _is_dual(columns: tuple[Column, ...]) -> bool:
    return any(column.scale for column in columns)


def option_flags(wave: Wave, without: Collection[str] = ()) -> pd.DataFrame:
    """One boolean column an option of a single choice (``QUESTION=option``) and a box of a multiple one.

    Options that hardly anybody or nearly everybody gives are left out, and questions with many options, and
    ``without``.
    """
    found: dict[str, pd.Series] = {}
    for question in wave.codebook.questions:
        if question.code in without or question.type.axes not in ("single", "single+comment", "subquestions"):
            continue
        for column in wave.codebook.columns_of(question.code):
            values = wave.responses[column.name]
            if column.values == "checkbox":
                found[column.name] = values.astype("boolean")
            elif column.values == "choice" and len(column.codes) <= wave.analysis.most_categories:
                missing = values.isna()
                for code in map(str, values.cat.categories):
                    found[f"{column.name}{OPTION}{code}"] = (values == code).astype("boolean").mask(missing)
    shares = {name: flags.mean() for name, flags in found.items()}
    return pd.DataFrame({n: f for n, f in found.items() if pd.notna(shares[n]) and _RARE < shares[n] < 1 - _RARE})


def variables(wave: Wave) -> list[str]:
    """Columns of every closed question and derived variables; not the places of rankings.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    list of str
        Column names.

    Examples
    --------
    >>> needs.variables(wave)[:3]
    ['GEM', 'GESCHL', 'BILD']
    """
    rankings = {question.code for question in wave.codebook.questions if question.type.axes == "ranking"}
    asked = [c for c in wave.codebook.columns if c.role == "answer" and c.values in _CLOSED]
    names = [column.name for column in asked if column.question not in rankings]
    return [*names, *(name for name in wave.config.variables if name not in names)]


@recomputable
def tabulate(wave: Wave, by: Names | None = None, names: Sequence[str] = ()) -> pd.DataFrame:
    """Weighted shares of all categories of every closed question, by group: one long frame (``bb.estimate``'s).

    Parameters
    ----------
    wave
        One audience in one wave.
    by
        Grouping variables: one row for every combination of their categories.
    names
        Columns; default: every closed question and derived variable.

    Returns
    -------
    pandas.DataFrame
        The tidy frame of ``bb.estimate``: ``variable, category, <by…>, n, count, weighted_n, estimate, se, ci_low,
        ci_high, df, deff, note``, in the variable's unit.

    Examples
    --------
    >>> len(needs.tabulate(wave, names=["GESCHL", "kinder"]))
    5
    """
    chosen = list(names) or variables(wave)
    frame = estimate.proportion(wave.design, chosen, by=as_list(by) or None)
    frame = declared_facts(frame, "distribution").on(frame)
    return frame if wave.allows_inference else without_inference(frame)
