"""Findings just made of a frame, in a researcher's hand: their sentences, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable

from bildungsbedarf.displays import Display, Displayed
from bildungsbedarf.findings.model import Finding

_HEADS = ("id", "statement")


class Recorded(Displayed, list[Finding]):
    """A list of findings that shows their sentences; an empty one says why nothing can be said.

    Parameters
    ----------
    found
        The findings.
    language
        Of the sentences shown.
    why
        Why there are none.

    Examples
    --------
    >>> from bildungsbedarf.findings.recorded import Recorded
    >>> Recorded([], "de", "no rank is certain")
    no finding: no rank is certain
    """

    def __init__(self, found: Iterable[Finding], language: str, why: str = "") -> None:
        super().__init__(found)
        self._language, self._why = language, why

    def _display(self) -> Display:
        if not self:
            return Display(f"no finding: {self._why}", [], [], "")
        many = "1 finding" if len(self) == 1 else f"{len(self)} findings"
        rows = [[one.id, one.statement["en" if self._language == "en" else "de"]] for one in self]
        return Display(many, _HEADS, rows)

    def __repr__(self) -> str:
        return self.describe()
