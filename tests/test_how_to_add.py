"""docs/architecture.md, How to add: what it says is enough."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf import disclosure, findings, needs, show
from bildungsbedarf.codebook import TYPES
from bildungsbedarf.codebook.kinds import QuestionType
from bildungsbedarf.codebook.readers.lss import parse_lss
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.findings.declared import DECLARED
from bildungsbedarf.language import catalogue
from bildungsbedarf.needs.about import MEASURES, Measure, Says
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.run import run
from bildungsbedarf.sources import kinds
from bildungsbedarf.sources.files import Provenance
from bildungsbedarf.study import Project
from bildungsbedarf.survey import estimate
from bildungsbedarf.survey.intervals import pointwise
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.recipes import recomputable
from tests.codebook.made import lss

SENTENCE = "{share} of {people} consider “{item}” very important{interval}."


def test_a_measure(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    """One row, one function that says how it is computed again, the German of its texts."""
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

    @recomputable
    def very_important(wave: Wave) -> pd.DataFrame:
        columns = wave.codebook.columns_of(wave.needs.importance)
        answers = pd.DataFrame({column.item: wave.responses[column.name] for column in columns})
        return estimate_family(wave.design, (answers == 5).astype("boolean").mask(answers.isna()), None, row.key)

    released = disclosure.release(very_important(wave))
    found = findings.record(released, wave)
    told = next(finding for finding in found if finding.id == "very_important.F05")
    assert "finden „Digitale Kompetenzen“ sehr wichtig (zwischen 39,0 und 44,9" in told.statement["de"]
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


def test_a_reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ``Reader`` in ``READERS``; the checks are those of its kind."""

    class Poster:
        kind: kinds.Kind = "votes"

        def recognises(self, path: Path) -> bool:
            return path.suffix == ".poster"

        def read(self, path: Path) -> tuple[kinds.Tables, Provenance]:
            lines = [line.split() for line in path.read_text().splitlines()]
            votes = [(str(number), text, dots) for number, (text, dots) in enumerate(lines)]
            tables = {
                "statements": pd.DataFrame({"id": ["G1"], "kind": "goal", "text": "Ein Ziel"}),
                "participants": pd.DataFrame({"id": [vote[0] for vote in votes], "group": ""}),
                "votes": pd.DataFrame(votes, columns=["participant", "statement", "value"]),
            }
            return tables, Provenance(path.name, "0" * 64, "poster", len(votes))

    monkeypatch.setattr(kinds, "READERS", (*kinds.READERS, Poster()))
    path = tmp_path / "wand.poster"
    path.write_text("G1 3\nG1 2\n")
    tables, provenance = kinds.read_kind(path, "votes")
    assert provenance.format == "poster"
    assert kinds.votes_of(tables).wide("goal")["G1"].sum() == 5
    path.write_text("G1 3\nG2 2\n")
    with pytest.raises(DataError, match="unknown statements"):
        kinds.read_kind(path, "votes")


def test_a_sentence(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text in the measure's ``says``; in braces what ``phrasing`` knows."""
    row = DECLARED["unmet_need"]
    text = "In “{item}”, the need of {share} of {people} is unmet ({n} asked)."
    monkeypatch.setitem(DECLARED, row.key, replace(row, says=replace(row.says, level=text)))
    monkeypatch.setitem(catalogue._catalogue("de"), text, "Bei „{item}“ ist der Bedarf von {share} der {people} offen.")
    found = findings.record(disclosure.release(needs.unmet(wave)), wave)
    told = next(finding for finding in found if finding.id == "unmet_need.F05").statement
    assert told["de"].startswith("Bei „Digitale Kompetenzen“ ist der Bedarf von 4")
    assert told["en"].endswith("asked).")


def test_a_word(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    """German in the catalogue; English is the text itself."""
    monkeypatch.setitem(catalogue._catalogue("de"), "Unmet need by field", "Was fehlt")
    assert show.table(disclosure.release(needs.unmet(wave)), wave).payload["title"] == "Was fehlt"


def test_a_threshold_of_one_study(project: Project) -> None:
    """A stricter value under the same key of study.toml; a looser one is refused."""
    path = project.surveys / "bildungsbefragung" / "study.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("minimum_base = 10", "minimum_base = 40"), encoding="utf-8")
    study = Study.load("bildungsbefragung", project)
    study.import_declared()
    released = disclosure.release(needs.unmet(study.wave("2026"), by="gemeinde"))
    assert released.limits.minimum_base == 40
    assert released.rows()["n"].min() >= 40
    path.write_text(text.replace("minimum_base = 10", "minimum_base = 4"), encoding="utf-8")
    with pytest.raises(ConfigError, match="expected: 10 or more"):
        Study.load("bildungsbefragung", project)


def test_an_interval(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its name in ``Interval``, its function in ``_KINDS``."""
    monkeypatch.setattr(pointwise, "INTERVALS", (*pointwise.INTERVALS, "whole"))
    monkeypatch.setitem(pointwise._KINDS, "whole", lambda p, se, df, level, n: (0 * p, 0 * p + 1))
    frame = estimate.proportion(wave.design, "kinder", interval="whole")  # type: ignore[arg-type]
    assert frame[["ci_low", "ci_high"]].to_numpy().tolist() == [[0, 1], [0, 1]]
