"""Where numbers come from, read back from what ``Wave.source`` writes."""

from __future__ import annotations

from dataclasses import dataclass

from bildungsbedarf.estimates import Facts

_WORDS = 4
"""Study, wave, audience and snapshot."""


@dataclass(frozen=True)
class Cited:
    """One source: of a wave its study, name and audience, else ``text`` alone; ``other`` is what was changed."""

    text: str
    study: str = ""
    wave: str = ""
    audience: str = ""
    other: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The wave and whom it asked; a source that is no wave's as it is."""
        return f"{self.wave} {self.audience}" if self.study else self.text


def read_source(source: str) -> Cited:
    """One source of a frame, without the digests of what was changed.

    Parameters
    ----------
    source
        As ``Wave.source`` writes it, or any text.

    Returns
    -------
    Cited
        Its parts.

    Examples
    --------
    >>> from bildungsbedarf.wave.cited import read_source
    >>> read_source(wave.unweighted().source).called, read_source(wave.unweighted().source).other
    ('2026 erwachsene', ('other weighting',))
    """
    text, *other = source.split(", ")
    words = text.split()
    study, wave, audience = words[: _WORDS - 1] if len(words) == _WORDS else ("", "", "")
    return Cited(text, study, wave, audience, tuple(part.strip().split(" (")[0] for part in other))


def sources_of(facts: Facts) -> list[Cited]:
    """All sources of a frame."""
    return [read_source(source) for source in facts.source.split("; ")]
