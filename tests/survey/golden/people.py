"""Writes people.csv, the made-up people of make.R."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

random = np.random.default_rng(11)
ROWS = 320
stratum = np.repeat(np.arange(4), ROWS // 4)
z = random.gamma(2, 2, ROWS).round(3)
latent = 0.3 * z + random.logistic(0, 1, ROWS)
data = pd.DataFrame(
    {
        "w": random.uniform(1, 4, ROWS).round(3),
        "s": np.array(["north", "east", "south", "west"])[stratum],
        "psu": random.integers(1, 7, ROWS),
        "ssu": random.integers(1, 4, ROWS),
        "f1": 40,
        "f2": 12,
        "half": random.integers(1, 3, ROWS),
        "y": (random.normal(10, 3, ROWS) + stratum + 0.2 * z).round(3),
        "z": z,
        "age": random.integers(18, 99, ROWS),
        "item": np.digitize(latent, [-0.5, 0.5, 1.5, 3]) + 1,
        "yes": (random.random(ROWS) < 0.4).astype(int),
        "count": random.poisson(1 + 0.2 * z),
        "area": random.choice(["a", "b", "c"], ROWS),
        "sex": random.choice(["m", "f"], ROWS),
    }
)
data = data.astype({"y": "Float64", "item": "Int64"})
for name in ("y", "item"):
    data.loc[random.random(ROWS) < 0.1, name] = pd.NA
data.to_csv(Path(__file__).with_name("people.csv"), index=False)
