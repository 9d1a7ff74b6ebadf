"""Scales of several items: scores, and how reliably they measure."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.needs.about import MEASURES
from bildungsbedarf.needs.family import declared_facts, estimate_family, without_inference
from bildungsbedarf.study.analyses import ScaleConfig
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.estimate.moments import derived, means
from bildungsbedarf.survey.frames import Names
from bildungsbedarf.survey.intervals.pointwise import symmetric
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

ALPHA, SPEARMAN_BROWN = "cronbach_alpha", "spearman_brown"
UNRELIABLE, RANGES = "unreliable", "ranges"
"""Detail of a frame of scales: those of which no sentence is said."""
Function = Callable[[Floats], Floats]


def scale_config(wave: Wave, name: str) -> ScaleConfig:
    """A scale of study.toml.

    Raises
    ------
    ConfigError
        There is none of this name for the audience.
    """
    known = {scale.id: scale for scale in wave.scales}
    if name not in known:
        where = "study.toml, [[scale]]"
        raise ConfigError(f"study.toml has no scale {name!r}", where=where, expected=nearest(name, known))
    return known[name]


def scale_items(wave: Wave, name: str) -> pd.DataFrame:
    """The answers to a scale's items, polarity turned where declared.

    Raises
    ------
    ConfigError
        An item is no number.
    """
    config = scale_config(wave, name)
    found = {}
    for item in config.items:
        values = wave.responses[wave.codebook.column(item).name]
        if not pd.api.types.is_numeric_dtype(values.dtype):
            raise ConfigError("item of a scale is no number", where=f"study.toml, scale {config.id}", value=item)
        if item in config.reversed:
            low, high = _range(wave, item)
            values = low + high - values
        found[item] = values.astype("Float64")
    return pd.DataFrame(found)


def scores(wave: Wave, name: str) -> pd.Series:
    """Score of each person: the mean of the items.

    Missing where fewer than the declared share of items (``valid``) was answered.

    Parameters
    ----------
    wave
        One audience in one wave.
    name
        Id of a scale; default: all of the audience.

    Returns
    -------
    pandas.Series
        One value a person, on the items' scale.

    Examples
    --------
    >>> float(needs.scores(wave, "vertrauen").mean().round(2))
    5.87
    """
    items = scale_items(wave, name)
    enough = items.notna().mean(axis=1) >= scale_config(wave, name).valid
    return items.mean(axis=1).astype("Float64").mask(~enough)


@recomputable
def scale(wave: Wave, name: str = "", by: Names | None = None) -> pd.DataFrame:
    """Weighted mean score of one scale, or of all of the audience, by group (``variable`` = the scale).

    Parameters
    ----------
    wave
        One audience in one wave.
    name
        Id of a scale; default: all of the audience.
    by
        Grouping variables: one row for every combination of their categories.

    Returns
    -------
    pandas.DataFrame
        The family frame: the tidy frame of ``bb.estimate`` with ``variable`` = item, ``sim_low``, ``sim_high``,
        ``rank_best``, ``rank_worst`` (missing where scales have other ends). Its facts name the scales that do not
        measure reliably (``reliable_scales``), and from where to where each goes.

    Examples
    --------
    >>> needs.scale(wave)[["variable", "estimate"]].round(2).head(2)
          variable  estimate
    0  peks_intern      3.47
    1  peks_extern      2.54
    """
    names = [name] if name else [config.id for config in wave.scales]
    if not names:
        raise ConfigError("study.toml has no scale for this audience", where="study.toml, [[scale]]")
    columns = pd.DataFrame({each: scores(wave, each) for each in names})
    ends = {each: [_range(wave, item) for item in scale_config(wave, each).items] for each in names}
    ranges = {each: (min(low for low, _ in own), max(high for _, high in own)) for each, own in ends.items()}
    span = max(high for _, high in ranges.values()) - min(low for low, _ in ranges.values())
    reliable = reliable_scales(wave)
    weak = [each for each in names if each not in reliable]
    told = {UNRELIABLE: weak, RANGES: {each: list(own) for each, own in ranges.items()}}
    frame = estimate_family(wave.design, columns, by, "scale", span=span, details=told)
    if len(set(ranges.values())) == 1:
        return frame
    # 3 of 5 and 6 of 10: which is more is no question of numbers
    no_rank = pd.array([pd.NA] * len(frame), dtype="Int64")
    return facts_of(frame).on(frame.assign(rank_best=no_rank, rank_worst=no_rank))


def reliable_scales(wave: Wave) -> list[str]:
    """Scales whose Cronbach's α reaches ``least_alpha`` of study.toml (default 0.5): those that are interpreted.

    An α below says that the items do not measure one thing in this wave (George & Mallery 2003, p. 231, call it
    unacceptable). ``findings.record`` says nothing of the means of the others.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    list of str
        Ids, in the order of study.toml.

    Examples
    --------
    >>> needs.reliable_scales(wave)
    []
    """
    return [scale.id for scale in wave.scales if _alpha_of(wave, scale.id) >= scale.least_alpha]


def scale_questions(wave: Wave) -> list[str]:
    """The questions that the scales' items belong to, each once.

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
    >>> needs.scale_questions(wave)
    ['PEKS', 'VERTR']
    """
    return MEASURES["scale"].asks(wave, "")


def _alpha_of(wave: Wave, name: str) -> float:
    frame = reliability(wave, name).set_index("variable")
    return float(frame["estimate"].astype("Float64").fillna(float("nan"))[ALPHA])


@recomputable
def reliability(wave: Wave, name: str) -> pd.DataFrame:
    """Cronbach's α, and for two items the Spearman–Brown coefficient, of persons with all items.

    α = k/(k − 1) · (1 − Σ var_i / var_sum); Spearman–Brown 2r/(1 + r) (Eisinga, te Grotenhuis & Pelzer 2013,
    International Journal of Public Health 58, 637–642). Weighted moments; standard error by the delta method,
    interval on the scale of log(1 − α) (Bonett 2002, Journal of Educational and Behavioral Statistics 27, 335–340).

    Parameters
    ----------
    wave
        One audience in one wave.
    name
        Id of a scale; default: all of the audience.

    Returns
    -------
    One row a coefficient: ``variable`` (``cronbach_alpha``, ``spearman_brown``), ``category`` (the scale), ``n``,
    ``estimate``, ``se``, ``ci_low``, ``ci_high``.

    Examples
    --------
    >>> needs.reliability(wave, "peks_intern")[["variable", "estimate"]].round(2)
             variable  estimate
    0  cronbach_alpha      0.08
    1  spearman_brown      0.08
    """
    items = scale_items(wave, name)
    complete, count = items.notna().all(axis=1), items.shape[1]
    names = list(items.columns)
    parts = {f"m{i}": items[item] for i, item in enumerate(names)}
    parts |= {f"p{i}_{j}": items[names[i]] * items[names[j]] for i in range(count) for j in range(i, count)}
    columns = pd.DataFrame({name: column.mask(~complete) for name, column in parts.items()})
    order = list(columns.columns)
    recipes: dict[str, tuple[list[str], Function]] = {ALPHA: (order, alpha(count))}
    if count == 2:
        recipes[SPEARMAN_BROWN] = (order, spearman_brown)
    frame = derived(means(wave.design, columns), recipes).frame
    numbers = (frame[column].to_numpy(dtype=float) for column in ("estimate", "se", "df"))
    point, error, df = numbers
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = symmetric(np.log(1 - point), error / (1 - point), df, 0.95)
    frame["ci_low"], frame["ci_high"] = 1 - np.exp(high), 1 - np.exp(low)
    frame["category"] = pd.Series(name, index=frame.index, dtype="string")
    frame = declared_facts(frame, "reliability").on(frame)
    return frame if wave.allows_inference else without_inference(frame)


def _range(wave: Wave, item: str) -> tuple[int, int]:
    codes = [int(code) for code in wave.codebook.column(item).codes if code.isdigit()]
    if not codes:
        raise ConfigError("item of a scale has no numbered steps", where="study.toml, [[scale]]", value=item)
    return min(codes), max(codes)


def _spread(x: Floats, count: int) -> dict[tuple[int, int], Floats]:
    """Covariances by pair of items, from means of items and of products."""
    pairs = [(i, j) for i in range(count) for j in range(i, count)]
    return {(i, j): x[:, count + at] - x[:, i] * x[:, j] for at, (i, j) in enumerate(pairs)}


def alpha(count: int) -> Function:
    """Cronbach's α from means of ``count`` items and of their products (i ≤ j)."""

    def value(x: Floats) -> Floats:
        spread = _spread(x, count)
        own = np.sum([spread[i, i] for i in range(count)], axis=0)
        between = np.sum([2 * spread[pair] for pair in combinations(range(count), 2)], axis=0)
        return np.asarray(count / (count - 1) * (1 - own / (own + between)))

    return value


def spearman_brown(x: Floats) -> Floats:
    """Spearman–Brown coefficient from means of two items and of their products."""
    spread = _spread(x, 2)
    correlation = spread[0, 1] / np.sqrt(spread[0, 0] * spread[1, 1])
    return np.asarray(2 * correlation / (1 + correlation))
