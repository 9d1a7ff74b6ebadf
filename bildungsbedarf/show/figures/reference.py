"""A line of comparison in a plot of estimates: at zero, at a target, at the district's value."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import seaborn.objects as so

from bildungsbedarf.show.figures import style


@dataclass
class Reference(so.Mark):  # type: ignore[misc]
    """A seaborn mark that draws one line across each panel where ``at`` lies among the numbers, whatever the data.

    Examples
    --------
    >>> plot = show.estimates(needs.unmet(wave), wave).add(show.Reference(at=0.25))
    >>> type(plot).__name__
    'Plot'
    """

    at: float = 0.0

    def _plot(self, split_generator: Callable[[], Iterator[tuple[Any, Any, Any]]], scales: Any, orient: str) -> None:
        """As seaborn asks of a mark: once for each part of the data, in which a panel comes several times."""
        panels = {id(axes): axes for _, _, axes in split_generator()}
        for axes in panels.values():
            across = axes.axvline if orient == "y" else axes.axhline
            across(self.at, color=style.TEXT, linewidth=1, zorder=1)
