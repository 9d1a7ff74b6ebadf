from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from bildungsbedarf.errors import StepError
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


def test_old_snapshots_go_and_the_newest_named_and_cited_stay(project: Project, tmp_path: Path) -> None:
    study = _imported(project, tmp_path, (300, 310, 320, 330))
    names = [one.path.name[:4] for one in spare(study)]
    assert names == ["0001", "0002"]
    assert [one.path.name[:4] for one in spare(study, keep=1)] == ["0001", "0002", "0003"]
    second = next(one for one in spare(study) if one.path.name.startswith("0002"))
    register = project.results(DEMO) / "2026" / "findings.json"
    register.parent.mkdir(parents=True)
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
    content = {"schema": "bildungsbedarf/findings/2", "study": DEMO, "wave": "2026", "findings": [finding]}
    register.write_text(json.dumps(content), encoding="utf-8")
    assert [one.path.name[:4] for one in spare(study)] == ["0001"]
    wave = project.surveys / DEMO / "waves" / "2026.toml"
    first = next(one for one in spare(study))
    text = wave.read_text(encoding="utf-8")
    place = text.index("[audience.schule]") + len("[audience.schule]")
    hash_ = json.loads((first.path / "manifest.json").read_bytes())["sha256"]
    wave.write_text(f'{text[:place]}\nsnapshot = "{hash_}"{text[place:]}', encoding="utf-8")
    assert spare(Study.load(DEMO, project)) == []


def test_removing_frees_what_was_told_and_leaves_the_rest(project: Project, tmp_path: Path) -> None:
    study = _imported(project, tmp_path, (300, 310, 320))
    failed = project.snapshots(DEMO) / ".failed" / "2026"
    failed.mkdir(parents=True)
    (failed / "x.ipynb").write_text("{}", encoding="utf-8")
    found = spare(study)
    assert [one.path.name for one in found][1:] == [".failed"]
    with locked(project.results(DEMO), DEMO), pytest.raises(StepError, match="another run"):
        remove(study, found)
    assert remove(study, found) == sum(one.size for one in found) > 0
    assert spare(study) == []
    assert study.wave("2026", "schule").snapshot.manifest.number == 3
