"""Concepts over audiences and waves: what is the same question, and what differs."""

from __future__ import annotations

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study


def test_what_is_comparable_says_so_and_why_not(study: Study) -> None:
    table = study.concepts().set_index(["wave", "audience", "variable"])
    assert table.loc[("2026", "erwachsene", "ZUFR_F07"), "state"] == "first"
    assert table.loc[("2028", "erwachsene", "ZUFR_F07"), "state"] == "same"
    assert table.loc[("2026", "schule", "WICHT_F07"), "state"] == "wording, scale, sampling"
    assert table.loc[("2026", "schule", "ZUFR_F07"), "state"] == "wording, sampling"
    assert table.loc[("2026", "schule", "ZUFR_F07"), "compared_with"] == "2026/erwachsene: ZUFR_F07"
    assert table.loc[("2028", "konferenz2", "PUNKTE_G2"), "state"] == "same"


def test_a_concept_of_what_nobody_asked(project: Project) -> None:
    path = project.surveys / "bildungsbefragung" / "study.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace('schule = ["F05"]', 'schule = ["F50"]', 1), encoding="utf-8"
    )
    loaded = Study.load("bildungsbefragung", project)
    loaded.import_declared()
    with pytest.raises(ConfigError, match=r"concept.digitale_kompetenzen.items.schule"):
        loaded.check()
