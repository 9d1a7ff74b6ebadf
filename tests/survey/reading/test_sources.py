from __future__ import annotations

import pytest

from bildungsbedarf.errors import BildungsbedarfError, ConfigError
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Wave


@pytest.mark.parametrize(
    ("name", "arguments", "options"),
    [
        ("mean", ["ALTER"], {"by": "altersgruppe"}),
        ("total", ["ALTER"], {}),
        ("variance", ["ALTER"], {}),
        ("proportion", ["altersgruppe"], {}),
        ("quantile", ["ALTER"], {}),
        ("ratio", ["WICHT_F05", "ZUFR_F05"], {}),
        ("crosstab", ["altersgruppe", "geschlecht"], {}),
        ("chisq", ["altersgruppe", "migration"], {}),
        ("ttest", ["ALTER ~ migration"], {}),
        ("glm", ["ALTER ~ WICHT_F05"], {}),
        ("covariance", ["mean", ["WICHT_F01", "WICHT_F02"]], {}),
        ("table", ["ALTER"], {}),
    ],
)
def test_a_wave_is_taken_for_its_design(
    wave: Wave, name: str, arguments: list[object], options: dict[str, object]
) -> None:
    function = getattr(estimate, name)
    assert function(wave, *arguments, **options).equals(function(wave.design, *arguments, **options))


def test_columns_may_be_called_as_in_a_report(wave: Wave) -> None:
    found = estimate.mean(wave, ["WICHT[F05]", "ZUFR[F05]"], by="Altersgruppe")
    assert found.equals(estimate.mean(wave.design, ["WICHT_F05", "ZUFR_F05"], by="altersgruppe"))
    assert estimate.crosstab(wave, row="Altersgruppe", col="Geschlecht").equals(
        estimate.crosstab(wave.design, "altersgruppe", "geschlecht")
    )


def test_two_waves_are_compared(wave: Wave, later: Wave) -> None:
    found = estimate.difference(wave, later, "mean", "WICHT[F05]")
    assert found.equals(estimate.difference(wave.design, later.design, "mean", "WICHT_F05"))


def test_a_name_that_is_none_is_told_in_two_lines(wave: Wave) -> None:
    with pytest.raises(BildungsbedarfError) as caught:
        estimate.mean(wave, "WICHT_F1")
    assert "WICHT_F01" in str(caught.value)


def test_arguments_are_those_of_the_function(wave: Wave, later: Wave) -> None:
    plain = estimate.mean(wave.design, "ALTER")
    assert estimate.mean(d=wave.design, vars="ALTER").equals(plain)  # type: ignore[call-arg]
    assert estimate.mean(d=wave, vars="ALTER").equals(plain)  # type: ignore[call-arg]
    assert estimate.difference(d_a=wave, d_b=later, estimator="mean", vars="ALTER").equals(  # type: ignore[call-arg]
        estimate.difference(wave.design, later.design, "mean", "ALTER")
    )
    with pytest.raises(ConfigError, match="too many"):
        estimate.mean(wave, "ALTER", None, 0.95, "drop", True, 7)  # type: ignore[call-arg]
    with pytest.raises(ConfigError, match="multiple values"):
        estimate.mean(wave, "ALTER", None, by="altersgruppe")  # type: ignore[misc]
