"""Institutions by field, and who of them sat at the table."""

from __future__ import annotations

import pytest

from bildungsbedarf import participation, show
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study


def _study(project: Project, text: str) -> Study:
    (project.surveys / "bildungsbefragung" / "actors.csv").write_text(text, encoding="utf-8")
    return Study.load("bildungsbefragung", project)


def test_counts_by_hand(project: Project) -> None:
    text = 'group,fields,conferences\nSchule,F02,konferenz1\nSchule,"F02; F03",\nKita,F01,konferenz1; konferenz2\n'
    study = _study(project, text)
    study.import_declared()
    edges = participation.network(study)
    assert edges[["group", "fields", "actors", "present"]].to_numpy().tolist() == [
        ["Schule", "F02", 2, 1], ["Schule", "F03", 1, 0], ["Kita", "F01", 1, 1],
    ]  # fmt: skip
    table = participation.at_the_table(study).set_index("code")
    assert table.loc["F02", ["actors", "konferenz1", "konferenz2", "missing"]].tolist() == [2, 1, 0, False]
    assert table.loc["F03", "missing"]
    assert (table.loc["F10", "actors"], table.loc["F10", "missing"]) == (0, False)
    notes = show.at_the_table(study).content.notes  # type: ignore[union-attr]
    assert notes[0] == "Nicht vertreten waren: Berufliche Orientierung und Ausbildung."
    assert notes[1].startswith("Keine Einrichtung im Verzeichnis: Berufliche Weiterbildung;")
    assert list(table.index) == [f"F{place:02}" for place in range(1, 11)]
    assert participation.at_the_table(study, "places").empty


def test_who_is_missing_is_named(study: Study) -> None:
    block = show.at_the_table(study, "phases")
    assert block.content is not None
    assert "Nicht vertreten waren: Nach dem Beruf." in block.content.notes
    assert "Keine Personen." in block.content.notes[-1]
    total = participation.network(study)["actors"].sum()
    assert total == participation.at_the_table(study)["actors"].sum()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("group,fields\nSchule,F99\n", r"line 2: unknown in fields"),
        ("group,fields,conferences\nSchule,F01,konferenz9\n", r"line 2: unknown in conferences"),
        ("group,fields,phases\nSchule,F01,alt\n", r"line 2: unknown in phases"),
        ("group,fields\n,F01\n", "an actor without a group"),
        ("group,fields\na@b.de,F01\n", "an address stands"),
        ("gruppe,felder\nSchule,F01\n", "lacks a column"),
        ("group,fields\n", "the list of actors is empty"),
        ("group,fields,Fields\nSchule,F01,F02\n", "have one name"),
    ],
)
def test_a_list_that_cannot_be_read_names_its_line(project: Project, text: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        participation.actors(_study(project, text))


def test_where_nobody_noted_who_came_nobody_is_missing(project: Project) -> None:
    study = _study(project, "group,fields\nSchule,F01\n")
    table = participation.at_the_table(study)
    assert list(table.columns) == ["code", "label", "actors", "missing"]
    assert not table["missing"].any()
    assert "Nicht vertreten" not in " ".join(show.at_the_table(study).content.notes)  # type: ignore[union-attr]


def test_without_a_list_there_is_none(project: Project) -> None:
    (project.surveys / "bildungsbefragung" / "actors.csv").unlink()
    study = Study.load("bildungsbefragung", project)
    assert not participation.has_actors(study)
    with pytest.raises(ConfigError, match="no list of actors"):
        participation.network(study)
