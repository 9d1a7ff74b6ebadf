"""Importance–performance analysis: in which quadrant an item lies, and how sure that is."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd
from scipy.stats import multivariate_normal, norm

from bildungsbedarf.estimates import facts_of
from bildungsbedarf.needs.batteries import Battery, Columns, Source, battery
from bildungsbedarf.needs.family import declared_facts, without_inference
from bildungsbedarf.study.config import AnalysisConfig
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.estimate.moments import means
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

Cut = Literal["means", "scale"]
QUADRANTS = ("concentrate_here", "keep_up", "low_priority", "possible_overkill")
"""Important and unsatisfactory; important and satisfactory; neither; satisfactory though less important."""
_CALLED_FROM = AnalysisConfig().quadrant_certainty
"""For a design, which has no study to be stricter."""


@recomputable
def quadrants(
    source: Source, /, importance: Columns = "", satisfaction: Columns = "", cut: Cut = "means", **options: Any
) -> pd.DataFrame:
    """Each item's place among importance and satisfaction, with the probability of each quadrant.

    Martilla, J. A. & James, J. C. (1977): Importance-performance analysis. Journal of Marketing 41 (1), 77–79.
    ``cut="means"``: at the means of all items; ``"scale"``: at the scale's middle. Probabilities are those of
    the joint normal distribution of an item's two distances from the cuts, with the covariance that the same
    persons' answers give them (the cuts are estimated too).

    Parameters
    ----------
    source
        A wave, or a design with columns.
    importance
        Question, or columns of a design; default: study.toml's.
    satisfaction
        Question, or columns of a design; default: study.toml's.
    cut
        ``means`` of all items, or the ``scale``'s middle.
    **options
        Those of ``battery``: ``scale``, ``important_from``, ``dissatisfied_to``.

    Returns
    -------
    One row an item: ``importance``, ``satisfaction``, ``importance_se``, ``satisfaction_se``, ``correlation`` (of
    the two estimates), ``importance_cut``, ``satisfaction_cut``, ``position`` (where the points lie),
    ``category`` (the quadrant it is *called*: at least as probable as study.toml's
    ``analysis.quadrant_certainty``, else missing), ``certainty`` (of the
    position), and one probability a quadrant. ``estimate`` repeats the importance.

    Examples
    --------
    >>> needs.quadrants(wave).dropna(subset="category")[["variable", "category"]].head(2)
      variable           category
    0      F01  possible_overkill
    2      F03            keep_up
    """
    pair = battery(source, importance, satisfaction, **options)
    count = len(pair.items)
    both = pd.concat([pair.importance.add_prefix("I "), pair.satisfaction.add_prefix("S ")], axis=1)
    found = means(pair.design, both.mask(~pd.concat([pair.paired, pair.paired], axis=1).to_numpy()))
    points = found.frame["estimate"].to_numpy(dtype=float)
    known = np.isfinite(points[:count]) & np.isfinite(points[count:])
    center = np.zeros((2 * count, 2 * count))
    middle = (pair.lowest + pair.highest) / 2
    cuts = np.array([middle, middle])
    if cut == "means" and known.any():
        cuts = np.array([points[:count][known].mean(), points[count:][known].mean()])
        for side in (0, 1):
            own = slice(side * count, (side + 1) * count)
            center[own, own] = known[None, :] / known.sum()
    covariance = np.nan_to_num(found.covariance)
    away = (np.eye(2 * count) - center) @ covariance @ (np.eye(2 * count) - center).T
    called_from = source.analysis.quadrant_certainty if isinstance(source, Wave) else _CALLED_FROM
    rows = [
        _row(pair, item, place, points, cuts, covariance, away, called_from) for place, item in enumerate(pair.items)
    ]
    frame = pd.DataFrame(rows).astype({"variable": "string", "category": "string", "position": "string"})
    base = found.frame.iloc[:count].reset_index(drop=True)
    frame = frame.assign(n=base["n"], weighted_n=base["weighted_n"], df=base["df"], deff=np.nan)
    frame["count"] = pd.array([pd.NA] * count, dtype="Int64")
    frame[["ci_low", "ci_high"]] = base[["ci_low", "ci_high"]]
    frame["note"] = base["note"]
    ends = (pair.lowest, pair.highest)
    shape = {"family": count, "scale": ends, "span": float(ends[1] - ends[0]), "details": {"cut": cut}}
    frame = declared_facts(found.frame, "quadrant", by=(), **shape).on(frame)
    if facts_of(frame).carries_inference:
        return frame
    hidden = [*QUADRANTS, "importance_se", "satisfaction_se", "correlation"]
    frame = frame.assign(category=pd.array([pd.NA] * count, dtype="string"))
    return without_inference(frame.assign(**dict.fromkeys(hidden, np.nan)))


def _row(
    pair: Battery,
    item: str,
    place: int,
    points: Floats,
    cuts: Floats,
    covariance: Floats,
    away: Floats,
    called_from: float,
) -> dict[str, Any]:
    own = [place, place + len(pair.items)]
    important, satisfied = points[own]
    spread = covariance[np.ix_(own, own)]
    errors = np.sqrt(np.clip(np.diag(spread), 0, None))
    chances = _chances(points[own] - cuts, away[np.ix_(own, own)])
    is_important, is_satisfactory = important >= cuts[0], satisfied >= cuts[1]
    place_of = {(True, False): 0, (True, True): 1, (False, False): 2, (False, True): 3}
    is_known = bool(np.isfinite(points[own]).all())
    position = QUADRANTS[place_of[bool(is_important), bool(is_satisfactory)]] if is_known else None
    certainty = chances[position] if position else np.nan
    product = errors.prod()
    return {
        "variable": item,
        "category": position if certainty >= called_from else None,
        "estimate": important,
        "se": errors[0],
        "importance": important,
        "satisfaction": satisfied,
        "importance_se": errors[0],
        "satisfaction_se": errors[1],
        "correlation": spread[0, 1] / product if product > 0 else np.nan,
        "importance_cut": cuts[0],
        "satisfaction_cut": cuts[1],
        "position": position,
        "certainty": certainty,
        **chances,
    }


def _chances(distance: Floats, covariance: Floats) -> dict[str, float]:
    """Probability of each quadrant, where the distances from the cuts are normal."""
    if not np.isfinite(distance).all():
        return dict.fromkeys(QUADRANTS, float("nan"))
    errors = np.sqrt(np.clip(np.diag(covariance), 0, None))
    below = [float(norm.cdf(-d / e)) if e > 0 else float(d < 0) for d, e in zip(distance, errors, strict=True)]
    if (errors > 0).all():
        both = float(multivariate_normal(cov=covariance, allow_singular=True).cdf(-distance))
    else:
        both = below[0] * below[1]
    chances = (below[1] - both, 1 - below[0] - below[1] + both, both, below[0] - both)
    return {name: float(np.clip(chance, 0, 1)) for name, chance in zip(QUADRANTS, chances, strict=True)}
