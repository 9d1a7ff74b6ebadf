"""What changed between two waves: only items that are the same question, with intervals of the difference."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bildungsbedarf.codebook import compare_items
from bildungsbedarf.codebook.compare import SAME
from bildungsbedarf.needs.batteries import Battery, battery
from bildungsbedarf.needs.family import without_inference
from bildungsbedarf.needs.sensitivity import MEASURES, Measure
from bildungsbedarf.survey import estimate
from bildungsbedarf.survey.simultaneous import critical_value
from bildungsbedarf.wave import Wave

_LEVEL = 0.95


def trend(earlier: Wave, later: Wave, measure: Measure) -> pd.DataFrame:
    """Difference later − earlier of a measure, item by item; two independent samples.

    Returns
    -------
    The tidy frame of ``bb.estimate`` (``estimate`` = the difference) with ``sim_low``, ``sim_high``
    (simultaneous over all items) and ``before``, ``after``, ``se_before``, ``se_after``,
    ``n_before``, ``n_after``, ``count_before``, ``count_after``. Items that are not the same
    question in both waves have no difference; ``note`` says why.
    """
    pairs = battery(earlier), battery(later)
    before, after = (MEASURES[measure](wave) for wave in (earlier, later))
    comparability = _comparability(earlier, later, pairs[0], measure)
    shared = [item for item in pairs[0].items if item in pairs[1].items]
    columns = [columns_of(pair, measure)[shared].astype("Float64") for pair in pairs]
    designs = [wave.design.with_columns(data) for wave, data in zip((earlier, later), columns, strict=True)]
    frame = estimate.difference(designs[1], designs[0], "mean", shared, level=_LEVEL)
    covariance = sum(estimate.covariance(design, "mean", shared).to_numpy() for design in designs)
    same = np.array([comparability[item] == SAME for item in shared])
    critical = critical_value(np.asarray(covariance)[np.ix_(same, same)], float(frame["df"].min()), _LEVEL)
    frame["sim_low"] = frame["estimate"] - critical * frame["se"]
    frame["sim_high"] = frame["estimate"] + critical * frame["se"]
    for name, source in (("before", before), ("after", after)):
        known = source.set_index("variable").loc[shared]
        frame[name] = known["estimate"].to_numpy()
        frame[f"se_{name}"] = known["se"].to_numpy()
        frame[f"n_{name}"] = known["n"].to_numpy()
        frame[f"count_{name}"] = known["count"].to_numpy()
    numbers = ["estimate", "se", "ci_low", "ci_high", "sim_low", "sim_high", "df"]
    frame.loc[~same, numbers] = np.nan
    frame["note"] = frame["note"].mask(~same, pd.Series([comparability[item] for item in shared], dtype="string"))
    frame.attrs = {
        "measure": f"trend_{measure}",
        "unit": before.attrs["unit"],
        "scale_range": pairs[0].highest - pairs[0].lowest,
        "level": _LEVEL,
        "by": [],
        "family": int(same.sum()),
        "is_difference": True,
    }
    both = earlier.allows_inference and later.allows_inference
    return frame if both else without_inference(frame)


def columns_of(pair: Battery, measure: Measure) -> pd.DataFrame:
    """What the measure is the mean of, one column an item."""
    if measure == "gap":
        return pair.gaps()
    if measure == "unmet_need":
        return pair.unmet()
    return pair.importance if measure == "importance" else pair.satisfaction


def _comparability(earlier: Wave, later: Wave, pair: Battery, measure: Measure) -> dict[str, str]:
    """Item → ``same``, or what differs in one of the questions the measure uses."""
    used = {"importance": pair.questions[:1], "satisfaction": pair.questions[1:]}
    questions = used.get(measure, pair.questions)
    result: dict[str, str] = {}
    for question in questions:
        for item, state in compare_items(earlier.codebook, later.codebook, question).items():
            if result.get(item, SAME) == SAME:
                result[item] = state
    return result
