"""What kept people away: shares of persons shown the question who passed its page."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.prepare import ticked_items
from bildungsbedarf.wave import Wave


def barriers(wave: Wave, question: str = "", by: str | None = None) -> pd.DataFrame:
    """Share of persons who ticked each barrier; several answers were possible.

    The base is everyone shown the question who passed its page, whether or not a box was ticked;
    a written "other" counts as ticked (item ``other``).

    Raises
    ------
    ConfigError
        study.toml names no barriers, or the question is no multiple choice.
    """
    question = question or wave.needs.barriers
    if not question:
        raise ConfigError("study.toml names no question about barriers", where="study.toml, needs.barriers")
    if wave.codebook[question].type.values != "checkbox":
        raise ConfigError("barriers are no multiple choice question", where=f"question {question}")
    ticked = ticked_items(wave.responses, wave.codebook, question)
    return estimate_family(wave.design, ticked, by, "share", "barrier", inference=wave.allows_inference)
