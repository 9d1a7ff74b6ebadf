from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.sources import Provenance
from bildungsbedarf.store import Store

TABLE = pd.DataFrame({"id": ["1", "2"], "submitdate": ["2026-01-01 10:00:00", ""], "A": ["x\ny", ""]}, dtype="str")


def _source(name: str = "a") -> Provenance:
    return Provenance(f"{name}.csv", name * 64, "csv", 2)


def test_written_and_read_back(tmp_path: Path) -> None:
    snapshot, is_new = Store(tmp_path, "s").write({"responses": TABLE}, _source(), "q", "2026", "e")
    assert is_new
    pd.testing.assert_frame_equal(snapshot.read(), TABLE)
    assert (snapshot.manifest.rows, snapshot.manifest.submitted, snapshot.manifest.number) == (2, 1, 1)


def test_same_source_is_kept_once_and_a_changed_one_is_new(tmp_path: Path) -> None:
    store = Store(tmp_path, "s")
    first, _ = store.write({"responses": TABLE}, _source("a"), "q", "2026", "e")
    again, is_new = store.write({"responses": TABLE}, _source("a"), "q", "2026", "e")
    assert not is_new
    assert again.sha256 == first.sha256
    second, is_new = store.write({"responses": TABLE}, _source("b"), "q", "2026", "e")
    assert is_new
    assert second.manifest.number == 2
    latest = store.find("2026", "e")
    assert latest is not None
    assert latest.sha256 == second.sha256
    named = store.find("2026", "e", first.short)
    assert named is not None
    assert named.sha256 == first.sha256
    with pytest.raises(ConfigError, match="no snapshot has this hash"):
        store.find("2026", "e", "000000")
    assert store.find("2030", "e") is None


def test_bytes_repeat(tmp_path: Path) -> None:
    one, _ = Store(tmp_path / "1", "s").write({"responses": TABLE}, _source(), "q", "2026", "e")
    two, _ = Store(tmp_path / "2", "s").write({"responses": TABLE}, _source(), "q", "2026", "e")
    for name in ("responses.parquet", "manifest.json"):
        assert (one.folder / name).read_bytes() == (two.folder / name).read_bytes()


def test_an_interrupted_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("bildungsbedarf.store.snapshots._write_synced", fail)
    store = Store(tmp_path, "s")
    with pytest.raises(KeyboardInterrupt):
        store.write({"responses": TABLE}, _source(), "q", "2026", "e")
    assert store.all("2026", "e") == []
    assert list((tmp_path / "2026" / "e").iterdir()) == []


def test_a_changed_snapshot_is_refused(tmp_path: Path) -> None:
    snapshot, _ = Store(tmp_path, "s").write({"responses": TABLE}, _source(), "q", "2026", "e")
    path = snapshot.folder / "responses.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(DataError, match="was changed after it was written"):
        snapshot.read()
    path.unlink()
    with pytest.raises(DataError, match="lost its table"):
        snapshot.read()
    (snapshot.folder / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(DataError, match="manifest cannot be read"):
        Store(tmp_path, "s").find("2026", "e")


def test_an_earlier_source_brought_in_again_is_the_latest(tmp_path: Path) -> None:
    store = Store(tmp_path, "s")
    first, _ = store.write({"responses": TABLE}, _source("a"), "q", "2026", "e")
    store.write({"responses": TABLE}, _source("b"), "q", "2026", "e")
    again, is_new = store.write({"responses": TABLE}, _source("a"), "q", "2026", "e")
    assert (is_new, again.manifest.number, again.sha256) == (True, 3, first.sha256)
    latest, named = store.find("2026", "e"), store.find("2026", "e", first.short)
    assert latest is not None
    assert named is not None
    assert (latest.manifest.number, named.manifest.number) == (3, 3)


def test_the_hash_of_a_content_is_that_of_its_rows_as_json(tmp_path: Path) -> None:
    table = pd.DataFrame({"id": ["1", "2", "3"], "Größe": ['a"b', "ü\n;", ""], "c": ["", "\\", "x"]}, dtype="str")
    rows = [json.dumps(list(row), ensure_ascii=False) for row in table.itertuples(index=False, name=None)]
    plain = "\n".join([json.dumps(list(table.columns)), *rows])
    content = hashlib.sha256(plain.encode()).hexdigest()
    snapshot, _ = Store(tmp_path, "s").write({"responses": table}, _source(), "q", "2026", "e")
    whole = hashlib.sha256(f"{_source().sha256}\nq\n{content}".encode()).hexdigest()
    assert snapshot.sha256 == whole
    assert snapshot.read().equals(table)
