from __future__ import annotations

import pytest

from bildungsbedarf import findings
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Study
from tests.findings.test_leitbild import _MADE


def test_new_gone_reworded_and_other_numbers(study: Study) -> None:
    def made(wave: str, name: str, text: str, estimate: float = 0.5) -> findings.Finding:
        changed = {"id": name, "item": name, "wave": wave, "audience": "erwachsene", "estimate": estimate}
        return _MADE.model_copy(update={**changed, "statement": {"de": text, "en": text}})

    before = [made("2026", "a", "x 1"), made("2026", "b", "x 1"), made("2026", "c", "x 1"), made("2026", "d", "x 1")]
    after = [made("2028", "b", "x 2", 0.6), made("2028", "c", "y 1"), made("2028", "d", "x 1"), made("2028", "e", "z")]
    told = findings.differences(study, [*before, *after], "2026", "2028")
    assert [(one.change, one.about) for one in told] == [
        ("new", "erwachsene e"),
        ("gone", "erwachsene a"),
        ("reworded", "erwachsene c"),
        ("other number", "erwachsene b"),
    ]
    assert (told[0].before, told[0].after) == ("", "z")


def test_audiences_that_only_one_wave_has_are_not_compared(study: Study) -> None:
    vote = _MADE.model_copy(update={"audience": "konferenz1", "wave": "2026"})
    assert findings.differences(study, [vote], "2026", "2028") == []


def test_unknown_wave(study: Study) -> None:
    with pytest.raises(ConfigError, match="there is no such wave"):
        findings.differences(study, [], "2026", "2030")
