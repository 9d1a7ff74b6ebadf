"""Who takes part in further education, for how long, and in which formats."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.family import estimate_family, finish
from bildungsbedarf.survey.estimate.moments import totals
from bildungsbedarf.survey.frames import Names
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

YES = "Y"
Format = Literal["used", "wanted", "wanted_not_used"]


@recomputable
def formats(
    wave: Wave,
    question: str = "",
    statistic: Format = "used",
    by: Names | None = None,
    used_from: int = 1,
    wanted_from: int = 2,
) -> pd.DataFrame:
    """Share who use, want, or want without using each format (a dual array: first scale used, second wanted).

    ``used_from`` and ``wanted_from`` are steps of the two scales. ``wanted_not_used`` is a share of persons
    with both answers.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of the question; default: the one study.toml names.
    statistic
        Which statistic.
    by
        Grouping variables: one row for every combination of their categories.
    used_from
        First step of the first scale that counts as used.
    wanted_from
        First step of the second scale that counts as wanted.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Raises
    ------
    ConfigError
        study.toml names no such question, or it is no dual array with numbered steps.

    Examples
    --------
    >>> needs.formats(wave, statistic="wanted")[["variable", "estimate"]].round(3).head(2)
      variable  estimate
    0      ONL     0.324
    1    ABEND     0.340
    """
    question = _named(wave, question, "formats")
    columns = wave.codebook.columns_of(question)
    if wave.codebook[question].type.axes != "dual" or any(not c.codes[0].isdigit() for c in columns if c.codes):
        raise ConfigError("formats are no dual array of numbers", where=f"question {question}")
    first, second = (
        pd.DataFrame({c.item: wave.responses[c.name] for c in columns if c.scale == scale}) for scale in (0, 1)
    )
    steps = {column.scale: [code for code in column.codes if code.isdigit()] for column in columns}
    counted = {
        "question": question,
        "used": [code for code in steps[0] if int(code) >= used_from],
        "wanted": [code for code in steps[1] if int(code) >= wanted_from],
    }
    used = (first >= used_from).astype("boolean").mask(first.isna())
    wanted = (second >= wanted_from).astype("boolean").mask(second.isna())
    found = {"used": used, "wanted": wanted, "wanted_not_used": (wanted & ~used).mask(used.isna() | wanted.isna())}
    return estimate_family(wave.design, found[statistic], by, f"format_{statistic}", details=counted)


@recomputable
def took_part(wave: Wave, question: str = "", by: Names | None = None) -> pd.DataFrame:
    """Share who took part in further education, of those who answered.

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
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> float(needs.took_part(wave).loc[0, "estimate"].round(3))
    0.315
    """
    question = _named(wave, question, "participation")
    answer = wave.responses[question]
    took_part = (answer == YES).astype("boolean").mask(answer.isna())
    columns = pd.DataFrame({question: took_part})
    return estimate_family(wave.design, columns, by, "participation")


@recomputable
def hours(
    wave: Wave,
    question: str = "",
    by: Names | None = None,
    base: Literal["participants", "all", "total"] = "participants",
) -> pd.DataFrame:
    """Hours of further education: mean of those who took part, mean of all (others 0), or their sum.

    ``all`` and ``total`` take 0 for who did not take part, and leave out who did not say whether.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of the question; default: the one study.toml names.
    by
        Grouping variables: one row for every combination of their categories.
    base
        Of whom or of what the share is taken.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst``.

    Examples
    --------
    >>> float(needs.hours(wave).loc[0, "estimate"].round(1))
    28.9
    """
    question = _named(wave, question, "hours")
    value = wave.responses[question].astype("Float64")
    if base != "participants":
        value = value.mask((wave.responses[_named(wave, "", "participation")] == "N").fillna(False), 0.0)
    columns = pd.DataFrame({question: value})
    if base == "total":
        return finish(totals(wave.design, columns, by), "hours_total")
    return estimate_family(wave.design, columns, by, f"hours_{base}")


def _named(wave: Wave, question: str, key: str) -> str:
    found = question or str(getattr(wave.needs, key))
    if not found:
        raise ConfigError(f"study.toml names no question about {key}", where=f"study.toml, needs.{key}")
    return wave.codebook[found].code
