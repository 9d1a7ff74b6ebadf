"""A person who asks for it is in no snapshot any more, and comes back with none."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.sources import Provenance
from bildungsbedarf.sources.files import sha256
from bildungsbedarf.store import Store
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

TABLE = pd.DataFrame({"id": ["1", "2", "3"], "submitdate": ["2026-01-01", "2026-01-02", ""], "A": ["x", "y", "z"]})
DEMO = "bildungsbefragung"


def _hash(path: Path) -> str:
    return sha256(path.read_bytes())


def test_every_snapshot_is_written_anew_and_the_person_stays_away(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", "s")
    for name in "ab":
        table = TABLE.assign(A=TABLE["A"] + name).astype("str")
        store.write(
            {"responses": table}, Provenance(name, name * 64, "csv", 3), "q", "2026", "e", asked=("q.lss", b"q")
        )
    old = [snapshot.folder for snapshot in store.all("2026", "e")]
    made = store.forget("2026", "e", "2")
    assert [snapshot.manifest.number for snapshot in made] == [1, 2]
    for snapshot in store.all("2026", "e"):
        assert snapshot.read()["id"].tolist() == ["1", "3"]
        assert (snapshot.manifest.rows, snapshot.manifest.submitted, snapshot.manifest.forgotten) == (2, 1, 1)
        assert snapshot.questionnaire is not None
        snapshot.check(_hash)
    assert not any(folder.exists() for folder in old)
    assert b"yb" not in b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    # the same export brought in again
    again, is_new = store.write(
        {"responses": TABLE.astype("str")}, Provenance("c", "c" * 64, "csv", 3), "q", "2026", "e"
    )
    assert is_new
    assert again.read()["id"].tolist() == ["1", "3"]
    assert store.forget("2026", "e", "2") == []


def test_an_interrupted_forgetting_can_be_repeated(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", "s")
    source = Provenance("a", "a" * 64, "csv", 3)
    old, _ = store.write({"responses": TABLE.astype("str")}, source, "q", "2026", "e")
    shutil.copytree(old.folder, tmp_path / "kept")
    (new,) = store.forget("2026", "e", "2")
    # killed before the old one was removed: both are there, in whatever order their names have
    shutil.copytree(tmp_path / "kept", old.folder)
    assert [snapshot.sha256 for snapshot in store.all("2026", "e")] == [new.sha256]
    assert store.hold("2026", "e", "2")
    store.forget("2026", "e", "2")
    assert not old.folder.exists()
    assert not store.hold("2026", "e", "2")
    # killed before anything but the list was written
    shutil.rmtree(new.folder)
    shutil.copytree(tmp_path / "kept", old.folder)
    with pytest.raises(DataError, match="still holds a response that was to be forgotten"):
        store.all("2026", "e")[0].check(_hash)


def test_a_broken_list_is_refused(tmp_path: Path) -> None:
    store = Store(tmp_path, "s")
    (tmp_path / "2026" / "e").mkdir(parents=True)
    (tmp_path / "2026" / "e" / "forgotten.json").write_text("[]", encoding="utf-8")
    with pytest.raises(DataError, match="list of forgotten responses cannot be read"):
        store.write({"responses": TABLE.astype("str")}, Provenance("c", "c" * 64, "csv", 3), "q", "2026", "e")


@pytest.mark.skipif(os.name == "nt", reason="permissions are of POSIX")
def test_what_people_answered_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = Store(tmp_path / "s", "s")
    store.write({"responses": TABLE.astype("str")}, Provenance("c", "c" * 64, "csv", 3), "q", "2026", "e")
    assert stat.S_IMODE((tmp_path / "s").stat().st_mode) == 0o700
    files = [path for path in (tmp_path / "s").rglob("*") if path.is_file() and path.name != ".lock"]
    assert files
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_in_a_study_an_id_of_several_surveys_is_asked_for(project: Project) -> None:
    study = Study.load(DEMO, project)
    study.import_declared()
    failed = project.snapshots(DEMO) / ".failed" / "2026"
    failed.mkdir(parents=True)
    with pytest.raises(ConfigError, match="they are different people") as caught:
        study.forget("7")
    assert "--wave 2026 --audience schule" in str(caught.value)
    before = study.wave("2026", "schule").snapshot
    other = study.wave("2026").snapshot.sha256
    ((wave, snapshot),) = study.forget("7", "2026", "schule")
    assert wave.snapshot.sha256 == snapshot.sha256 != before.sha256
    assert snapshot.manifest.rows == before.manifest.rows - 1
    assert study.wave("2026").snapshot.sha256 == other
    assert not failed.exists()
    with pytest.raises(DataError, match="no snapshot holds this response"):
        study.forget("7", "2026", "schule")
    told = json.loads((snapshot.folder.parent / "forgotten.json").read_text(encoding="utf-8"))
    assert told == {"responses": ["7"]}
