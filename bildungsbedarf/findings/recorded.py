"""Findings just made of a frame, in a researcher's hand: their sentences, or why there are none."""

from __future__ import annotations

from collections.abc import Iterable

from bildungsbedarf.displays import html_table, plain_table
from bildungsbedarf.findings.model import Finding

_HEADS = ("id", "statement")


class Recorded(list[Finding]):
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

    @property
    def _title(self) -> str:
        many = "1 finding" if len(self) == 1 else f"{len(self)} findings"
        return many if self else f"no finding: {self._why}"

    def _rows(self) -> list[list[str]]:
        return [[one.id, one.statement["en" if self._language == "en" else "de"]] for one in self]

    def __repr__(self) -> str:
        return plain_table(self._title, _HEADS, self._rows()) if self else self._title

    def _repr_html_(self) -> str:
        return html_table(self._title, _HEADS if self else [], self._rows())

    def _repr_pretty_(self, printer: object, cycle: bool) -> None:
        # IPython has its own way to show lists, which knows nothing of ours
        printer.text(repr(self))  # type: ignore[attr-defined]
