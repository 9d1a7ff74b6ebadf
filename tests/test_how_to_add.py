"""docs/architecture.md, How to add: what it says is enough."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from bildungsbedarf import disclosure, findings, show
from bildungsbedarf.codebook import TYPES
from bildungsbedarf.codebook.kinds import QuestionType
from bildungsbedarf.codebook.readers.lss import parse_lss
from bildungsbedarf.findings.declared import DECLARED
from bildungsbedarf.language import catalogue
from bildungsbedarf.needs.about import MEASURES, Measure, Says
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.run import run
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave
from tests.codebook.made import lss

SENTENCE = "{share} of {people} consider “{item}” very important{interval}."


def test_a_measure(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row, one function, the German of its texts."""
    row = Measure(
        "very_important",
        "share",
        "Very important",
        "Very important by field",
        "{people} who answered the question",
        lambda wave, item: [wave.needs.importance],
        says=Says(level=SENTENCE),
    )
    monkeypatch.setitem(MEASURES, row.key, row)
    monkeypatch.setitem(DECLARED, row.key, row)
    german = {
        SENTENCE: "{share} der {people} finden „{item}“ sehr wichtig{interval}.",
        row.head: "Sehr wichtig",
        row.title: "Sehr wichtig nach Bereich",
    }
    known = catalogue._catalogue("de")
    for english, text in german.items():
        monkeypatch.setitem(known, english, text)

    def very_important(wave: Wave) -> pd.DataFrame:
        columns = wave.codebook.columns_of(wave.needs.importance)
        answers = pd.DataFrame({column.item: wave.responses[column.name] for column in columns})
        return estimate_family(wave.design, (answers == 5).astype("boolean").mask(answers.isna()), None, row.key)

    released = disclosure.release(very_important(wave))
    found = findings.record(released, wave)
    told = next(finding for finding in found if finding.id == "very_important.F05")
    assert "finden „Digitale Kompetenzen“ sehr wichtig (95-%-Konfidenzintervall" in told.statement["de"]
    assert told.questions == ["WICHT[F05]"]
    block = show.dot_plot(released, wave)
    assert block.payload == {**block.payload, "title": "Sehr wichtig nach Bereich", "name": "dots-very_important"}
    assert "Sehr wichtig</th>" in block.html


@pytest.mark.slow
def test_a_notebook(project: Project) -> None:
    """A file whose metadata say what it needs, with a cell tagged ``parameters``."""
    cells = [
        ("markdown", {"bildungsbedarf": {"en": "# New"}}, "# Neu"),
        ("code", {"tags": ["parameters"]}, 'study = "bildungsbefragung"\nwave = "2026"\naudience = ""'),
        ("code", {}, "import bildungsbedarf as bb\nfrom bildungsbedarf import show\n"
                     "show.counting(bb.Study.load(study).wave(wave, audience))"),
    ]  # fmt: skip
    made = [
        {"cell_type": kind, "id": f"c{number}", "metadata": metadata, "source": source}
        | ({"outputs": [], "execution_count": None} if kind == "code" else {})
        for number, (kind, metadata, source) in enumerate(cells)
    ]
    notebook = {"cells": made, "metadata": {"bildungsbedarf": {"scope": "wave", "requires": "responses"}}}
    text = json.dumps({**notebook, "nbformat": 4, "nbformat_minor": 5})
    (project.notebooks / "11_neu.ipynb").write_text(text, encoding="utf-8")
    study = Study.load("bildungsbefragung", project)
    study.import_declared()
    outcome = run(study, waves=["2026"], only="11_neu")
    assert [step.title for step in outcome.executed] == ["2026 · 11_neu", "2026/schule · 11_neu"]


def test_a_question_type(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row of ``TYPES``; columns laid out as others need nothing else."""
    questionnaire = lss(600, "5").replace("<type><![CDATA[5]]>", "<type><![CDATA[7]]>").encode()
    monkeypatch.setitem(TYPES, "7", QuestionType("7", "seven point choice", "single", "scale", TYPES["5"].codes))
    book = parse_lss(questionnaire, "neu.lss")
    assert book["Q1"].type.name == "seven point choice"
    assert book.column("Q1").codes == ("1", "2", "3", "4", "5")
