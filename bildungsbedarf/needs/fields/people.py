"""How many persons stand behind a need: estimated totals of the population."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.needs.batteries import Columns, battery
from bildungsbedarf.needs.family import finish
from bildungsbedarf.survey.estimate.moments import totals
from bildungsbedarf.survey.frames import Names, as_list, rounded
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable


@recomputable
def people(
    wave: Wave, /, importance: Columns = "", satisfaction: Columns = "", by: Names | None = None, **options: Any
) -> pd.DataFrame:
    """Estimated number of persons for whom the field is important and who are dissatisfied.

    Those who cannot judge count as not unmet (``dont_know``: how many say so, weighted persons); who gave no
    answer is represented by those of the same weighting cell who did: T = Σ_c W_c · Σ_c w u / Σ_c w, over
    answers. The standard error is that of the linearised value p_c + r (W_c/R_c)(u − p_c) (Särndal, Swensson &
    Wretman 1992, ch. 5.6); cells under 10 answers are merged into one.

    Parameters
    ----------
    wave
        One audience in one wave.
    importance
        Question, or columns of a design; default: study.toml's.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    by
        Grouping variables: one row for every combination of their categories.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    The family frame; ``estimate`` in persons, ``rounded`` with no more digits than its interval carries, ``judged``
    the persons who can judge both, represented in the same way: ``estimate`` / ``judged`` is the share of
    ``needs.unmet`` up to what the cells make of it; ``weighted_n`` all persons.

    Raises
    ------
    ConfigError
        The weights do not add up to a population: the audience is not weighted to one.

    Examples
    --------
    >>> needs.people(wave)[["variable", "rounded"]].head(2)
      variable  rounded
    0      F01  16000.0
    1      F02  39000.0
    """
    if wave.weighting.population is None:
        raise ConfigError(
            "persons cannot be counted: the weights add up to no population",
            where=f"study.toml, audience.{wave.audience}.weighting",
            remedy="weight to official totals, or report shares",
        )
    pair = battery(wave, importance, satisfaction, **options)
    cells, smallest = _cells(wave), wave.analysis.smallest_weighting_cell
    weights = wave.design.weights
    values, judging, unsure, unmet = {}, {}, {}, pair.unmet()
    for item in pair.items:
        columns = [f"{question}_{item}" for question in pair.questions]
        cannot = (wave.missing[columns] == "dont_know").any(axis=1).to_numpy()
        own = unmet[item].astype("Float64").mask(cannot, 0.0)
        can = own.mask(own.notna(), 1.0).mask(cannot, 0.0)
        values[item], judging[item] = (
            _spread(each.to_numpy(dtype=float, na_value=np.nan), weights, cells, smallest) for each in (own, can)
        )
        unsure[item] = cannot.astype(float)
    frame = finish(
        totals(wave.design, pd.DataFrame(values), by), "people", bounds=(0.0, np.inf), details=pair.definition
    )
    frame["count"] = _counted(unmet, wave, as_list(by), frame)
    frame["rounded"] = [rounded(t, s) for t, s in zip(frame["estimate"], frame["se"], strict=True)]
    for name, persons in (("judged", judging), ("dont_know", unsure)):
        frame[name] = totals(wave.design, pd.DataFrame(persons), by).frame["estimate"].to_numpy()
    return facts_of(frame).on(frame)


def _counted(unmet: pd.DataFrame, wave: Wave, by: list[str], frame: pd.DataFrame) -> pd.Series:
    """Persons in the sample whose need is unmet, by item and group."""
    if not by:
        return frame["variable"].map(unmet.sum()).astype("Int64")
    sums = unmet.groupby([wave.responses[name] for name in by], observed=False).sum().stack()
    counts = dict(zip(sums.index, sums, strict=True))
    keys = frame[[*by, "variable"]].itertuples(index=False, name=None)
    return pd.Series([int(counts.get(key, 0)) for key in keys], index=frame.index, dtype="Int64")


def _cells(wave: Wave) -> np.ndarray:
    """Weighting cells: the margin of most variables; persons without a value are a cell of their own."""
    margins = sorted(wave.config.weighting.margin, key=lambda margin: -len(margin.by))
    if not margins:
        return np.zeros(len(wave.responses), dtype=int)
    table = wave.responses[list(margins[0].by)].astype("string").fillna("")
    return table.groupby(list(table.columns), sort=True).ngroup().to_numpy()


def _spread(values: np.ndarray, weights: np.ndarray, cells: np.ndarray, smallest: int) -> np.ndarray:
    """Linearised values whose weighted sum is the total with non-response spread within cells."""
    answered = np.isfinite(values)
    counts = np.bincount(cells, weights=answered)
    cells = np.where(counts[cells] < smallest, -1, cells)
    found = np.zeros(len(values))
    for cell in np.unique(cells):
        inside = cells == cell
        known = inside & answered
        whole, part = weights[inside].sum(), weights[known].sum()
        share = (weights[known] * values[known]).sum() / part if part > 0 else 0.0
        found[inside] = share
        found[known] += whole / part * (values[known] - share)
    return found
