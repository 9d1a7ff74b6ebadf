"""Words that a group uses more often than all others: differences of shares, with the intervals of any comparison."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bildungsbedarf.estimates import facts_of, like
from bildungsbedarf.needs.answers.words import word_flags
from bildungsbedarf.needs.family import without_inference
from bildungsbedarf.needs.groups.equity import differences
from bildungsbedarf.survey.frames import Names
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable


@recomputable
def keyness(wave: Wave, question: str, group: str, without: Names = ()) -> pd.DataFrame:
    """Share of those who wrote that used each word, of each group minus all others who wrote.

    What text analysis calls keyness (Scott 1997, *System* 25(2)), here of persons and weighted, not of word counts:
    who writes much does not count more. A word is typical of a group where ``sim_low`` lies above 0, for all words and
    groups at once.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of an open question, or the column of a written "other".
    group
        A variable with categories.
    without
        Words that are not counted, as in ``needs.words``.

    Returns
    -------
    pandas.DataFrame
        As ``needs.equity``: ``estimate`` (difference), ``share``, ``other``, ``ratio`` with its interval, ``sim_low``,
        ``sim_high``; ``variable`` = basic form of a word. The words are those of ``needs.words``.

    Raises
    ------
    ConfigError
        There is no such question or group, no word was used often enough, or all persons are in one category.

    Examples
    --------
    >>> found = needs.keyness(wave, "FEHLT", "kinder")
    >>> sorted(found["kinder"].unique()), bool((found["estimate"].abs() <= 1).all())
    (['mit Kindern', 'ohne Kinder'], True)
    """
    group = wave.named(group)
    frame = differences(wave.design, word_flags(wave, question, without), group, measure="keyness", ranked=False)
    told = facts_of(frame)
    # a word is typical by the interval that holds for all words and groups at once: it is the one to show
    frame = told.but(details={**told.details, "question": question}, joint=True).on(frame)
    if facts_of(frame).carries_inference:
        return frame
    return without_inference(like(frame.assign(ratio_low=np.nan, ratio_high=np.nan), frame))
