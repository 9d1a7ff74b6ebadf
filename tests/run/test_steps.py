from __future__ import annotations

import json

import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.run import plan
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study


def test_the_demos_plan(study: Study) -> None:
    steps = plan(study)
    everywhere, with_battery = ("2026", "2026/schule", "2028"), ("2026", "2028")
    wanted = {
        "00_grundauszaehlung": everywhere,
        "01_rueckblick_und_qualitaet": everywhere,
        "02_bildungsbedarfe": with_battery,
        "03_barrieren": with_battery,
        "04_prioritaeten": with_battery,
        "05_gruppen": with_battery,
        "06_gemeinden": with_battery,
        "07_demokratie": with_battery,
        "08_antwortqualitaet": with_battery,
        "09_zusammenfassung": with_battery,
        "10_entwicklung": ("all",),
        "11_antworten_nach_gruppen": with_battery,
        "20_konferenz": ("2026/konferenz1", "2028/konferenz2"),
        "21_von_konferenz_zu_konferenz": ("all",),
        "22_umfrage_und_beteiligung": ("2026/konferenz1", "2028/konferenz2"),
        "23_offene_antworten": with_battery,
        "40_angebote": ("2028/angebote",),
        "41_angebot_und_bedarf": ("2028/angebote",),
        "42_bildungsmonitoring": ("all",),
        "30_leitbild": ("all",),
    }
    assert [step.title for step in steps] == [
        f"{folder} · {name}" for name, folders in wanted.items() for folder in folders
    ]
    assert steps[0].parameters == {"study": "bildungsbefragung", "wave": "2026", "audience": "erwachsene"}


def test_parts_of_the_plan(study: Study) -> None:
    assert {step.folder for step in plan(study, waves=["2028"])} == {"2028", "2028/konferenz2", "2028/angebote", "all"}
    assert [step.name for step in plan(study, waves=["2028"])][-1] == "30_leitbild"
    assert {step.folder for step in plan(study, audience="konferenz1")} == {"2026/konferenz1", "all"}
    assert [step.title for step in plan(study, only="03_barrieren", waves=["2026"])] == ["2026 · 03_barrieren"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"waves": ["2027"]}, "there is no wave '2027'"),
        ({"audience": "eltern"}, "there is no audience 'eltern'"),
        ({"only": "02_bildungsbedarf"}, "did you mean '02_bildungsbedarfe'"),
    ],
)
def test_unknown_parts(study: Study, arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        plan(study, **arguments)  # type: ignore[arg-type]


def test_a_notebook_must_say_what_it_needs(project: Project) -> None:
    path = project.notebooks / "03_barrieren.ipynb"
    content = json.loads(path.read_text(encoding="utf-8"))
    content["metadata"]["bildungsbedarf"] = {"scope": "wave", "requires": "magic"}
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(ConfigError, match=r"03_barrieren\.ipynb, metadata\.bildungsbedarf"):
        plan(Study.load("bildungsbefragung", project))
