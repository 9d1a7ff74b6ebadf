"""Scales are interpreted only where their items measure one thing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from bildungsbedarf import disclosure, findings, needs, show
from bildungsbedarf.study.analyses import ScaleConfig
from bildungsbedarf.wave import Wave


def _with_scale(wave: Wave, scale: ScaleConfig, answers: pd.DataFrame | None = None) -> Wave:
    """The wave with this scale alone, and other answers."""
    files = wave.files
    config = files.config.model_copy(update={"scale": [scale]})
    other = Wave(replace(files, config=config), wave.name, wave.audience)
    if answers is not None:
        other.prepared.responses[list(answers.columns)] = answers
    return other


def test_no_sentence_of_a_scale_whose_items_measure_different_things(wave: Wave) -> None:
    assert needs.reliable_scales(wave) == []
    released = disclosure.release(needs.scale(wave))
    assert (released.frame["decision"] == "shown").all()
    assert findings.record(released, wave) == []
    parts = [disclosure.release(needs.reliability(wave, scale.id)) for scale in wave.scales]
    assert (
        "Nicht gedeutet, weil Alpha unter 0,50 liegt: Politisches Kompetenzgefühl" in show.reliability(parts, wave).html
    )


def test_a_scale_that_measures_is_told(wave: Wave) -> None:
    answers = wave.responses[["VERTR_KREIS", "VERTR_GEMV"]].copy()
    answers["VERTR_GEMV"] = answers["VERTR_KREIS"]
    title = {"de": "Vertrauen", "en": "Trust"}
    scale = ScaleConfig.model_validate({"id": "v", "title": title, "items": ["VERTR_KREIS", "VERTR_GEMV"]})
    same = _with_scale(wave, scale, answers)
    assert needs.reliable_scales(same) == ["v"]
    released = disclosure.release(needs.scale(same))
    (found,) = findings.record(released, same)
    assert found.statement["de"].startswith("Vertrauen: ")
    part = disclosure.release(needs.reliability(same, "v"))
    assert "Nicht gedeutet" not in show.reliability([part], same).html


def test_the_questions_of_the_scales(wave: Wave) -> None:
    assert needs.scale_questions(wave) == ["PEKS", "VERTR"]
