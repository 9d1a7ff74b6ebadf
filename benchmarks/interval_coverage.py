"""Coverage of families and false claims over simulated waves; writes benchmarks/interval_coverage.md.

``python benchmarks/interval_coverage.py [--waves 1000] [--only NAME]``. Truth is known: every person of a wave is
drawn from it.
Wanted: families at least 94.0 %, false claims at most 5.5 %; Monte Carlo error of 1,000 waves is 0.7 points.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

import bildungsbedarf as bb
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.needs.groups.equity import differences

ITEMS = 10
Result = dict[str, float]


@dataclass(frozen=True)
class Setting:
    """One kind of wave: persons, shares of the groups, the items' true shares, and how far group 0 is above."""

    persons: int
    groups: tuple[float, ...]
    shares: tuple[float, ...]
    effect: float = 0.0


AGES = (0.15, 0.25, 0.35, 0.25)
RARE = (0.03, 0.37, 0.60)
TOWNS = tuple(np.geomspace(1, 12, 28) / np.geomspace(1, 12, 28).sum())
MIXED = tuple(np.geomspace(0.02, 0.9, ITEMS))
SETTINGS: dict[str, Setting] = {
    "300 persons, four ages, 2 to 90 %": Setting(300, AGES, MIXED),
    "1,500 persons, four ages, 2 to 90 %": Setting(1500, AGES, MIXED),
    "5,000 persons, four ages, 2 to 90 %": Setting(5000, AGES, MIXED),
    "1,500 persons, rare group of 3 %, all 6 %": Setting(1500, RARE, (0.06,) * ITEMS),
    "1,500 persons, rare group of 3 %, 98 %": Setting(1500, RARE, (0.98,) * ITEMS),
    "1,500 persons, 28 municipalities, all 6 %": Setting(1500, TOWNS, (0.06,) * ITEMS),
    "1,500 persons, four ages, group 10 points above": Setting(1500, AGES, (0.2,) * ITEMS, 0.10),
}


def draw(setting: Setting, seed: int) -> tuple[bb.SurveyDesign, pd.DataFrame]:
    """A stratified sample with unequal weights; answers of a person hang together."""
    random = np.random.default_rng(seed)
    group = random.choice(len(setting.groups), setting.persons, p=setting.groups)
    trait = random.standard_normal((setting.persons, 1))
    noise = 0.6 * trait + 0.8 * random.standard_normal((setting.persons, ITEMS))
    from scipy.stats import norm

    wanted = np.array(setting.shares)[None, :] + setting.effect * (group == 0)[:, None]
    flags = norm.cdf(noise) < np.clip(wanted, 0, 1)
    data = pd.DataFrame({"g": pd.Categorical(group.astype(str), categories=list(map(str, range(len(setting.groups)))))})
    data["stratum"], data["w"] = random.integers(0, 6, setting.persons), random.uniform(0.5, 2.0, setting.persons)
    columns = pd.DataFrame(flags, columns=[f"i{number}" for number in range(ITEMS)]).astype("boolean")
    return bb.SurveyDesign(data, weights="w", strata="stratum", lonely_psu="adjust"), columns


def one(task: tuple[Setting, int]) -> Result:
    """One wave: which families hold, what is claimed falsely, what is found."""
    setting, seed = task
    design, columns = draw(setting, seed)
    truth = np.array(setting.shares)
    frame = estimate_family(design, columns, "g", "unmet_need")
    place = frame["variable"].str[1:].astype(int).to_numpy()
    code = frame["g"].astype(str).astype(int).to_numpy()
    true = truth[place] + setting.effect * (code == 0)
    known = frame["n"].to_numpy(dtype=float) > 0
    held = ((frame["sim_low"] <= true + 1e-12) & (true - 1e-12 <= frame["sim_high"])).to_numpy() | ~known
    found = differences(design, columns, "g")
    at = found["g"].astype(str).astype(int).to_numpy()
    others = np.array([1 - setting.groups[0] if label else 0.0 for label in at])
    rest = np.where(
        at == 0, 0.0, setting.effect * setting.groups[0] / np.where(others > 0, 1 - np.array(setting.groups)[at], 1)
    )
    gap = np.where(at == 0, setting.effect, -rest)
    inside = ((found["sim_low"] <= gap + 1e-12) & (gap - 1e-12 <= found["sim_high"])).to_numpy() | found[
        "sim_low"
    ].isna()
    claims = ((found["sim_low"] > 0) | (found["sim_high"] < 0)).to_numpy()
    whole = estimate_family(design, columns, None, "unmet_need")
    first = bool((whole["rank_worst"] == 1).any())
    return {
        "levels hold": float(held.all()),
        "differences hold": float(inside.all()),
        "a false claim": float((claims & (gap == 0)).any()) if setting.effect == 0 else float("nan"),
        "found": float(claims[at == 0].mean()) if setting.effect else float("nan"),
        "a false first place": float(first) if len(set(setting.shares)) == 1 and not setting.effect else float("nan"),
    }


def run(waves: int, only: str, map_: Callable[..., object] = map) -> pd.DataFrame:
    """One row a setting."""
    rows = {}
    for name, setting in SETTINGS.items():
        if only in name:
            found = pd.DataFrame(list(map_(one, [(setting, seed) for seed in range(waves)])))  # type: ignore[call-overload]
            rows[name] = 100 * found.mean()
            print(name, rows[name].round(1).to_dict(), file=sys.stderr, flush=True)
    return pd.DataFrame(rows).T.round(1)


def main() -> None:
    """Print and keep the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=1000)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    with multiprocessing.Pool(2) as pool:
        table = run(arguments.waves, arguments.only, pool.map)
    heads = ["setting", *table.columns]
    lines = [" | ".join(heads), " | ".join("---" for _ in heads)]
    lines += [
        " | ".join([str(name), *("" if np.isnan(v) else f"{v:.1f}" for v in row)])
        for name, row in zip(table.index, table.to_numpy(), strict=True)
    ]
    text = "\n".join(f"| {line} |" for line in lines)
    error = 100 * np.sqrt(0.05 * 0.95 / arguments.waves)
    how = "`python benchmarks/interval_coverage.py`"
    head = f"Per cent of {arguments.waves:,} simulated waves; Monte Carlo error {error:.1f} points ({how}).\n"
    print(head + "\n" + text)
    if not arguments.only:
        Path(__file__).with_name("interval_coverage.md").write_text(
            f"# Coverage of families\n\n{head}\n{text}\n", encoding="utf-8"
        )


if __name__ == "__main__":
    main()
