"""The sums of codes, compiled by numba (extra ``fast``): the same additions in the same order as without.

Numba takes a second to load and to compile, so that only many rows ask for it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.reading.features import Raw

_LOADED = 1 << 20
_NOT_LOADED = 1 << 27
_THREADS = 2


def pays(rows: int, variables: int) -> bool:
    """Whether so many codes are worth it, where numba is installed."""
    wanted = _LOADED if "numba" in sys.modules else _NOT_LOADED
    return rows * variables >= wanted and find_spec("numba") is not None


def add_codes(
    read: Callable[[int], Raw], pair: Ints, weights: Sequence[Floats | None], first: Floats, second: Floats | None
) -> None:
    """Fill the sums (systems × variables × pairs × levels) of ``bildungsbedarf.survey.sums.sums``.

    ``read`` gives the rows of a variable, ``pair`` is each row's pair, −1 for none; ``weights`` are those
    of each system, ``None`` for 1.
    """
    moments, weighted = _kernels()
    whole, _, *others = weights
    _, variables, pairs, width = first.shape

    def one(variable: int) -> None:
        values, low = read(variable)
        found = np.zeros((pairs, width, 3))
        moments(values, low, pair, whole, found)
        first[0, variable], first[1, variable] = found[..., 0], found[..., 1]
        if second is not None:
            second[variable] = found[..., 2]
        for system, by in enumerate(others, 2):
            if by is None:
                first[system, variable] = found[..., 1]
            else:
                weighted(values, low, pair, by, first[system, variable])

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(one, range(variables)))


@lru_cache(maxsize=1)
def _kernels() -> tuple[Any, Any]:
    from numba import njit

    # the three sums of a level stand side by side, so that a row touches one line of the cache
    @njit(nogil=True, cache=True)
    def moments(values: Any, low: Any, pair: Any, weights: Any, found: Any) -> None:
        width = found.shape[1]
        for row in range(len(values)):
            shift, place = values[row] - low, pair[row]
            if place >= 0 and shift >= 0 and shift < width:
                level = int(shift)
                if level == shift:
                    weight, sums = weights[row], found[place, level]
                    sums[0] += weight
                    sums[1] += 1.0
                    sums[2] += weight * weight

    @njit(nogil=True, cache=True)
    def weighted(values: Any, low: Any, pair: Any, weights: Any, found: Any) -> None:
        width = found.shape[1]
        for row in range(len(values)):
            shift, place = values[row] - low, pair[row]
            if place >= 0 and shift >= 0 and shift < width:
                level = int(shift)
                if level == shift:
                    found[place, level] += weights[row]

    return moments, weighted
