"""The importance × satisfaction battery of a wave, checked, with its paired columns."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from bildungsbedarf.errors import ConfigError, Problem
from bildungsbedarf.prepare import is_numeric_scale, value_codes
from bildungsbedarf.wave import Wave


@dataclass(frozen=True)
class Battery:
    """Two questions over the same items on the same scale.

    ``columns(…)`` give one column an item, named by the item's code, rows as in ``wave.responses``.
    """

    wave: Wave
    importance: str
    satisfaction: str
    items: tuple[str, ...]
    lowest: int
    highest: int
    important_from: int
    dissatisfied_to: int

    def columns(self, question: str) -> pd.DataFrame:
        """Answers to one of the two questions."""
        return pd.DataFrame({item: self.wave.responses[f"{question}_{item}"] for item in self.items})

    def gaps(self) -> pd.DataFrame:
        """Importance − satisfaction of persons with both answers."""
        return self.columns(self.importance) - self.columns(self.satisfaction)

    def unmet(self) -> pd.DataFrame:
        """Important and dissatisfied, of persons with both answers (boolean)."""
        importance, satisfaction = self.columns(self.importance), self.columns(self.satisfaction)
        both = importance.notna() & satisfaction.notna()
        unmet = (importance >= self.important_from) & (satisfaction <= self.dissatisfied_to)
        return unmet.astype("boolean").mask(~both)


def battery(wave: Wave, importance: str = "", satisfaction: str = "") -> Battery:
    """The battery study.toml declares, or the two questions given.

    Raises
    ------
    ConfigError
        The two questions have other items or another scale, or are no scales of numbers.
    """
    config = wave.needs
    importance, satisfaction = importance or config.importance, satisfaction or config.satisfaction
    scales = {}
    for question in (importance, satisfaction):
        columns = wave.codebook.columns_of(question)
        if not columns or not all(is_numeric_scale(column, wave.config) for column in columns):
            raise ConfigError("battery is not a scale of numbers", where=f"question {question}")
        scales[question] = sorted(int(code) for code in value_codes(columns[0], wave.config))
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
    scale = scales[importance]
    if not scale[0] <= config.dissatisfied_to < config.important_from <= scale[-1]:
        problems.append(
            Problem(
                "cut points do not fit the scale",
                "study.toml, needs",
                f"dissatisfied_to {config.dissatisfied_to}, important_from {config.important_from}",
                f"{scale[0]} to {scale[-1]}, dissatisfied_to below important_from",
            )
        )
    if problems:
        raise ConfigError(problems)
    return Battery(
        wave,
        importance,
        satisfaction,
        items[importance],
        scale[0],
        scale[-1],
        config.important_from,
        config.dissatisfied_to,
    )
