"""The numbers of R's ``survey`` (../shared/golden), and the designs they belong to."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

import pandas as pd

from bildungsbedarf.survey import SurveyDesign
from tests.conftest import SHARED

RELATIVE = 1e-8
DESIGNS: dict[str, tuple[str, dict[str, Any]]] = {
    "srs": ("apisrs", {"weights": "pw", "fpc": "fpc"}),
    "strat": ("apistrat", {"weights": "pw", "strata": "stype", "fpc": "fpc"}),
    "clus1": ("apiclus1", {"weights": "pw", "clusters": "dnum", "fpc": "fpc"}),
    "clus2": ("apiclus2", {"clusters": ["dnum", "snum"], "fpc": ["fpc1", "fpc2"]}),
}


@lru_cache(maxsize=1)
def golden() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in json.loads((SHARED / "golden" / "golden.json").read_text())["cases"]}


REPLICATED = ("jk1_clus1", "jkn_strat", "boot_clus1")


@lru_cache(maxsize=8)
def meta(name: str) -> dict[str, Any]:
    designs = json.loads((SHARED / "golden" / "golden.json").read_text())["meta"]["designs"]
    found: dict[str, Any] = designs[name]
    return found


def read(name: str) -> pd.DataFrame:
    return pd.read_csv(SHARED / "golden" / "data" / f"{name}.csv")


def sample_of(name: str) -> SurveyDesign:
    if name in REPLICATED:
        about = meta(name)
        weights = read(f"rep_{'boot' if name.startswith('boot') else name.split('_')[0]}_{name.split('_')[1]}")
        return SurveyDesign.from_replicates(
            interaction(read(about["dataset"])).assign(pw=weights["pw"]),
            weights="pw",
            replicates=weights.drop(columns="pw"),
            kind=about["type"],
            scale=about["scale"],
            rscales=about["rscales"],
            mse=about["mse"],
            combined=about["combined.weights"],
        )
    data, arguments = DESIGNS[name]
    return SurveyDesign(interaction(read(data)), **arguments)


def interaction(data: pd.DataFrame) -> pd.DataFrame:
    """R's ``interaction(stype, comp.imp)``: the first factor runs fastest."""
    categories = [f"{stype}.{imp}" for imp in ("No", "Yes") for stype in ("E", "H", "M")]
    crossed = data["stype"] + "." + data["comp.imp"]
    return data.assign(both=pd.Categorical(crossed, categories))


def of_kind(kind: str) -> list[str]:
    """Golden cases of one kind; empty where ../shared is missing."""
    return sorted(name for name in golden() if f"/{kind}" in name) if SHARED.is_dir() else []
