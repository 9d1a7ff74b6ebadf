from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bildungsbedarf.errors import DataError, StepError
from bildungsbedarf.run.lock import locked
from bildungsbedarf.run.pruning import remove, spare
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

DEMO = "bildungsbefragung"


def _imported(project: Project, tmp_path: Path, counts: tuple[int, ...]) -> Study:
    """Snapshots of the pupils' survey with fewer and fewer responses left out."""
    loaded = Study.load(DEMO, project)
    source = project.root / "data" / "demo" / "responses_schule_2026.json.gz"
    rows = json.loads(gzip.decompress(source.read_bytes()))
    for count in counts:
        path = tmp_path / f"export{count}.json"
        path.write_text(json.dumps({"responses": rows["responses"][:count]}), encoding="utf-8")
        loaded.import_file(path, "2026", "schule")
    return loaded


def _register(project: Project, findings: list[dict[str, object]]) -> Path:
    path = project.results(DEMO) / "2026" / "findings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"schema": "bildungsbedarf/findings/2", "study": DEMO, "wave": "2026", "findings": findings}
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_old_snapshots_go_and_the_newest_named_and_cited_stay(project: Project, tmp_path: Path) -> None:
    study = _imported(project, tmp_path, (300, 310, 320, 330))
    # before anything is registered nobody can say what rests on what
    assert spare(study) == []
    register = _register(project, [])
    names = [one.path.name[:4] for one in spare(study)]
    assert names == ["0001", "0002"]
    assert [one.path.name[:4] for one in spare(study, keep=1)] == ["0001", "0002", "0003"]
    second = next(one for one in spare(study) if one.path.name.startswith("0002"))
    finding = {
        "id": "a.b",
        "statement": {"de": "a", "en": "a"},
        "kind": "level",
        "measure": "a",
        "item": "b",
        "study": DEMO,
        "wave": "2026",
        "audience": "schule",
        "questions": [],
        "wording": {},
        "base": {},
        "n": 20,
        "estimate": 0.5,
        "se": None,
        "ci_low": None,
        "ci_high": None,
        "unit": "share",
        "method": "",
        "snapshot": [json.loads((second.path / "manifest.json").read_bytes())["sha256"]],
        "disclosure": "shown",
    }
    _register(project, [finding])
    assert [one.path.name[:4] for one in spare(study)] == ["0001"]
    wave = project.surveys / DEMO / "waves" / "2026.toml"
    first = next(one for one in spare(study))
    text = wave.read_text(encoding="utf-8")
    place = text.index("[audience.schule]") + len("[audience.schule]")
    hash_ = json.loads((first.path / "manifest.json").read_bytes())["sha256"]
    wave.write_text(f'{text[:place]}\nsnapshot = "{hash_}"{text[place:]}', encoding="utf-8")
    assert spare(Study.load(DEMO, project)) == []
    # what cannot be read may cite anything
    register.write_text(register.read_text(encoding="utf-8")[:-20], encoding="utf-8")
    with pytest.raises(DataError, match="register cannot be read"):
        spare(Study.load(DEMO, project))


def test_removing_frees_what_was_told_and_leaves_the_rest(project: Project, tmp_path: Path) -> None:
    study = _imported(project, tmp_path, (300, 310, 320))
    _register(project, [])
    failed = project.snapshots(DEMO) / ".failed" / "2026"
    failed.mkdir(parents=True)
    (failed / "x.ipynb").write_text("{}", encoding="utf-8")
    found = spare(study)
    assert [one.path.name for one in found][1:] == [".failed"]
    with locked(project.results(DEMO), DEMO), pytest.raises(StepError, match="another run"):
        remove(study)
    assert remove(study) == found
    assert spare(study) == []
    assert study.wave("2026", "schule").snapshot.manifest.number == 3
