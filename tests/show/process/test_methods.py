from __future__ import annotations

from bildungsbedarf import show
from bildungsbedarf.wave import Study, Wave


def test_the_paragraph_holds_the_numbers_of_the_wave(wave: Wave) -> None:
    text = show.methods(wave).text
    design = wave.design
    kish = len(design.weights) * (design.weights**2).sum() / design.weights.sum() ** 2
    for told in (
        "Personen ab 18 Jahren",
        "2. März 2026",
        "6.000 Eingeladenen wurden 5.760 erreicht, 1.354 sind gezählt (23,5\u202f% der Erreichten)",
        "Gemeinde und Altersgruppe × Geschlecht",
        f"{kish:.2f}".replace(".", ","),
        "28 Schichten",
        "weniger als 10 Personen",
        wave.snapshot.short,
    ):
        assert told in text, told


def test_it_promises_no_more_than_the_sampling_carries(study: Study) -> None:
    pupils, conference = (study.wave("2026", name) for name in ("schule", "konferenz1"))
    assert "ohne Intervalle und Tests" in show.methods(pupils).text
    assert "Auszählungen" in show.methods(conference).text
    assert "Raking" not in show.methods(pupils).text
    assert (
        "raked to official totals of Municipality and Age group × Gender" in show.methods(study.wave("2026"), "en").text
    )


def test_without_weights_no_calibration_is_claimed(wave: Wave) -> None:
    text = show.methods(wave.unweighted(), "en").text
    assert "Everyone counts alike." in text
    assert "calibration" not in text
    assert "calibration" in show.methods(wave, "en").text
