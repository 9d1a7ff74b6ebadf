"""Files as people keep them, each with what must hold (``files/NN-name/EXPECTED.md``)."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from bildungsbedarf.errors import DataError
from bildungsbedarf.report.exporting import export_microdata, export_names
from bildungsbedarf.study import Project
from bildungsbedarf.survey import estimate
from bildungsbedarf.wave import Study, Wave
from bildungsbedarf.wave.microdata import microdata
from bildungsbedarf.wave.starting import start_study

FILES = Path(__file__).parent / "files"
Case = Callable[..., Wave]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    """The wave of a case; ``data`` instead of its own file."""

    def load(number: str, data: str = "data.csv") -> Wave:
        (folder,) = FILES.glob(f"{number}-*")
        for name in ("surveys", "notebooks", "data/reference"):
            (tmp_path / name).mkdir(parents=True, exist_ok=True)
        shutil.copytree(folder, tmp_path / "surveys" / "s", dirs_exist_ok=True)
        if (folder / "mm.csv").exists():
            shutil.copy(folder / "mm.csv", tmp_path / "data" / "reference" / "mm.csv")
        study = Study.load("s", Project(tmp_path))
        study.import_file(tmp_path / "surveys" / "s" / data, "2026")
        study.check()
        return study.wave("2026")

    return load


def _mean(wave: Wave, name: str) -> float:
    return float(estimate.mean(wave.design, name)["estimate"].iloc[0])


def test_a_label_that_is_another_code(case: Case) -> None:
    assert case("01").responses["KIND"].value_counts().sort_index().to_dict() == {"1": 10, "2": 20, "3": 30}


def test_what_spss_calls_missing_is_what_study_toml_says_of_it(case: Case, tmp_path: Path) -> None:
    (tmp_path / "surveys" / "s").mkdir(parents=True)
    table = pd.DataFrame({"Z": [1.0, 2, 9, 9, np.nan, 2], "B": [1.0, 2, 3, 4, 5, 6]})
    pyreadstat.write_sav(table, str(tmp_path / "surveys" / "s" / "data.sav"), missing_ranges={"Z": [9]})
    wave = case("03", "data.sav")
    assert wave.missing["Z"].value_counts().loc[["dont_know", "not_answered"]].tolist() == [2, 1]


def test_german_thousands_are_no_twelve_people(case: Case) -> None:
    with pytest.raises(DataError, match="totals can be read as decimals and as thousands"):
        case("04")


def test_a_key_called_na(case: Case) -> None:
    wave = case("05")
    assert _mean(wave, "X") == pytest.approx(20.170, abs=5e-4)
    assert sorted(set(wave.design.weights.round(1))) == [98.7, 123.4, 1234.5]


def test_two_columns_of_one_name(case: Case) -> None:
    with pytest.raises(DataError, match="two columns of the questionnaire have one name"):
        case("07")


@pytest.mark.parametrize(
    ("added", "what"),
    [
        ("A;multiple;;;Was?;x\n", "question stands twice"),
        ("A;;b_c;;Anderes;x\n", "item stands twice"),
        ("B;;;1;eins;x\nB;;;1;zwei;x\n", "answer code stands twice"),
    ],
)
def test_rows_that_stand_twice(tmp_path: Path, added: str, what: str) -> None:
    from bildungsbedarf.codebook import read_codebook

    text = "question;type;item;code;de;en\nA;multiple;;;Was?;x\nA;;b_c;;Anderes;x\nB;choice;;;b;x\n"
    (tmp_path / "q.csv").write_text(text + added, encoding="utf-8")
    with pytest.raises(DataError, match=what):
        read_codebook(tmp_path / "q.csv")


NAMES = ["mode", "wave", "audience", "speeding", "duration_minutes", "weight", "n", "estimate", "group"]


@pytest.mark.parametrize("name", NAMES)
def test_a_question_called_as_a_column_of_ours(case: Case, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "surveys" / "s"
    folder.mkdir(parents=True)
    wave = _called(case, tmp_path, name)
    kept = "group" if name == "group" else f"{name}_"
    assert wave.codebook[name].code == name
    assert wave.responses[kept].tolist() == [1, 2]
    assert _mean(wave, kept) == 1.5
    data = microdata(wave)
    assert data.data[kept].tolist() == [1, 2]
    assert data.data["weight"].tolist() == [1, 1]


def _called(case: Case, tmp_path: Path, name: str) -> Wave:
    """Case 08 with this question code."""
    source = tmp_path / "case"
    shutil.copytree(next(FILES.glob("08-*")), source)
    for file in ("q.csv", "data.csv"):
        text = (source / file).read_text(encoding="utf-8").replace("mode", name)
        (source / file).write_text(text, encoding="utf-8")
    for folder in ("notebooks", "data/reference"):
        (tmp_path / folder).mkdir(parents=True)
    shutil.copytree(source, tmp_path / "surveys" / "s", dirs_exist_ok=True)
    study = Study.load("s", Project(tmp_path))
    study.import_file(tmp_path / "surveys" / "s" / "data.csv", "2026")
    return study.wave("2026")


def test_a_question_called_weight(case: Case) -> None:
    data = microdata(case("09"))
    assert data.data["weight"].tolist() == [1, 1, 1]
    assert data.data["weight_"].tolist() == [70, 80, 90]
    labels = {variable.name: variable.label for variable in data.variables}
    assert (labels["weight_"], labels["weight"]) == ("Gewicht in kg", "weight")


def test_negative_answers_stay_answers_in_spss(case: Case, tmp_path: Path) -> None:
    wave = case("10")
    path = export_microdata(microdata(wave), "spss", tmp_path / "out.sav", wave.files.project)
    table, meta = pyreadstat.read_sav(str(path))
    assert sorted(table["D"].dropna()) == [-3, -2, -1, 5, 10]
    whole = pyreadstat.read_sav(str(path), user_missing=True)[0]
    assert whole["D"].tolist() == [-3, 5, -992, -1, 10, -2]
    assert meta.variable_value_labels["D"] == {-992: "not_answered"}


def test_missing_reasons_of_texts_are_missing_in_spss(case: Case, tmp_path: Path) -> None:
    wave = case("11")
    path = export_microdata(microdata(wave), "spss", tmp_path / "out.sav", wave.files.project)
    assert pyreadstat.read_sav(str(path))[0]["G"].isna().tolist() == [False, False, False, True]
    whole, meta = pyreadstat.read_sav(str(path), user_missing=True)
    assert whole["G"].tolist() == ["w", "w", "m", "-2"]
    assert meta.missing_ranges["G"] == [{"lo": "-2", "hi": "-2"}]


@pytest.mark.parametrize(("form", "names"), [("spss", {"ALL": "ALL_"}), ("stata", {"in": "in_"})])
def test_names_that_other_programs_keep(case: Case, tmp_path: Path, form: str, names: dict[str, str]) -> None:
    wave = case("12")
    data = microdata(wave)
    renamed = export_names(data, form)
    assert names.items() <= renamed.items()
    path = export_microdata(data, form, tmp_path / "out", wave.files.project)
    read = pyreadstat.read_sav if form == "spss" else pyreadstat.read_dta
    columns = list(read(str(path))[0].columns)
    assert set(names.values()) <= set(columns)
    if form == "spss":
        assert len({column.casefold() for column in columns}) == len(columns)


def test_commas_in_quoted_headings(case: Case) -> None:
    assert case("16").responses["KURSE"].tolist() == ["1", "2"]


def test_dates_with_and_without_a_zone(case: Case) -> None:
    dates = case("17").responses["DAT"]
    assert dates.tolist() == [pd.Timestamp("2026-04-03 10:00"), pd.Timestamp("2026-05-01")]


@pytest.mark.parametrize("number", ["inf", "1E400", "-inf", "nan"])
def test_infinity_is_no_answer(case: Case, tmp_path: Path, number: str) -> None:
    folder = tmp_path / "surveys" / "s"
    folder.mkdir(parents=True)
    (folder / "other.csv").write_text(f"DAT,X\n2026-05-01,1\n2026-05-02,{number}\n", encoding="utf-8")
    with pytest.raises(DataError, match="value is not one the questionnaire allows"):
        case("17", "other.csv")


def test_ids_beyond_what_a_number_holds(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "surveys" / "s"
    folder.mkdir(parents=True)
    (folder / "other.csv").write_text(f"id,DAT,X\n{2**63},2026-05-01,1\n", encoding="utf-8")
    with pytest.raises(DataError, match="response id is too large"):
        case("17", "other.csv")


def test_every_dont_know_is_proposed_each_with_its_codes(tmp_path: Path) -> None:
    for name in ("surveys", "notebooks", "data/reference"):
        (tmp_path / name).mkdir(parents=True)
    source = next(FILES.glob("13-*"))
    project = Project(tmp_path)
    start = start_study(project, "n1", source / "q.csv", "2026")
    text = (start.folder / "study.toml").read_text(encoding="utf-8")
    assert '{questions = ["W"], codes = ["9"]}' in text
    study = Study.load("n1", project)
    study.import_file(source / "data.csv", "2026")
    wave = study.wave("2026")
    means = estimate.mean(wave.design, ["W_a", "V_k"]).set_index("variable")
    assert means[["estimate", "n"]].astype(float).to_numpy().tolist() == [[2.0, 3.0], [1.5, 2.0]]


def test_dont_know_no_answer_and_refused_are_told_apart(tmp_path: Path) -> None:
    for name in ("surveys", "notebooks", "data/reference"):
        (tmp_path / name).mkdir(parents=True)
    rows = [
        "question;type;item;code;de;en",
        "A;scale;;;Wie sehr?;x",
        "A;;a;;Rad;x",
        "A;;;1;gar nicht;x",
        "A;;;2;sehr;x",
        "A;;;7;trifft auf mich nicht zu;x",
        "A;;;8;möchte ich nicht sagen;x",
        "A;;;9;weiß nicht;x",
        "B;choice;;;Was?;x",
        "B;;;1;dies;x",
        "B;;;99;keine Angabe;x",
    ]
    (tmp_path / "q.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    project = Project(tmp_path)
    start = start_study(project, "n1", tmp_path / "q.csv", "2026")
    config = Study.load("n1", project).wave("2026").config
    assert config.missing_codes("A") == {"9": "dont_know", "8": "refused"}
    assert config.missing_codes("B") == {"99": "not_answered"}
    assert any("A, code 7" in decision for decision in start.decisions)
    undecided = [problem.value for problem in Study.load("n1", project).files.undecided]
    assert "official key of the district, five digits" in undecided
