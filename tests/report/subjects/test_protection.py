"""What the data protection officer asks for stands on a page: from the study's files, and what is missing by name."""

from __future__ import annotations

from dataclasses import replace

from bildungsbedarf.report.subjects.parts import Section
from bildungsbedarf.report.subjects.protection import protection_sections
from bildungsbedarf.report.subjects.reference import legal_pages
from bildungsbedarf.wave import Study


def _by_anchor(study: Study) -> dict[str, Section]:
    return {section.anchor: section for section in protection_sections(study)}


def test_the_page_says_what_lies_where_what_leaves_and_how_long(study: Study) -> None:
    page = next(page for page in legal_pages(study) if page.path == "datenschutz.html")
    assert [section.heading for section in page.sections][1:6] == [
        "Was wo liegt",
        "Was das Haus verlässt",
        "Wie lange Daten aufbewahrt werden",
        "Löschung",
        "Verzeichnis der Verarbeitungstätigkeiten",
    ]
    told = _by_anchor(study)
    assert "zwei Jahre" in told["aufbewahrung"].markdown
    assert any("weniger als 10 Personen" in text for text in told["hinaus"].paragraphs)
    assert any("Zurzeit freigegeben: 3" in text for text in told["hinaus"].paragraphs)


def test_the_register_of_processing_has_a_table_an_audience(study: Study) -> None:
    told = _by_anchor(study)
    tables = {name: dict(one.table.rows) for name, one in told.items() if name.startswith("verzeichnis-") and one.table}
    assert sorted(tables) == [f"verzeichnis-{name}" for name in ("erwachsene", "konferenz1", "konferenz2", "schule")]
    adults = tables["verzeichnis-erwachsene"]
    assert adults["Befragungen"] == "2026, 2028"
    assert adults["Betroffene Personen"] == "Personen ab 18 Jahren mit Hauptwohnsitz im Landkreis"
    assert "„Welches Bildungsangebot fehlt Ihnen?“" in adults["Kategorien von Daten"]
    assert "Einwilligung" in adults["Rechtliche Grundlage"]


def test_what_only_the_office_knows_is_named_as_missing(study: Study) -> None:
    bare = Study(replace(study.files, pages=None, quotes=None))
    told = _by_anchor(bare)
    assert "pages.toml unter retention" in told["aufbewahrung"].markdown
    table = told["verzeichnis-erwachsene"].table
    assert table is not None
    assert "pages.toml unter legal_basis" in dict(table.rows)["Rechtliche Grundlage"]
    assert any("Zurzeit freigegeben: 0" in text for text in told["hinaus"].paragraphs)


def test_in_english_to_the_last_word(study: Study) -> None:
    sections = protection_sections(study.in_language("en"))
    texts = " ".join([*(one.heading for one in sections), *(text for one in sections for text in one.paragraphs)])
    assert "What is stored where" in texts
    assert not {"Löschung", "Wo", "Zweck"} & set(texts.split())
