"""Made-up people with a needs battery, for goldens; ``python people.py`` (in this folder) writes the two tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

ITEMS = ("A", "B", "C")


def people(count: int = 360) -> pd.DataFrame:
    """Three items on five points, strata, clusters, weights, an ordered group and another one."""
    random = np.random.default_rng(31)
    data = pd.DataFrame({"s": random.choice(["n", "w"], count, p=[0.6, 0.4])})
    data["psu"] = data["s"] + random.integers(1, 13, count).astype(str)
    data["w"] = random.uniform(0.5, 3, count).round(3)
    data["edu"] = random.choice(["e1", "e2", "e3", "e4"], count, p=[0.15, 0.35, 0.3, 0.2])
    data["sex"] = random.choice(["f", "m"], count)
    data["age"] = random.choice(["old", "young"], count)
    person = random.normal(size=count)
    rank = data["edu"].str[1].astype(int).to_numpy()
    for place, item in enumerate(ITEMS):
        for kind, mean in (("I", 3.4 + 0.2 * place), ("S", 2.6 + 0.15 * rank)):
            value = np.clip(np.round(mean + 0.6 * person + random.normal(size=count)), 1, 5)
            data[f"{kind}{item}"] = np.where(random.uniform(size=count) < 0.08, np.nan, value)
    for box in "XYZ":
        data[f"T{box}"] = (random.uniform(size=count) < 0.2 + 0.1 * (box == "X")).astype(int)
    return data


def areas(count: int = 24) -> pd.DataFrame:
    """Direct estimates, sampling variances and two covariates."""
    random = np.random.default_rng(32)
    table = pd.DataFrame({"x1": random.normal(size=count).round(4), "x2": random.uniform(size=count).round(4)})
    truth = 0.5 + 0.08 * table["x1"] - 0.1 * table["x2"] + random.normal(0, 0.05, count)
    table["variance"] = random.uniform(0.0008, 0.012, count).round(6)
    table["direct"] = (truth + random.normal(size=count) * np.sqrt(table["variance"])).round(6)
    return table


if __name__ == "__main__":
    people().to_csv("people.csv", index=False)
    areas().to_csv("areas.csv", index=False)
