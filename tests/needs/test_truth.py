"""Simulated waves: planted differences are found, none is claimed where none was planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.survey import SurveyDesign, estimate

RUNS = 200


@pytest.mark.slow
def test_no_first_place_is_claimed_among_equals() -> None:
    random = np.random.default_rng(11)
    false_claims = 0
    for _ in range(RUNS):
        person = random.normal(size=(400, 1))
        columns = pd.DataFrame((person + random.normal(size=(400, 6))) > 1.0, columns=list("abcdef")).astype("boolean")
        frame = estimate_family(SurveyDesign(columns), columns, None, "unmet_need")
        false_claims += bool((frame["rank_worst"] == 1).any())
    assert false_claims <= 0.05 * RUNS + 6


@pytest.mark.slow
def test_intervals_cover_the_truth_in_a_stratified_population() -> None:
    random = np.random.default_rng(12)
    sizes = np.array([4000, 3000, 2000, 1000])
    population = pd.DataFrame({"h": np.repeat(range(4), sizes)})
    population["y"] = random.gamma(2, 1 + population["h"])
    population["hit"] = pd.array(random.uniform(size=len(population)) < 0.1 + 0.1 * population["h"], dtype="boolean")
    truth, share = population["y"].mean(), float(population["hit"].mean())
    covered = np.zeros(2)
    groups = [population.index[population["h"] == stratum].to_numpy() for stratum in range(4)]
    for _ in range(1000):
        rows = np.concatenate([random.choice(group, 60, replace=False) for group in groups])
        sample = population.loc[rows].assign(N=lambda d: sizes[d["h"]])
        design = SurveyDesign(sample, strata="h", fpc="N")
        mean = estimate.mean(design, "y").iloc[0]
        part = estimate.proportion(design, "hit").iloc[1]
        covered += [mean["ci_low"] <= truth <= mean["ci_high"], part["ci_low"] <= share <= part["ci_high"]]
    assert (covered >= 935).all()
    assert (covered <= 965).all()
