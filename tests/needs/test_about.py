"""Every measure is declared once, and everything it may say has words."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from bildungsbedarf import disclosure, findings, needs
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import facts_of
from bildungsbedarf.findings import DECLARED
from bildungsbedarf.language import is_translated
from bildungsbedarf.needs.about import Measure
from bildungsbedarf.wave import Wave


def _texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            if field.name not in ("key", "suffix", "category", "unit", "worse", "tells", "needs_interval"):
                yield from _texts(getattr(part, field.name))


@pytest.mark.parametrize("measure", DECLARED.values(), ids=lambda measure: measure.key)
def test_all_a_measure_may_say_has_german_words(measure: Measure) -> None:
    for text in filter(None, _texts(measure)):
        assert is_translated(text, "de"), text


def test_an_unknown_measure_is_an_error(wave: Wave) -> None:
    frame = needs.unmet(wave)
    strange = facts_of(frame).but(measure="unmet_needs").on(frame)
    with pytest.raises(ConfigError, match="the measure 'unmet_needs' is not declared") as caught:
        findings.record(disclosure.release(strange), wave)
    assert "did you mean 'unmet_need'?" in str(caught.value)


def test_a_frame_of_another_wave_is_an_error(wave: Wave, later: Wave) -> None:
    with pytest.raises(ConfigError, match="of another wave"):
        findings.record(disclosure.release(needs.unmet(wave)), later)


def test_a_measure_of_which_nothing_is_said_says_so(wave: Wave) -> None:
    with pytest.raises(ConfigError, match="there is no sentence for 'importance'"):
        findings.record(disclosure.release(needs.importance(wave)), wave)
