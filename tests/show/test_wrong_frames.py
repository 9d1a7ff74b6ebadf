"""Every figure and table, of every kind of released numbers: drawn, or refused in words that say what it takes."""

from __future__ import annotations

import inspect
from collections.abc import Callable

import pytest

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.show import Block
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Wave

FRAMES: dict[str, Callable[[Wave, Wave], object]] = {
    "unmet": lambda wave, _: needs.unmet(wave),
    "unmet by group": lambda wave, _: needs.unmet(wave, by="kinder"),
    "mean": lambda wave, _: estimate.mean(wave, "ALTER"),
    "proportion": lambda wave, _: estimate.proportion(wave, "GESCHL"),
    "crosstab": lambda wave, _: estimate.crosstab(wave, "GESCHL", "kinder"),
    "quantile": lambda wave, _: estimate.quantile(wave, "ALTER", 0.5),
    "total": lambda wave, _: estimate.total(wave, "ALTER"),
    "quadrants": lambda wave, _: needs.quadrants(wave),
    "steps": lambda wave, _: needs.steps(wave, "ZUFR"),
    "equity": lambda wave, _: needs.equity(wave, "kinder"),
    "trend": lambda wave, later: needs.trend(wave, later, "unmet_need"),
    "barriers": lambda wave, _: needs.barriers(wave),
}
SHOWN = [
    name
    for name in show.__all__
    if inspect.isfunction(getattr(show, name)) and "released" in inspect.signature(getattr(show, name)).parameters
]


@pytest.mark.parametrize("kind", FRAMES)
def test_what_cannot_be_shown_so_is_told(kind: str, wave: Wave, later: Wave) -> None:
    released = disclosure.release(FRAMES[kind](wave, later))
    known = {"released": released, "wave": wave, "earlier": wave, "later": later}
    drawn = []
    for name in SHOWN:
        function = getattr(show, name)
        parameters = inspect.signature(function).parameters.values()
        given = [known.get(one.name, "x") for one in parameters if one.default is one.empty]
        try:
            drawn.append(isinstance(function(*given), Block))
        except BildungsbedarfError as error:
            assert str(error), name
    assert all(drawn)
