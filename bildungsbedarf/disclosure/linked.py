"""What follows from the sums of a table: how narrow an outsider can place a hidden count, by linear programming.

Known to the outsider are all numbers shown, every sum (over groups, over categories of a group whose base is told, and
of categories that are sums of others), and that no count is negative or larger than its base. The bounds of a hidden
count under these are those of two linear programmes (Fischetti & Salazar 2001, Operations Research 49, 445–454). The
matrices of such tables are totally unimodular: bounds over whole numbers are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from bildungsbedarf.survey.arrays import Floats, Ints, Mask

_CANDIDATES = 6
"""Further cells tried before one is chosen: those of the fewest persons."""
_EXACT = 1e-6
_UNBOUNDED = 3


@dataclass(frozen=True)
class System:
    """One table: true counts, their largest possible values, and sums as coefficients (sums × cells)."""

    counts: Floats
    largest: Floats
    sums: Floats

    def bounds(self, hidden: Mask, wanted: Ints, enough: float) -> tuple[Floats, Floats]:
        """Smallest and largest value of the cells ``wanted`` that is compatible with all that is not ``hidden``.

        A cell whose bounds lie ``enough`` apart already is not looked at further: its bounds may be wider.
        """
        cells = np.flatnonzero(hidden)
        place = {cell: number for number, cell in enumerate(cells)}
        matrix = self.sums[:, cells]
        used = np.abs(matrix).sum(axis=1) > 0
        matrix, truth = matrix[used], self.counts[cells]
        limits = [(0.0, float(most)) for most in self.largest[cells]]
        low, high = truth[[place[cell] for cell in wanted]], truth[[place[cell] for cell in wanted]]
        for number, cell in enumerate(wanted):
            for sign in (-1.0, 1.0):
                if high[number] - low[number] >= enough:
                    break
                goal = np.zeros(len(cells))
                goal[place[cell]] = -sign
                found = linprog(goal, A_eq=matrix, b_eq=matrix @ truth, bounds=limits)
                if found.status == _UNBOUNDED:
                    low[number], high[number] = 0.0, np.inf
                    break
                if found.x is None:
                    # rounding has left nothing that fits exactly: nothing more is known than the truth
                    continue
                # each solution is possible, and so tells of the others too
                at = found.x[[place[other] for other in wanted]]
                low, high = np.minimum(low, at), np.maximum(high, at)
        return low, high


def protect(
    system: System, protected: Mask, hidden: Mask, cost: Floats, width: float, fixed: Sequence[int] = ()
) -> Mask:
    """Hide further cells until each protected one can lie anywhere in an interval of ``width`` persons.

    Parameters
    ----------
    system
        The table.
    protected
        Cells of few persons.
    hidden
        Cells that are hidden so far.
    cost
        What it costs to hide a cell; of those that help most the cheapest is taken.
    width
        Persons.
    fixed
        Cells that are never hidden.

    Returns
    -------
    numpy.ndarray of bool
        What is hidden; all that could help where even that is not enough.
    """
    before, hidden = hidden, hidden.copy()
    wanted = np.flatnonzero(protected & hidden)
    while True:
        narrow = _narrow(system, hidden, wanted, width)
        found = next((best for cell in narrow if (best := _best(system, cell, hidden, cost, width, fixed)) >= 0), -1)
        if found < 0:
            break
        hidden[found] = True
    # the way to enough room leads over cells that are not needed in the end
    for cell in sorted(np.flatnonzero(hidden & ~before), key=lambda added: -cost[added]):
        hidden[cell] = False
        if not set(_narrow(system, hidden, wanted, width)) <= set(narrow):
            hidden[cell] = True
    return hidden


def _narrow(system: System, hidden: Mask, wanted: Ints, width: float) -> list[int]:
    low, high = system.bounds(hidden, wanted, width)
    return [int(cell) for cell, gap in zip(wanted, high - low, strict=True) if gap < width - _EXACT]


def _best(system: System, cell: int, hidden: Mask, cost: Floats, width: float, fixed: Sequence[int]) -> int:
    """The cell that, hidden too, leaves ``cell`` the most room; −1 where none is left that shares a sum with it."""
    near = np.abs(system.sums[np.abs(system.sums[:, cell]) > 0]).sum(axis=0) > 0
    reached = np.abs(system.sums[:, near & hidden]).sum(axis=1) > 0
    able = (near | (np.abs(system.sums[reached]).sum(axis=0) > 0)) & ~hidden
    able[list(fixed)] = False
    candidates = np.flatnonzero(able)
    if not len(candidates):
        return -1
    candidates = candidates[np.argsort(cost[candidates], kind="stable")][:_CANDIDATES]
    gaps = []
    for candidate in candidates:
        more = hidden.copy()
        more[candidate] = True
        low, high = system.bounds(more, np.array([cell]), width)
        gaps.append(min(float(high[0] - low[0]), width))
    return int(candidates[int(np.argmax(np.round(gaps, 6)))])
