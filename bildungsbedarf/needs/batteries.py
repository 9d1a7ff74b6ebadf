"""The importance × satisfaction battery of a wave or a design, checked, with its paired columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bildungsbedarf.calls import told_in_words
from bildungsbedarf.codebook import Codebook, Column
from bildungsbedarf.errors import ConfigError, Problem
from bildungsbedarf.prepare import is_numeric_scale, value_codes
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.wave import Wave

Source = Wave | SurveyDesign
UNMET = "unmet"
"""Where a frame's facts say what counts as unmet."""
Columns = str | Sequence[str]
_BAD = re.compile(
    r"\bun(wichtig|zufrieden)|nicht (so |sehr )?(wichtig|zufrieden)|not (at all )?important|dissatisf", re.I
)


@dataclass(frozen=True)
class Battery:
    """Two questions over the same items on the same scale.

    ``importance`` and ``satisfaction`` have one column an item, named by the item's code, rows as in the
    design's data. ``questions`` are the codes of the two, where they come from a questionnaire.
    """

    design: SurveyDesign
    importance: pd.DataFrame
    satisfaction: pd.DataFrame
    lowest: int
    highest: int
    important_from: int
    dissatisfied_to: int
    inference: bool
    questions: tuple[str, str] = ("", "")

    @property
    def definition(self) -> dict[str, Any]:
        """What counts as unmet, as details of a frame's facts: both cut points, and of which questions they are."""
        cuts = {"important_from": self.important_from, "dissatisfied_to": self.dissatisfied_to}
        return {UNMET: {**cuts, "questions": list(self.questions) if all(self.questions) else []}}

    @property
    def items(self) -> tuple[str, ...]:
        """Codes of the items."""
        return tuple(str(name) for name in self.importance.columns)

    @property
    def paired(self) -> pd.DataFrame:
        """Where both answers are there."""
        return self.importance.notna() & self.satisfaction.notna()

    def gaps(self) -> pd.DataFrame:
        """Importance − satisfaction of persons with both answers."""
        return self.importance - self.satisfaction

    def important(self) -> pd.DataFrame:
        """Importance at or above its cut point (boolean), of persons with both answers."""
        return (self.importance >= self.important_from).astype("boolean").mask(~self.paired)

    def unmet(self) -> pd.DataFrame:
        """Important and dissatisfied, of persons with both answers (boolean)."""
        unmet = (self.importance >= self.important_from) & (self.satisfaction <= self.dissatisfied_to)
        return unmet.astype("boolean").mask(~self.paired)


@told_in_words
def battery(
    source: Source,
    importance: Columns = "",
    satisfaction: Columns = "",
    *,
    scale: tuple[int, int] | None = None,
    important_from: int | None = None,
    dissatisfied_to: int | None = None,
) -> Battery:
    """The battery study.toml declares for a wave, or the questions or columns given.

    Parameters
    ----------
    source
        A wave, or a design; a design needs ``importance`` and ``satisfaction`` as lists of columns in the same
        order, the ``scale``'s lowest and highest value, and cut points only where they are used.
    importance
        Question, or columns of a design; default: study.toml's.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    scale
        Lowest and highest step of a design's columns; a wave's questions have theirs.
    important_from, dissatisfied_to
        Cut points; default: those of study.toml, else the two highest and the two lowest steps.

    Returns
    -------
    Battery
        Two frames of answers with their scale and cut points.

    Raises
    ------
    ConfigError
        The two questions have other items or another scale, run in opposite directions, are no scales of
        numbers, or the cut points do not fit them.

    Examples
    --------
    >>> needs.battery(wave).items[:3]
    ('F01', 'F02', 'F03')
    """
    if isinstance(source, SurveyDesign):
        found = _of_design(source, importance, satisfaction, scale)
    else:
        if scale is not None:
            raise ConfigError(
                "a wave's questions have a scale of their own",
                where="scale",
                value=scale,
                remedy="leave it out: it is for columns of a design",
            )
        found = _of_wave(source, str(importance or ""), str(satisfaction or ""))
    config = source.needs if isinstance(source, Wave) and source.has_needs else None
    high = important_from if important_from is not None else (config.important_from if config else found.highest - 1)
    low = dissatisfied_to if dissatisfied_to is not None else (config.dissatisfied_to if config else found.lowest + 1)
    if not found.lowest <= low < high <= found.highest:
        is_given = important_from is not None or dissatisfied_to is not None
        raise ConfigError(
            "cut points do not fit the scale",
            where="important_from, dissatisfied_to" if is_given else "study.toml, needs",
            value=f"dissatisfied_to {low}, important_from {high}",
            expected=f"{found.lowest} to {found.highest}, dissatisfied_to below important_from",
        )
    kept = {name: getattr(found, name) for name in found.__dataclass_fields__}
    return Battery(**{**kept, "important_from": high, "dissatisfied_to": low})


def _of_design(
    design: SurveyDesign, importance: Columns, satisfaction: Columns, scale: tuple[int, int] | None
) -> Battery:
    columns = [[names] if isinstance(names, str) else list(names) for names in (importance, satisfaction)]
    if scale is None and all(columns) and len(columns[0]) == len(columns[1]):
        raise ConfigError(
            "nothing says from where to where the answers of these columns go",
            where="scale",
            expected="the lowest and the highest step: scale=(1, 5)",
        )
    if scale is None or not all(columns) or len(columns[0]) != len(columns[1]):
        raise ConfigError(
            "a design needs columns of importance and satisfaction, as many of each, and their scale",
            value=f"{len(columns[0])} and {len(columns[1])} columns, scale {scale}",
            expected='importance=["i1", "i2"], satisfaction=["s1", "s2"], scale=(1, 5)',
        )
    frames = [
        pd.DataFrame({item: design.data[name].astype("Float64") for item, name in zip(columns[0], names, strict=True)})
        for names in columns
    ]
    for frame, names in zip(frames, columns, strict=True):
        outside = [
            name for item, name in zip(frame, names, strict=True) if not frame[item].dropna().between(*scale).all()
        ]
        if outside:
            raise ConfigError("answers lie outside the scale", where=f"column {outside[0]}", expected=f"{scale}")
    return Battery(design, frames[0], frames[1], scale[0], scale[1], scale[1], scale[0], inference=True)


def _of_wave(wave: Wave, importance: str, satisfaction: str) -> Battery:
    importance, satisfaction = importance or wave.needs.importance, satisfaction or wave.needs.satisfaction
    scales = {question: steps_of(wave, question) for question in (importance, satisfaction)}
    items = {question: tuple(wave.codebook[question].items("de")) for question in scales}
    problems = []
    if items[importance] != items[satisfaction]:
        odd = sorted(set(items[importance]) ^ set(items[satisfaction]))
        problems.append(Problem("importance and satisfaction have other items", f"{importance}, {satisfaction}", odd))
    if scales[importance] != scales[satisfaction]:
        shown = f"{scales[importance]} and {scales[satisfaction]}"
        problems.append(
            Problem("importance and satisfaction have other scales", f"{importance}, {satisfaction}", shown)
        )
    reversed_ = wave.needs.reversed if wave.has_needs else []
    problems += [
        Problem(
            "scale runs from good to bad: its highest step says so",
            f"question {question}",
            _top_label(wave.codebook, question, scales[question]),
            remedy=f'reversed = ["{question}"] in study.toml, needs',
        )
        for question in scales
        if question not in reversed_ and _BAD.search(_top_label(wave.codebook, question, scales[question]))
    ]
    if problems:
        raise ConfigError(problems)
    scale = scales[importance]
    frames = [_columns(wave, question, scale, is_reversed=question in reversed_) for question in scales]
    return Battery(
        wave.design,
        frames[0],
        frames[-1],
        scale[0],
        scale[-1],
        scale[-1],
        scale[0],
        wave.allows_inference,
        (importance, satisfaction),
    )


def steps_of(wave: Wave, question: str) -> list[int]:
    """Steps of an array's scale, without codes that are no values.

    Raises
    ------
    ConfigError
        It is no scale of numbers.
    """
    columns = wave.codebook.columns_of(question)
    if not _is_scale(columns, wave):
        scales = [one.code for one in wave.codebook if _is_scale(wave.codebook.columns_of(one.code), wave)]
        raise ConfigError(
            "the question is not a scale of numbers",
            where=f"question {question}",
            expected=", ".join(scales) or "this questionnaire has none",
            remedy="needs.distribution has the shares of the answers to any closed question",
        )
    return sorted(int(code) for code in value_codes(columns[0], wave.config))


def _is_scale(columns: Sequence[Column], wave: Wave) -> bool:
    return bool(columns) and all(is_numeric_scale(column, wave.config) for column in columns)


def _columns(wave: Wave, question: str, scale: list[int], *, is_reversed: bool) -> pd.DataFrame:
    columns = wave.codebook.columns_of(question)
    frame = pd.DataFrame({column.item: wave.responses[column.name] for column in columns})
    return scale[0] + scale[-1] - frame if is_reversed else frame


def _top_label(book: Codebook, question: str, scale: list[int]) -> str:
    """What the highest step says in any language; empty where it is only a number."""
    texts = [answer.texts.values() for answer in book[question].answers if answer.code == str(scale[-1])]
    return " / ".join(text for values in texts for text in values if not text.isdigit())
