"""Microdata for other programs, read back to identical values."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree.ElementTree import parse

import frictionless
import numpy as np
import pandas as pd
import pyreadstat
import pytest
from typer.testing import CliRunner

from bildungsbedarf.cli import app
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.report.exporting import export_microdata
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.microdata import MISSING, Microdata, microdata


@pytest.fixture(scope="module")
def data(wave: Wave) -> Microdata:
    return microdata(wave)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Project:
    return Project(tmp_path / "project")


def test_what_points_to_a_person_is_left_out(data: Microdata, wave: Wave) -> None:
    names = set(data.data.columns)
    assert {"id", "weight", "GEM", "WICHT_F05", "altersgruppe"} <= names
    assert not {"startdate", "submitdate", "FEHLT", "KANAL", "BILD_other", "ENGAG_PET_comment"} & names
    assert "FEHLT" in microdata(wave, with_text=True).data.columns


def test_spss_is_read_back(data: Microdata, elsewhere: Project, tmp_path: Path, wave: Wave) -> None:
    path = export_microdata(data, "spss", tmp_path / "a.sav", elsewhere)
    read, meta = pyreadstat.read_sav(str(path), user_missing=True)
    assert list(read.columns) == list(data.data.columns)
    np.testing.assert_array_equal(read["weight"], wave.design.weights)
    for name in ("WICHT_F05", "ALTER", "STUND", "BARR_ZEIT"):
        reasons = data.missing[name]
        np.testing.assert_array_equal(read.loc[reasons.isna(), name], data.data.loc[reasons.isna(), name])
        expected = reasons[reasons.notna()].astype("object").map(MISSING).astype(float)
        np.testing.assert_array_equal(read.loc[reasons.notna(), name], expected)
    known = data.missing["GEM"].isna()
    assert read.loc[known, "GEM"].tolist() == data.data.loc[known, "GEM"].tolist()
    assert meta.variable_value_labels["WICHT_F05"][5.0] == "sehr wichtig"
    assert meta.variable_value_labels["WICHT_F05"][-3.0] == "dont_know"
    assert meta.column_names_to_labels["WICHT_F05"].endswith("Digitale Kompetenzen")
    plain, _ = pyreadstat.read_sav(str(path))
    assert int(plain["WICHT_F05"].isna().sum()) == int(data.missing["WICHT_F05"].notna().sum())


def test_stata_is_read_back(data: Microdata, elsewhere: Project, tmp_path: Path) -> None:
    path = export_microdata(data, "stata", tmp_path / "a.dta", elsewhere)
    read, meta = pyreadstat.read_dta(str(path), user_missing=True)
    known = data.missing["WICHT_F05"].isna()
    assert read.loc[known, "WICHT_F05"].astype(float).tolist() == data.data.loc[known, "WICHT_F05"].tolist()
    assert set(read.loc[~known, "WICHT_F05"]) <= set("abcdefg")
    assert meta.variable_value_labels["GESCHL"][1.0].startswith("w ")


def test_csv_with_its_package(data: Microdata, elsewhere: Project, tmp_path: Path) -> None:
    folder = export_microdata(data, "csv", tmp_path / "a", elsewhere)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    read = pd.read_csv(folder / "data.csv", dtype="str", keep_default_na=False)
    fields = package["resources"][0]["schema"]["fields"]
    assert [field["name"] for field in fields] == list(read.columns)
    np.testing.assert_array_equal(read["weight"].astype(float), data.data["weight"])
    for field in fields:
        allowed = field.get("constraints", {}).get("enum")
        if allowed:
            assert set(read[field["name"]]) <= {*allowed, ""}, field["name"]
    report = frictionless.validate(str(folder / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    missing = pd.read_csv(folder / "missing.csv", dtype="str", keep_default_na=False)
    assert missing["WICHT_F05"].tolist() == data.missing["WICHT_F05"].astype("object").fillna("").tolist()


def test_ddi_describes_every_variable(data: Microdata, elsewhere: Project, tmp_path: Path) -> None:
    path = export_microdata(data, "ddi", tmp_path / "a.xml", elsewhere)
    space = {"d": "ddi:codebook:2_5"}
    root = parse(path).getroot()
    described = root.findall("d:dataDscr/d:var", space)
    assert [element.get("name") for element in described] == list(data.data.columns)
    item = next(element for element in described if element.get("name") == "WICHT_F05")
    assert [child.tag.split("}")[1] for child in item][:2] == ["labl", "qstn"]
    assert item.findtext("d:catgry/d:labl", "", space) == "sehr unwichtig"
    assert item.find("d:catgry[@missing='Y']", space) is not None
    assert root.findtext("d:fileDscr/d:fileTxt/d:dimensns/d:caseQnty", "", space) == str(len(data.data))


def test_bytes_repeat(data: Microdata, elsewhere: Project, tmp_path: Path) -> None:
    one, two = (export_microdata(data, "ddi", tmp_path / name, elsewhere) for name in ("a.xml", "b.xml"))
    assert one.read_bytes() == two.read_bytes()


def test_where_microdata_may_not_lie(data: Microdata, elsewhere: Project, tmp_path: Path) -> None:
    (tmp_path / "there.sav").write_bytes(b"")
    for path, form, message in (
        (elsewhere.root / "results" / "a.sav", "spss", "never lie under results"),
        (tmp_path / "there.sav", "spss", "something at this path"),
        (tmp_path / "a.xls", "excel", "unknown format"),
    ):
        with pytest.raises(ConfigError, match=message):
            export_microdata(data, form, path, elsewhere)


def test_the_command(wave: Wave, tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["export", "bildungsbefragung", "--wave", "2026", "--format", "csv", "--to", str(tmp_path / "out")]
    )
    assert done.exit_code == 0, done.output
    assert (tmp_path / "out" / "datapackage.json").is_file()
