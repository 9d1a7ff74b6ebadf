"""A measure under several choices of the analysis, side by side."""

from __future__ import annotations

from collections.abc import Mapping

from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.tables import table, title_of
from bildungsbedarf.wave import Wave

_WORDS = {
    "reported": "as reported",
    "nobody_left_out": "nobody left out",
    "flagged_left_out": "flagged left out",
    "unweighted": "unweighted",
}

_MADE = "{choice: disclosure.release(frame) for choice, frame in needs.sensitivity(wave).items()}"


def choices(released: Mapping[str, Released], wave: Wave, *, title: str = "", earlier: Wave | None = None) -> Block:
    """One column a choice of ``needs.sensitivity``, each frame released.

    Parameters
    ----------
    released
        What ``disclosure.release`` returned.
    wave
        One audience in one wave.
    title
        Default: what the measure is called.
    earlier
        The earlier wave, where the estimates are changes.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> found = {choice: disclosure.release(frame) for choice, frame in needs.sensitivity(wave).items()}
    >>> show.choices(found, wave).payload["title"]
    'Ungedeckter Bedarf nach Bereich, unter anderen Annahmen'
    """
    if not isinstance(released, Mapping) or not released:
        raise ConfigError("choices stand in a mapping", value=type(released).__name__, expected=_MADE)
    if strange := [choice for choice in released if choice not in _WORDS]:
        raise ConfigError("this is no choice", value=strange[0], expected=", ".join(_WORDS), remedy=_MADE)
    columns = {translate(_WORDS[choice], wave.language): part for choice, part in released.items()}
    first = next(iter(released.values()))
    called = translate("{title}, under other assumptions", wave.language, title=title_of(first, wave))
    return table(columns, wave, title=title or called, earlier=earlier)
