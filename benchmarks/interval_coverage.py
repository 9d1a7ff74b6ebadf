"""Coverage of families and false claims over simulated waves; writes benchmarks/interval_coverage.md.

``python benchmarks/interval_coverage.py [--waves 1000] [--only NAME]``. Truth is known: every person of a wave is
drawn from it. Shares: levels by group, differences of groups, ranks. Discrepancies: levels by group. Municipalities:
modelled shares, whose intervals hold for each area on average, not for all at once.
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
from scipy.stats import norm

import bildungsbedarf as bb
from bildungsbedarf import needs
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.needs.groups.equity import differences
from bildungsbedarf.survey.arrays import Floats, Ints

ITEMS = 10
NAMES = [f"i{number}" for number in range(ITEMS)]
_APART = 0.8
_ROUNDING = 1e-12
Result = dict[str, float]
COLUMNS = ["levels hold", "differences hold", "areas hold", "a false claim", "a false first place", "found"]


@dataclass(frozen=True)
class Setting:
    """One kind of wave: persons, shares of the groups, the items' true shares, and how far group 0 is above.

    Of ``municipalities``: how far they differ (standard deviation).
    """

    persons: int
    groups: tuple[float, ...]
    shares: tuple[float, ...]
    effect: float = 0.0
    kind: str = "shares"


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
    "300 persons, four ages, discrepancies": Setting(300, AGES, (), kind="discrepancies"),
    "1,500 persons, rare group of 3 %, discrepancies": Setting(1500, RARE, (), kind="discrepancies"),
    "1,500 persons, 28 municipalities at 6 %, alike": Setting(1500, TOWNS, (0.06,), 0.0, "municipalities"),
    "1,500 persons, 28 municipalities at 6 %, 2 points apart": Setting(1500, TOWNS, (0.06,), 0.02, "municipalities"),
    "1,500 persons, 28 municipalities at 30 %, 5 points apart": Setting(1500, TOWNS, (0.3,), 0.05, "municipalities"),
    "1,500 persons, 28 municipalities at 60 %, 10 points apart": Setting(1500, TOWNS, (0.6,), 0.1, "municipalities"),
}


def persons_of(setting: Setting, random: np.random.Generator) -> tuple[pd.DataFrame, Floats]:
    """Who answered: a stratified sample with unequal weights; and what hangs together in the answers of a person."""
    group = random.choice(len(setting.groups), setting.persons, p=setting.groups)
    trait = random.standard_normal((setting.persons, 1))
    noise = 0.6 * trait + 0.8 * random.standard_normal((setting.persons, ITEMS))
    data = pd.DataFrame({"g": pd.Categorical(group.astype(str), categories=list(map(str, range(len(setting.groups)))))})
    data["stratum"], data["w"] = random.integers(0, 6, setting.persons), random.uniform(0.5, 2.0, setting.persons)
    return data, noise


def design_of(data: pd.DataFrame) -> bb.SurveyDesign:
    """The design every wave has."""
    return bb.SurveyDesign(data, weights="w", strata="stratum", lonely_psu="adjust")


def shares(setting: Setting, seed: int) -> Result:
    """One wave of shares: which families hold, what is claimed falsely, what is found."""
    data, noise = persons_of(setting, np.random.default_rng(seed))
    design, code = design_of(data), data["g"].cat.codes.to_numpy()
    truth = np.array(setting.shares)
    flags = norm.cdf(noise) < np.clip(truth[None, :] + setting.effect * (code == 0)[:, None], 0, 1)
    columns = pd.DataFrame(flags, columns=NAMES).astype("boolean")
    frame = estimate_family(design, columns, "g", "unmet_need")
    true = truth[items_of(frame)] + setting.effect * (groups_of(frame) == 0)
    found = differences(design, columns, "g")
    at, sizes = groups_of(found), np.array(setting.groups)
    gap = np.where(at == 0, 1.0, -sizes[0] / (1 - sizes[at])) * setting.effect
    claims = ((found["sim_low"] > 0) | (found["sim_high"] < 0)).to_numpy()
    told: Result = {"levels hold": holds(frame, true), "differences hold": holds(found, gap)}
    if setting.effect:
        return {**told, "found": float(claims[at == 0].mean())}
    told["a false claim"] = float(claims.any())
    if len(set(setting.shares)) == 1:
        whole = estimate_family(design, columns, None, "unmet_need")
        told["a false first place"] = float((whole["rank_worst"] == 1).any())
    return told


def discrepancies(setting: Setting, seed: int) -> Result:
    """One wave of ranked discrepancies by group: whether all hold."""
    data, noise = persons_of(setting, np.random.default_rng(seed))
    shift = np.linspace(-1.2, 0.4, ITEMS)
    satisfied = pd.DataFrame(3 + (noise + shift > _APART) - 1 * (noise + shift < -_APART), columns=NAMES)
    important = pd.DataFrame(3, index=satisfied.index, columns=[f"{name}_important" for name in NAMES])
    design = design_of(pd.concat([data, satisfied, important], axis=1))
    frame = needs.ranked_discrepancy(design, list(important), NAMES, by="g", scale=(1, 5))
    truth = 100 * (norm.sf(_APART - shift) - norm.cdf(-_APART - shift))
    return {"levels hold": holds(frame, truth[[place % ITEMS for place in range(len(frame))]])}


def municipalities(setting: Setting, seed: int) -> Result:
    """One wave of municipalities that differ by ``effect``: how many of the modelled shares' intervals hold."""
    random = np.random.default_rng(seed)
    count, share = len(setting.groups), setting.shares[0]
    truth = np.clip(share + setting.effect * random.standard_normal(count), 0.001, 0.999)
    persons = np.maximum(random.multinomial(setting.persons, setting.groups), 1)
    answers = random.binomial(persons, truth)
    whole = answers.sum() / persons.sum()
    covariates = np.column_stack([np.ones(count), random.standard_normal(count)])
    model = bb.estimate.fay_herriot(answers / persons, whole * (1 - whole) / persons, covariates)
    low, high = model.interval()
    return {"areas hold": float(((low <= truth) & (truth <= high)).mean())}


def items_of(frame: pd.DataFrame) -> Ints:
    """Position of each row's item."""
    return np.asarray(frame["variable"].str[1:].astype(int))


def groups_of(frame: pd.DataFrame) -> Ints:
    """Position of each row's group."""
    return np.asarray(frame["g"].astype(str).astype(int))


def holds(frame: pd.DataFrame, true: Floats) -> float:
    """1 where every simultaneous interval of a frame contains the truth; where nothing is said, nothing is wrong."""
    low, high = (frame[name].to_numpy(dtype=float, na_value=np.nan) for name in ("sim_low", "sim_high"))
    inside = (low <= true + _ROUNDING) & (true - _ROUNDING <= high)
    return float((inside | np.isnan(low)).all())


KINDS: dict[str, Callable[[Setting, int], Result]] = {
    "shares": shares,
    "discrepancies": discrepancies,
    "municipalities": municipalities,
}


def one(task: tuple[Setting, int]) -> Result:
    """One wave of a setting."""
    setting, seed = task
    return KINDS[setting.kind](setting, seed)


def run(waves: int, only: str, map_: Callable[..., object] = map) -> pd.DataFrame:
    """One row a setting."""
    rows = {}
    for name, setting in SETTINGS.items():
        if only in name:
            found = pd.DataFrame(list(map_(one, [(setting, seed) for seed in range(waves)])))  # type: ignore[call-overload]
            rows[name] = 100 * found.mean()
            print(name, rows[name].round(1).to_dict(), file=sys.stderr, flush=True)
    return pd.DataFrame(rows).T.reindex(columns=COLUMNS).round(1)


FILE = Path(__file__).with_name("interval_coverage.md")


def main() -> None:
    """Print the table and keep it; with ``--only`` the other rows stay as they are."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--waves", type=int, default=1000)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    with multiprocessing.Pool(2) as pool:
        found = run(arguments.waves, arguments.only, pool.map)
    columns = list(found.columns)
    rows = {} if not arguments.only else _kept(columns)
    for name, values in zip(found.index, found.to_numpy(), strict=True):
        rows[str(name)] = [f"{arguments.waves:,}", *("" if np.isnan(v) else f"{v:.1f}" for v in values)]
    lines = [["setting", "waves", *columns], ["---"] * (len(columns) + 2)]
    lines += [[name, *rows[name]] for name in SETTINGS if name in rows]
    text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    error = 100 * np.sqrt(0.05 * 0.95 / 1000)
    how = "`python benchmarks/interval_coverage.py`"
    head = f"Per cent of simulated waves; Monte Carlo error of 1,000 waves {error:.1f} points ({how}).\n"
    print(head + "\n" + text)
    FILE.write_text(f"# Coverage of families\n\n{head}\n{text}\n", encoding="utf-8")


def _kept(columns: list[str]) -> dict[str, list[str]]:
    """Rows of the file by setting, their numbers in the order of ``columns``."""
    table = [line.strip("| ").split("|") for line in FILE.read_text(encoding="utf-8").splitlines() if "|" in line]
    head, *rows = [[cell.strip() for cell in line] for line in table]
    named = [dict(zip(head, row, strict=False)) for row in rows]
    return {row["setting"]: [row.get("waves", ""), *(row.get(name, "") for name in columns)] for row in named}


if __name__ == "__main__":
    main()
