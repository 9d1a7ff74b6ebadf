"""How long people took: in all, page by page, and against the others."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.limesurvey.dates import to_dates
from bildungsbedarf.sources.timings import GROUP, QUESTION

_FASTEST = 3.0
"""A page counts at most this much, so that one page skipped does not decide alone (Leiner 2019)."""


def durations(raw: pd.DataFrame) -> pd.Series:
    """Minutes from start to submission; missing where one of them was not recorded."""
    if "startdate" not in raw.columns:
        return pd.Series(pd.NA, index=raw.index, dtype="Float64")
    start = to_dates(raw["startdate"])
    end = to_dates(raw["submitdate"])
    minutes = (end - start).dt.total_seconds() / 60
    # LimeSurvey writes 1980-01-01 into surveys without date stamps.
    return minutes.where(minutes > 0).astype("Float64")


def page_seconds(raw: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Seconds a person spent on each page; one column a page (1, 2, …), none without timings.

    Times of groups are taken where pages are groups, else times of questions are added up.
    """
    pages_of: dict[str, set[int]] = {}
    for question in codebook.questions:
        pages_of.setdefault(f"{GROUP}{question.gid}", set()).add(question.page)
    whole = {name: min(pages) for name, pages in pages_of.items() if len(pages) == 1 and name in raw.columns}
    single = {f"{QUESTION}{question.qid}": question.page for question in codebook.questions}
    used = whole or {name: page for name, page in single.items() if name in raw.columns}
    seconds: dict[int, pd.Series] = {}
    for name, page in used.items():
        values = pd.to_numeric(raw[name].mask(raw[name] == ""), errors="coerce").astype("Float64")
        values = values.where(values > 0)
        seconds[page] = seconds[page].add(values, fill_value=0.0) if page in seconds else values
    return pd.DataFrame(seconds, index=raw.index).sort_index(axis=1)


def relative_speed(seconds: pd.DataFrame) -> pd.Series:
    """Mean over pages of the median time by one's own: 1 as fast as the median, 2 twice as fast.

    Leiner, D. J. (2019): Too fast, too straight, too weird. Survey Research Methods 13 (3), 229–248.
    Each page counts up to 3; missing where no page was timed.
    """
    if seconds.shape[1] == 0:
        return pd.Series(pd.NA, index=seconds.index, dtype="Float64")
    return seconds.rdiv(seconds.median(), axis=1).clip(upper=_FASTEST).mean(axis=1).astype("Float64")
