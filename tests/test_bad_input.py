"""Bad input: one clear error with place, value and exit code, and nothing written.

Each case changes one file of the demo study in one way.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from bildungsbedarf.codebook import read_codebook
from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.sources import read_responses
from bildungsbedarf.study import Project, read_study
from bildungsbedarf.wave.population import check_margins

STUDY, WAVE, GOALS, LSS = "study.toml", "waves/2026.toml", "leitbild.toml", "questionnaire.lss"
TOWNS, AGES = "municipalities_06633.csv", "population_06633_age_sex.csv"
Case = tuple[str, str, str, int, str]

CASES: dict[str, Case] = {
    # study.toml
    "no section": (STUDY, "[study]", "[studie]", 2, "unknown key 'studie'"),
    "bracket open": (STUDY, "[study]", "[study", 2, "not valid TOML"),
    "key twice": (STUDY, 'language = "de"', 'language = "de"\nlanguage = "en"', 2, "not valid TOML"),
    "language": (STUDY, 'language = "de"', 'language = "fr"', 2, "study.language"),
    "region": (STUDY, 'region = "06633"', 'region = "6633"', 2, "study.region"),
    "region a number": (STUDY, 'region = "06633"', "region = 6633", 2, "study.region"),
    "no contact": (STUDY, 'contact = "bildungsbuero@example.org"', "", 2, "study.contact"),
    "sampling": (STUDY, 'sampling = "probability"', 'sampling = "zufall"', 2, "sampling"),
    "unknown key": (STUDY, 'strata = "GEM"', 'strat = "GEM"', 2, "did you mean 'strata'"),
    "one limit": (STUDY, "cut = [18, 30, 45, 65, 120]", "cut = [18]", 2, "two limits"),
    "labels": (STUDY, '"18–29", "30–44"', '"18–44"', 2, "as many labels"),
    "trim upside down": (STUDY, "trim = [0.2, 5.0]", "trim = [5.0, 0.2]", 2, "lower limit"),
    "method": (STUDY, 'method = "rake"', 'method = "rakes"', 2, "method"),
    "unallocated": (STUDY, 'unallocated = "mean_weight"', 'unallocated = "none"', 2, "unallocated"),
    "unknown margin": (STUDY, 'scale_to = "adults"', 'scale_to = "people"', 2, "no margin has that name"),
    "margin outside": (STUDY, f'file = "{TOWNS}"', 'file = "../x.csv"', 2, "without folders"),
    "duration": (STUDY, "duration = 0.33", "duration = 3.3", 2, "minimum_share_of_median_duration"),
    "action": (STUDY, 'action = "flag"}', 'action = "drop"}', 2, "action"),
    "duplicate rule": (STUDY, 'rules = ["seconds"]', 'rules = ["name"]', 2, "duplicates"),
    "needs without id": (STUDY, 'id = "bildungsbereiche"', 'name = "x"', 2, "needs"),
    "cut point a word": (STUDY, "important_from = 4", 'important_from = "vier"', 2, "important_from"),
    "ballot of nobody": (STUDY, 'audience = "konferenz1"', 'audience = "konferenz7"', 2, "not defined"),
    "base loosened": (STUDY, "minimum_base = 10", "minimum_base = 3", 2, "expected: 10 or more"),
    "no questionnaire": (STUDY, '"konferenz1.lss"', '"konferenz7.lss"', 2, "questionnaire file is missing"),
    # waves
    "wave not TOML": (WAVE, "[audience.erwachsene]", "[audience.erwachsene", 2, "not valid TOML"),
    "wave of nobody": (WAVE, "[audience.erwachsene]", "[audience.erwachsen]", 2, "did you mean 'erwachsene'"),
    "survey id": (WAVE, "survey_id = 990001", 'survey_id = "a"', 2, "survey_id"),
    "day": (WAVE, "from = 2026-03-02", "from = 2026-02-30", 2, "not valid TOML"),
    "field without end": (WAVE, ", to = 2026-03-30", "", 2, "field.to"),
    "unknown in wave": (WAVE, "survey_id = 990001", "surveyid = 990001", 2, "did you mean 'survey_id'"),
    # leitbild.toml
    "principle": (GOALS, 'principle = "teilhabe"', 'principle = "teilhab"', 2, "not defined"),
    "goal without principle": (GOALS, 'principle = "teilhabe"\n', "", 2, "principle"),
    "year a word": (GOALS, "by = 2030", 'by = "bald"', 2, "by"),
    "limits": (
        GOALS,
        "limit = 0.25",
        "limits = 0.25",
        2,
        "did you mean 'limit'",
    ),
    # margins
    "column gone": (TOWNS, "ags,name", "key,name", 2, "ags"),
    "total no number": (TOWNS, "06633001,Ahnatal,7965", "06633001,Ahnatal,viele", 3, "viele|number"),
    "total negative": (TOWNS, "06633001,Ahnatal,7965", "06633001,Ahnatal,-7965", 3, "Ahnatal|06633001|negative|-7965"),
    "key twice in facts": (TOWNS, "06633002,Bad", "06633001,Bad", 3, "001"),
    "unknown sex column": (AGES, "year_end,sex", "year_end,geschlecht", 2, "sex"),
    "condition column": (AGES, "year_end,", "jahr,", 2, "year_end"),
    "row too short": (AGES, "2015,m,0,2,2909", "2015,m,0", 3, "line 2|cells"),
    # the questionnaire
    "no XML": (LSS, "<document>", "document>", 3, "not readable XML"),
    "entity": (LSS, "<document>", '<!DOCTYPE a [<!ENTITY b "c">]><document>', 3, "document type or entities"),
    "group file": (LSS, "Survey</LimeSurveyDocType>", "Group</LimeSurveyDocType>", 3, "LimeSurveyDocType 'Survey'"),
    "from the future": (LSS, "<DBVersion>620", "<DBVersion>999", 3, "DBVersion 999"),
    "no version": (LSS, "<DBVersion>620", "<DBVersion>neu", 3, "not known"),
    "unknown type": (LSS, "<type><![CDATA[!]]>", "<type><![CDATA[?]]>", 3, "question GEM"),
    "survey gone": (LSS, "<surveys>", "<survey>", 3, "not readable XML"),
    # responses, as an export in JSON
    "nothing": ("export", "", "", 3, "file is empty"),
    "page": ("export", '{"responses"', '<html>{"responses"', 3, "web page"),
    "list gone": ("export", '{"responses"', '{"answers"', 3, "no list of responses"),
    "status": ("export", '{"responses": [', '{"status": "No permission", "x": [', 3, "No permission"),
    "value odd": ("export", '"GESCHL":"m"', '"GESCHL":"q"', 3, "response 1, column GESCHL"),
    "age a word": ("export", '"ALTER":"59"', '"ALTER":"alt"', 3, "column ALTER"),
    "date": ("export", '"DATUM":""', '"DATUM":"gestern"', 3, "column DATUM"),
    "box": ("export", '"BARR[ZEIT]":""', '"BARR[ZEIT]":"vielleicht"', 3, "column BARR"),
    "id": ("export", '"id":1,', '"id":"eins",', 3, "id is not a number"),
    "id twice": ("export", '"id":2,', '"id":1,', 3, "stands twice"),
    "page of interview": ("export", '"lastpage":3', '"lastpage":"drei"', 3, "last page is not a number"),
    "column gone in one": ("export", '"TEILN":"Y",', "", 3, "other columns than the first"),
    "heading": ("export", '"WICHT[F01]"', '"WICHT[F99]"', 3, "other columns|not in the questionnaire"),
    "comma": ("export", '"ALTER":"59",', '"ALTER":"59"', 3, "not valid JSON"),
    "number too long": ("export", '"ALTER":"59"', '"ALTER":"5,9,1"', 3, "column ALTER"),
}


def test_there_are_enough() -> None:
    assert len(CASES) >= 60


def _files(project: Project) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in project.root.rglob("*") if path.is_file()}


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    for one, two in ((old, new), *((o.replace("<![CDATA[", "").replace("]]>", ""), new) for o in [old])):
        if one in text:
            path.write_text(text.replace(one, two, 1) if one else "", encoding="utf-8")
            return
    raise AssertionError(f"{path.name} has no {old}")


@pytest.mark.parametrize("name", CASES)
def test_bad_input(project: Project, name: str) -> None:
    where, old, new, code, message = CASES[name]
    folder = project.surveys / "bildungsbefragung"
    if where in (TOWNS, AGES):
        path = project.reference / where
    elif where == "export":
        path = project.root / "export.json"
        content = gzip.decompress((project.root / "data" / "demo" / "responses_2026.json.gz").read_bytes())
        path.write_bytes(content)
    else:
        path = folder / where
    _edit(path, old, new)
    before = _files(project)
    with pytest.raises(BildungsbedarfError, match=message) as caught:
        if where == "export":
            read_responses(path, read_codebook(folder / LSS))
        elif where == LSS:
            read_codebook(path)
        else:
            check_margins(read_study(project, "bildungsbefragung").config.audience["erwachsene"], project.reference)
    assert caught.value.exit_code == code
    assert path.name in str(caught.value)
    assert _files(project) == before
