"""Exports as LimeSurvey and people write them, each with the right value (``exports/README.md``)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf import needs
from bildungsbedarf.errors import DataError
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study
from bildungsbedarf.wave.starting import start_study

EXPORTS = Path(__file__).parent / "exports"
New = Callable[..., Study]


@pytest.fixture
def new(tmp_path: Path) -> New:
    """A study from a questionnaire, with one export in it; ``absent`` is a line for study.toml."""
    for name in ("surveys", "notebooks", "data/reference"):
        (tmp_path / name).mkdir(parents=True)

    def start(questionnaire: str, export: Path | str, absent: str = "", **options: str) -> Study:
        project = Project(tmp_path)
        started = start_study(project, "s", EXPORTS / questionnaire, "2026")
        toml = started.folder / "study.toml"
        text = toml.read_text(encoding="utf-8").replace("sampling = ", f"{absent}\nsampling = ", 1)
        toml.write_text(text, encoding="utf-8")
        study = Study.load("s", project)
        study.import_file(EXPORTS / export, "2026", **options)  # type: ignore[arg-type]
        return study

    return start


def shares(study: Study, question: str) -> dict[str, tuple[int, int]]:
    """Item or category → persons who gave it, and base."""
    frame = needs.answers(study.wave("2026"), question)
    keys = frame["category"].fillna(frame["variable"])
    return {str(key): (int(count), int(n)) for key, count, n in zip(keys, frame["count"], frame["n"], strict=True)}


BOXES = {"a": (20, 40), "b": (10, 40), "other": (8, 40)}


@pytest.mark.parametrize("export", ["01_codes.csv", "03_timings.csv", "05_code_and_text.csv"])
def test_one_table_however_its_headings_and_answers_are_written(new: New, export: str) -> None:
    study = new("mini.txt", export)
    assert shares(study, "BOX") == BOXES
    assert study.wave("2026").responses["WAHL"].value_counts().to_dict() == {"A1": 14, "A2": 13}
    assert shares(study, "FILT") == {"B1": (7, 14), "B2": (7, 14)}


FULL = {
    "id": "Antwort ID",
    "submitdate": "Datum Abgeschickt",
    "lastpage": "Letzte Seite",
    "startlanguage": "Start-Sprache",
    "startdate": "Datum gestartet",
    "datestamp": "Datum letzte Aktivität",
    "BOX[a]": "Was nutzen Sie? [Alpha]",
    "BOX[b]": "Was nutzen Sie? [Beta]",
    "BOX[other]": "Was nutzen Sie? [Sonstiges]",
    "WAHL": "Wie oft?",
    "FILT": "Wozu?",
}


def test_full_question_texts_as_headings(new: New, tmp_path: Path) -> None:
    table = pd.read_csv(EXPORTS / "01_codes.csv", dtype="str", keep_default_na=False)
    table.rename(columns=FULL).to_csv(tmp_path / "full.csv", index=False, sep=";")
    assert shares(new("mini.txt", tmp_path / "full.csv"), "BOX") == BOXES


def test_a_text_that_stands_more_often_than_it_was_asked_is_not_guessed(new: New, tmp_path: Path) -> None:
    table = pd.read_csv(EXPORTS / "01_codes.csv", dtype="str", keep_default_na=False)
    headings = [FULL[name] for name in table.columns]
    headings[-1] = FULL["WAHL"]
    table.set_axis(headings, axis=1).to_csv(tmp_path / "full.csv", index=False)
    with pytest.raises(DataError, match="another number than in the questionnaire"):
        new("mini.txt", tmp_path / "full.csv")


def test_digits_as_labels(new: New) -> None:
    found = shares(new("digits.txt", "21_labels_that_are_codes.csv"), "NOTE")
    assert found == {"1": (10, 100), "2": (10, 100), "3": (20, 100), "4": (30, 100), "5": (30, 100)}


def test_where_codes_and_texts_both_fit_one_is_asked(new: New, tmp_path: Path) -> None:
    table = pd.DataFrame({"NOTE": ["1", "2", "2", "4"]})
    table.to_csv(tmp_path / "a.csv")
    with pytest.raises(DataError, match="say which: import … --answers codes, or --answers labels"):
        new("digits.txt", tmp_path / "a.csv")
    study = Study.load("s", Project(tmp_path))
    for answers, counted in (("codes", {"1": 1, "2": 2, "4": 1}), ("labels", {"2": 1, "3": 2, "5": 1})):
        study.import_file(tmp_path / "a.csv", "2026", answers=answers)  # type: ignore[arg-type]
        found = Study.load("s", Project(tmp_path)).wave("2026").responses["NOTE"]
        assert {str(code): count for code, count in found.value_counts().items() if count} == counted


def test_nobody_says_no_who_was_not_asked(new: New) -> None:
    study = new("mini.txt", "07_na.csv")
    assert shares(study, "BOX") == {"a": (10, 20), "b": (5, 20), "other": (4, 20)}
    quality = study.wave("2026").quality
    assert quality.submitted is None
    assert quality.outcome_rates(100) == {}
    assert study.wave("2026").snapshot.manifest.submitted is None
    assert quality.item_missing["BOX_a"] == {"not_shown": 20}


ABSENT = 'absent = ["BOX[other]"]'


def test_other_that_was_taken_out(new: New, tmp_path: Path) -> None:
    study = new("mini.txt", "02_without_other.csv", ABSENT)
    assert shares(study, "BOX") == {"a": (20, 40), "b": (10, 40)}
    toml = tmp_path / "surveys" / "s" / "study.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace(ABSENT, ""), encoding="utf-8")
    with pytest.raises(DataError, match="the snapshot lacks columns of the questionnaire"):
        Study.load("s", Project(tmp_path)).wave("2026").require()


def test_what_was_taken_out_is_one_line_to_paste(new: New) -> None:
    with pytest.raises(DataError, match=r'absent = \["BOX\[other\]"\] in study.toml'):
        new("mini.txt", "02_without_other.csv")


def test_a_near_name_is_paired(new: New, tmp_path: Path) -> None:
    text = (EXPORTS / "01_codes.csv").read_text(encoding="utf-8-sig").replace('"WAHL"', '"WAHLX"', 1)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    with pytest.raises(DataError, match="perhaps WAHLX") as caught:
        new("mini.txt", tmp_path / "a.csv")
    assert len(caught.value.problems) == 1


def test_a_list_with_comment(new: New) -> None:
    study = new("comment.txt", "22_list_with_comment.csv")
    assert shares(study, "KOMM") == {"A1": (20, 40), "A2": (20, 40)}
    study.check()


def test_a_ranking_has_the_columns_the_server_makes(new: New) -> None:
    study = new("rank.lss", "rank.json")
    places = study.wave("2026").codebook.columns_of("RANG")
    assert [place.item for place in places] == [str(number) for number in range(1, 11)]
    assert shares(study, "RANG")["F01"] == (1, 1)
