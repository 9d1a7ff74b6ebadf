"""What the examples in docstrings see: the demo's waves, and a small design with easy numbers."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

import bildungsbedarf as bb
from bildungsbedarf.study import Project


def small_design() -> bb.SurveyDesign:
    """Twelve persons in two strata."""
    data = pd.DataFrame(
        {
            "y": [2.0, 4.0, 4.0, 5.0, 7.0, 9.0, 1.0, 3.0, 5.0, 6.0, 8.0, 10.0],
            "x": [1.0, 2.0, 2.0, 3.0, 3.0, 4.0, 1.0, 1.0, 2.0, 3.0, 4.0, 5.0],
            "sex": list("fmfmfmfmfmfm"),
            "area": list("aabbaabbaabb"),
            "stratum": ["s"] * 6 + ["t"] * 6,
            "w": [10.0] * 6 + [20.0] * 6,
        }
    )
    return bb.SurveyDesign(data, weights="w", strata="stratum")


def namespace(project: Project) -> dict[str, Any]:
    """Names of the examples."""
    study = bb.Study.load("bildungsbefragung", project)
    study.import_declared()
    names: dict[str, Any] = {"bb": bb, "np": np, "pd": pd, "study": study, "wave": study.wave("2026")}
    names |= {"later": study.wave("2028"), "conference": study.wave("2026", "konferenz1"), "d": small_design()}
    names |= {"provided": study.wave("2028", "angebote")}
    rooms = ("estimate", "weighting", "needs", "participation", "supply", "disclosure", "findings", "show")
    return names | {name: getattr(bb, name) for name in rooms}


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function, and the methods of what people hold in their hands."""
    for room in ("estimate", "weighting", "needs", "participation", "supply", "disclosure", "findings", "show"):
        module = getattr(bb, room)
        for name in module.__all__:
            if inspect.isfunction(found := getattr(module, name)):
                yield f"{room}.{name}", found
    for kind in (bb.Study, bb.Wave, bb.SurveyDesign, bb.Codebook):
        for name, found in vars(kind).items():
            if not name.startswith("_") and (
                inspect.isfunction(found) or isinstance(found, (classmethod, staticmethod))
            ):
                yield f"{kind.__name__}.{name}", getattr(found, "__func__", found)
