"""Who of those present voted, and how a list of those present becomes counts."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from bildungsbedarf import disclosure, findings, participation, show
from bildungsbedarf.cli import app
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.participation.turnout import groups_of
from bildungsbedarf.sources.attendance import count_attendance
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave

LIST = (
    "Name;Bereich\nAnna A.;Schule\nBernd B.;SCH\nCem C.;Frühe Bildung\nDora D.;FB\nEmil E.;\n"
    "Fe F.;schule\nGo G.;Schule\n"
)


def test_those_present_are_counted_in_the_ballots_groups(conference: Wave) -> None:
    frame = participation.turnout(conference, by="bereich").set_index("bereich")
    present, voted = participation.attended(conference), conference.responses["bereich"].value_counts()
    assert sum(present.values()) == sum(conference.wave_config.attended.values()) == 82
    for name, count in present.items():
        assert (frame.loc[name, "n"], frame.loc[name, "count"]) == (count, voted[name])
    whole = participation.turnout(conference).iloc[0]
    assert (whole["n"], whole["count"], whole["se"]) == (82, 62, 0)
    told = findings.record(disclosure.release(participation.turnout(conference)), conference)
    assert [one.statement["en"] for one in told] == ["Of 82 persons present 62 returned a ballot (76%)."]
    assert (told[0].kind, told[0].base["de"]) == ("participation", "Anwesende")


def _with(project: Project, attended: str) -> Wave:
    path = project.surveys / "bildungsbefragung" / "waves" / "2026.toml"
    lines = [
        f"attended = {attended}" if line.startswith("attended") else line for line in path.read_text().splitlines()
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    study = Study.load("bildungsbefragung", project)
    study.import_declared()
    return study.wave("2026", "konferenz1")


@pytest.mark.parametrize(
    ("attended", "message"),
    [
        ("{SCHL = 70}", "this is no group of the ballot"),
        ('{"Schule" = 15, "Betriebe, Verwaltung, Politik" = 20, KJF = 40}', "more ballots than persons present"),
        ("{FB = 20, SCH = 30, AUS = 30}", "a group voted of whom nobody is said to have been there"),
        ("{}", "nobody counted who was there"),
    ],
)
def test_counts_that_cannot_be_are_refused(project: Project, attended: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        participation.turnout(_with(project, attended), by="bereich")


def test_few_who_did_not_vote_are_hidden(project: Project) -> None:
    wave = _with(project, "{FB = 7, SCH = 11, WB = 3, AUS = 20, VER = 10, KJF = 20, INT = 12, ZIV = 10}")
    released = disclosure.release(participation.turnout(wave, by="bereich")).frame.set_index("bereich")
    few = released.loc["Kita, Schule, Weiterbildung"]
    assert few["decision"] != "shown"
    # how many voted stands elsewhere: the base beside it would tell who did not
    assert pd.isna(few["n"])
    assert "21" not in show.table(disclosure.release(participation.turnout(wave, by="bereich")), wave).html
    with pytest.raises(ConfigError, match="by the ballot's group alone"):
        participation.turnout(wave, by="GRUPPE")


def test_a_list_is_counted_and_no_name_is_kept(conference: Wave, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(LIST, encoding="utf-8")
    groups = groups_of(conference)
    assert count_attendance(path, "bereich", groups) == ({"Kita, Schule, Weiterbildung": 6}, 1)
    words = ["attendance", "bildungsbefragung", str(path), "--wave", "2026", "--audience", "konferenz1", "--column"]
    result = CliRunner().invoke(app, [*words, "Bereich"])
    assert result.exit_code == 0
    assert result.stdout.strip() == 'attended = {"Kita, Schule, Weiterbildung" = 6}'
    assert "1 lines name no group of the ballot" in result.stderr
    assert list(tmp_path.iterdir()) == [path]
    told = CliRunner().invoke(app, [*words, "Bereich", "--json"])
    assert json.loads(told.stdout)["attended"] == {"Kita, Schule, Weiterbildung": 6}
    names = CliRunner().invoke(app, [*words, "Name"])
    assert names.exit_code == 3
    for shown in (result, told, names):
        assert not any(name in shown.output for name in ("Anna", "Emil", "A.", "B."))


def test_a_column_that_is_not_there_names_the_nearest(conference: Wave, tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text(LIST, encoding="utf-8")
    with pytest.raises(DataError, match="did you mean 'Bereich'"):
        count_attendance(path, "Bereiche", groups_of(conference))
