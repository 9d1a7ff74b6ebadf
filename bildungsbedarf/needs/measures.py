"""Importance, satisfaction, gap and unmet need of every field (docs/methods.md has the formulas)."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf.needs.batteries import battery
from bildungsbedarf.needs.family import estimate_family, without_inference
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.wave import Wave


def importance(wave: Wave, question: str = "", by: str | None = None) -> pd.DataFrame:
    """Weighted mean importance of each item, on the questionnaire's scale.

    Returns the family frame of ``needs.family`` with ``variable`` = item code.
    """
    return _scale_mean(wave, question or battery(wave).importance, by, "importance")


def satisfaction(wave: Wave, question: str = "", by: str | None = None) -> pd.DataFrame:
    """Weighted mean satisfaction with the offers of each item, as ``importance``."""
    return _scale_mean(wave, question or battery(wave).satisfaction, by, "satisfaction")


def gap(wave: Wave, importance: str = "", satisfaction: str = "", by: str | None = None) -> pd.DataFrame:
    """Weighted mean of importance − satisfaction, of persons with both answers (Borich 1980)."""
    pair = battery(wave, importance, satisfaction)
    frame = estimate_family(wave.design, pair.gaps(), by, "mean", "gap", inference=wave.allows_inference)
    frame.attrs["scale_range"] = pair.highest - pair.lowest
    return frame


def unmet(wave: Wave, importance: str = "", satisfaction: str = "", by: str | None = None) -> pd.DataFrame:
    """Share for whom the field is important and who are dissatisfied, of persons with both answers.

    Cut points are ``important_from`` and ``dissatisfied_to`` of study.toml. "Cannot judge" is no
    answer: these persons are not in the base.
    """
    pair = battery(wave, importance, satisfaction)
    return estimate_family(wave.design, pair.unmet(), by, "share", "unmet_need", inference=wave.allows_inference)


def distribution(wave: Wave, variable: str, *, weighted: bool = True, by: str | None = None) -> pd.DataFrame:
    """Shares of all categories of one variable; unweighted ones describe only who answered.

    Returns the tidy frame of ``bb.estimate``; unweighted shares have no interval.
    """
    design = wave.design if weighted else SurveyDesign(wave.responses)
    frame = estimate.proportion(design, variable, by=by)
    if not weighted:
        frame[["se", "ci_low", "ci_high"]] = float("nan")
    frame.attrs = {"measure": "distribution", "unit": "share", "level": 0.95, "by": [by] if by else []}
    return frame if wave.allows_inference else without_inference(frame)


def _scale_mean(wave: Wave, question: str, by: str | None, measure: str) -> pd.DataFrame:
    pair = battery(wave)
    columns = pair.columns(question).astype("Float64")
    frame = estimate_family(wave.design, columns, by, "mean", measure, inference=wave.allows_inference)
    frame.attrs["scale_range"] = pair.highest - pair.lowest
    frame.attrs["scale"] = [pair.lowest, pair.highest]
    return frame
