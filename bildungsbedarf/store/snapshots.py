"""Immutable snapshots: one folder each, a Parquet file a table and a manifest with hashes.

A snapshot is written into a folder of its own beside its final place and renamed, so that an
interrupted import leaves nothing half-written. Its number orders snapshots; no clock is kept.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from filelock import FileLock, Timeout

from bildungsbedarf.errors import ConfigError, DataError, StepError
from bildungsbedarf.limesurvey.words import UNKNOWN_DATE
from bildungsbedarf.sources.files import Provenance, sha256
from bildungsbedarf.store.forgetting import FILE as FORGOTTEN
from bildungsbedarf.store.forgetting import forgotten, listed, without
from bildungsbedarf.store.memory import FILE as RELEASED
from bildungsbedarf.store.memory import read_memory

_MANIFEST = "manifest.json"
_QUESTIONNAIRE = "questionnaire"
_ROWS_AT_ONCE = 1 << 14
RESPONSES = "responses"
_SHORT = 12
_LOCK_SECONDS = 30


@dataclass(frozen=True)
class Manifest:
    """What a snapshot says of itself. ``sha256`` names it: of source, questionnaire and tables together.

    ``rows``, ``columns`` and ``table_sha256`` are those of its first table; ``tables`` holds the hash of every other
    one (votes have three).
    """

    number: int
    sha256: str
    study: str
    wave: str
    audience: str
    source_name: str
    source_format: str
    source_sha256: str
    questionnaire_sha256: str
    table_sha256: str
    rows: int
    submitted: int | None
    """Finished interviews; missing where the source does not say."""
    columns: int
    left_out: tuple[str, ...]
    kind: str = RESPONSES
    tables: dict[str, str] = field(default_factory=dict)
    forgotten: int = 0
    """People who were taken out of it since."""


@dataclass(frozen=True)
class Snapshot:
    """Immutable raw tables (all text) in ``folder``."""

    folder: Path
    manifest: Manifest

    @property
    def questionnaire(self) -> Path | None:
        """What was asked when the responses came in; none of what is no survey, or came in before this was kept."""
        return next(self.folder.glob(f"{_QUESTIONNAIRE}.*"), None)

    @property
    def sha256(self) -> str:
        """The snapshot's hash, full length."""
        return self.manifest.sha256

    @property
    def short(self) -> str:
        """The first twelve digits of the hash."""
        return self.sha256[:_SHORT]

    def holds(self, response: str) -> bool:
        """Whether it has a row of this response or participant.

        Raises
        ------
        DataError
            A table is not the one that was written.
        """
        tables = self.read_all()
        return _differ(tables, without(tables, (response,)))

    def check(self, hash_of: Callable[[Path], str]) -> None:
        """Compare tables and manifest with each other; ``hash_of`` gives the SHA-256 of a file.

        Raises
        ------
        DataError
            A table is gone, or is not the one that was written; or the manifest says something else of it.
        """
        manifest = self.manifest
        if not manifest.tables and manifest.kind != RESPONSES:
            raise DataError("snapshot's manifest names no tables", where=_shown(self.folder / _MANIFEST))
        tables = manifest.tables or {RESPONSES: manifest.table_sha256}
        for name, wanted in tables.items():
            path = self.folder / f"{name}.parquet"
            if hash_of(path) != wanted:
                raise _lost(path) if not path.is_file() else _changed(path, wanted)
        first = self.folder / f"{next(iter(tables))}.parquet"
        _refuse_forgotten(self.folder.parent, first)
        told = pq.read_metadata(first)
        finished = manifest.submitted
        if manifest.kind == RESPONSES:
            finished = submitted(pq.read_table(first, columns=["submitdate"]).to_pandas())
        found = (told.num_rows, told.num_columns, finished, f"{manifest.number:04d}-{self.short}")
        if found != (manifest.rows, manifest.columns, manifest.submitted, self.folder.name):
            raise DataError(
                "snapshot's manifest was changed after it was written",
                where=_shown(self.folder / _MANIFEST),
                value=f"{manifest.rows} rows, {manifest.columns} columns, {manifest.submitted} finished",
                expected=f"{found[0]} rows, {found[1]} columns, {found[2]} finished",
                remedy="delete this snapshot's folder and import the export again",
            )

    def read(self, table: str = "") -> pd.DataFrame:
        """A raw table (default: the first), after comparing its hash with the manifest.

        Raises
        ------
        DataError
            The file is gone or is not the one that was written.
        """
        first = RESPONSES if self.manifest.kind == RESPONSES else next(iter(self.manifest.tables))
        name = table or first
        path = self.folder / f"{name}.parquet"
        wanted = self.manifest.tables.get(name, self.manifest.table_sha256)
        if not path.is_file():
            raise _lost(path)
        content = path.read_bytes()
        if sha256(content) != wanted:
            raise _changed(path, wanted)
        found: pd.DataFrame = pq.read_table(pa.BufferReader(content)).to_pandas()
        return found

    def read_all(self) -> dict[str, pd.DataFrame]:
        """All its raw tables by name, as ``read`` gives each.

        Raises
        ------
        DataError
            A file is gone or is not the one that was written.
        """
        return {name: self.read(name) for name in (list(self.manifest.tables) or [RESPONSES])}


def _differ(tables: Mapping[str, pd.DataFrame], left: Mapping[str, pd.DataFrame]) -> bool:
    """Whether anything was taken out."""
    return any(len(left[name]) < len(table) for name, table in tables.items())


def _placed(
    folder: Path, manifest: Manifest, contents: Mapping[str, bytes], asked: tuple[str, bytes] | None
) -> Snapshot:
    """Write a snapshot beside its place, and put it there whole."""
    staging = Path(tempfile.mkdtemp(prefix=".new-", dir=folder))
    try:
        for name, content in contents.items():
            _write_synced(staging / f"{name}.parquet", content)
        if asked is not None:
            _write_synced(staging / f"{_QUESTIONNAIRE}{Path(asked[0]).suffix.lower()}", asked[1])
        _write_synced(staging / _MANIFEST, (json.dumps(asdict(manifest), indent=1) + "\n").encode())
        final = folder / f"{manifest.number:04d}-{manifest.sha256[:_SHORT]}"
        # one that was interrupted has put it there already
        shutil.rmtree(final, ignore_errors=True)
        staging.rename(final)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return Snapshot(final, manifest)


def _refuse_forgotten(folder: Path, table: Path) -> None:
    """Refuse a snapshot that still holds somebody who was to be forgotten."""
    known = forgotten(folder)
    if known and "id" in pq.read_schema(table).names:
        ids = set(pq.read_table(table, columns=["id"]).column("id").to_pylist())
        if held := sorted(ids & set(known)):
            raise DataError(
                "snapshot still holds a response that was to be forgotten",
                where=_shown(table.parent),
                value=held[0],
                remedy="the command was interrupted: run 'bildungsbedarf forget' again",
            )


def private_folder(folder: Path) -> None:
    """A folder that its owner alone may open: what people answered lies in it."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder.chmod(0o700)


def _lost(path: Path) -> DataError:
    return DataError("snapshot has lost its table", where=_shown(path), remedy="import the export again")


def _changed(path: Path, wanted: str) -> DataError:
    return DataError(
        "snapshot was changed after it was written",
        where=_shown(path),
        expected=f"SHA-256 {wanted[:_SHORT]}…",
        remedy="delete this snapshot's folder and import the export again",
    )


class Store:
    """The snapshots of one study: ``<root>/<wave>/<audience>/<number>-<hash>/``."""

    def __init__(self, root: Path, study: str) -> None:
        self.root = root
        self.study = study

    def write(
        self,
        tables: Mapping[str, pd.DataFrame],
        source: Provenance,
        questionnaire_sha256: str,
        wave: str,
        audience: str,
        kind: str = RESPONSES,
        asked: tuple[str, bytes] | None = None,
    ) -> tuple[Snapshot, bool]:
        """Keep ``tables`` as a new snapshot; the same source, read the same way, gives the one there is.

        ``asked`` is the questionnaire's file (name, content), kept beside the tables.

        Returns
        -------
        (snapshot, whether it is new)

        Raises
        ------
        StepError
            Another process writes this study, or the disk refuses.
        """
        with self._writing(wave, audience) as folder:
            left = without(tables, forgotten(folder))
            return self._write(folder, left, source, questionnaire_sha256, wave, audience, kind, asked)

    @contextmanager
    def _writing(self, wave: str, audience: str) -> Iterator[Path]:
        """The folder of a wave and audience, for one process at a time."""
        folder = self.root / wave / audience
        try:
            private_folder(self.root)
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(self.root / ".lock", timeout=_LOCK_SECONDS):
                yield folder
        except Timeout:
            raise StepError(
                "another run is writing this study", where=self.study, remedy="wait until it ends"
            ) from None
        except OSError as error:
            raise StepError(f"snapshot cannot be written: {error.strerror}", where=_shown(folder)) from None

    def _write(
        self,
        folder: Path,
        tables: Mapping[str, pd.DataFrame],
        source: Provenance,
        questionnaire: str,
        wave: str,
        audience: str,
        kind: str,
        asked: tuple[str, bytes] | None,
    ) -> tuple[Snapshot, bool]:
        existing = self.all(wave, audience)
        whole = _identity(source.sha256, questionnaire, tables)
        # the same file read otherwise is another snapshot; one from before the last is brought in again
        if existing and existing[-1].sha256 == whole:
            return existing[-1], False
        number = max((snapshot.manifest.number for snapshot in existing), default=0) + 1
        contents = {name: _parquet(table) for name, table in tables.items()}
        hashes = {name: sha256(content) for name, content in contents.items()}
        table = next(iter(tables.values()))
        manifest = Manifest(
            number=number,
            sha256=whole,
            study=self.study,
            wave=wave,
            audience=audience,
            source_name=source.name,
            source_format=source.format,
            source_sha256=source.sha256,
            questionnaire_sha256=questionnaire,
            table_sha256=next(iter(hashes.values())),
            rows=len(table),
            submitted=submitted(table),
            columns=table.shape[1],
            left_out=source.left_out,
            kind=kind,
            tables={} if kind == RESPONSES else hashes,
        )
        return _placed(folder, manifest, contents, asked), True

    def forget(self, wave: str, audience: str, response: str) -> list[Snapshot]:
        """Take a person out of every snapshot of a wave and audience, and out of all that will be brought in.

        Snapshots that held the person are written anew, with new hashes, and those they replace are removed.

        Returns
        -------
        list of Snapshot
            Those written anew.

        Raises
        ------
        DataError
            A snapshot was damaged before.
        StepError
            Another process writes this study, or the disk refuses.
        """
        with self._writing(wave, audience) as folder:
            _write_whole(folder / FORGOTTEN, listed(forgotten(folder), response))
            memory = read_memory(folder)
            if memory is not None and response in memory.counted:
                _write_whole(folder / RELEASED, memory.without(response).text.encode())
            every = self._every(wave, audience)
            return [made for old in every if (made := self._without(old, response)) is not None]

    def _without(self, old: Snapshot, response: str) -> Snapshot | None:
        """The snapshot without a person, in the place of the old one; nothing where it did not hold the person."""
        tables = old.read_all()
        left = without(tables, (response,))
        if not _differ(tables, left):
            return None
        manifest = old.manifest
        contents = {name: _parquet(table) for name, table in left.items()}
        hashes = {name: sha256(content) for name, content in contents.items()}
        first = next(iter(left.values()))
        changed = replace(
            manifest,
            sha256=_identity(manifest.source_sha256, manifest.questionnaire_sha256, left),
            table_sha256=next(iter(hashes.values())),
            rows=len(first),
            submitted=submitted(first),
            tables=hashes if manifest.tables else {},
            forgotten=manifest.forgotten + 1,
        )
        asked = old.questionnaire
        kept = None if asked is None else (asked.name, asked.read_bytes())
        made = _placed(old.folder.parent, changed, contents, kept)
        shutil.rmtree(old.folder)
        (old.folder.parent / f"quality-{old.short}.json").unlink(missing_ok=True)
        return made

    def all(self, wave: str, audience: str) -> list[Snapshot]:
        """All snapshots of a wave and audience, oldest first.

        Where one was being replaced because somebody is forgotten, the one that replaces it.
        """
        by_number: dict[int, Snapshot] = {}
        for snapshot in self._every(wave, audience):
            known = by_number.get(snapshot.manifest.number)
            if known is None or snapshot.manifest.forgotten > known.manifest.forgotten:
                by_number[snapshot.manifest.number] = snapshot
        return [by_number[number] for number in sorted(by_number)]

    def _every(self, wave: str, audience: str) -> list[Snapshot]:
        manifests = sorted((self.root / wave / audience).glob(f"[0-9]*/{_MANIFEST}"))
        return [Snapshot(path.parent, _read_manifest(path)) for path in manifests]

    def hold(self, wave: str, audience: str, response: str) -> bool:
        """Whether any snapshot of a wave and audience has a row of this response or participant."""
        return any(snapshot.holds(response) for snapshot in self._every(wave, audience))

    def find(self, wave: str, audience: str, wanted: str = "latest") -> Snapshot | None:
        """The latest snapshot, or the one whose hash begins with ``wanted``; ``None`` where there is none yet.

        Raises
        ------
        ConfigError
            A hash was named that no snapshot, or more than one, has.
        """
        snapshots = self.all(wave, audience)
        if wanted == "latest":
            return snapshots[-1] if snapshots else None
        matches = [snapshot for snapshot in snapshots if snapshot.sha256.startswith(wanted)]
        if len({snapshot.sha256 for snapshot in matches}) != 1:
            raise ConfigError(
                "no snapshot has this hash" if not matches else "several snapshots begin with this hash",
                where=f"waves/{wave}.toml, audience {audience}, snapshot",
                value=wanted,
                expected=", ".join(snapshot.short for snapshot in snapshots) or "nothing imported yet",
            )
        return matches[-1]


def _read_manifest(path: Path) -> Manifest:
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        return Manifest(**{**fields, "left_out": tuple(fields["left_out"])})
    except (ValueError, TypeError, KeyError) as error:
        raise DataError(
            f"snapshot's manifest cannot be read: {error}",
            where=_shown(path),
            remedy="delete this snapshot's folder and import the export again",
        ) from None


def _parquet(table: pd.DataFrame) -> bytes:
    sink = pa.BufferOutputStream()
    arrow = pa.table({name: pa.Array.from_pandas(table[name]).cast(pa.string()) for name in table.columns})
    pq.write_table(arrow, sink, compression="zstd")
    return bytes(sink.getvalue())


def submitted(table: pd.DataFrame) -> int | None:
    """Finished interviews; all rows of what is no survey, nothing where the survey does not say."""
    if "submitdate" not in table.columns:
        return len(table)
    if (table["submitdate"] == UNKNOWN_DATE).any():
        return None
    return int((table["submitdate"] != "").sum())


def _identity(source: str, questionnaire: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """The hash that names a snapshot: of source, questionnaire and tables together."""
    content_hash = "\n".join(_content_hash(each) for each in tables.values())
    return sha256(f"{source}\n{questionnaire}\n{content_hash}".encode())


def _content_hash(table: pd.DataFrame) -> str:
    """Hash of the values, the same whichever version wrote the Parquet file: of the rows as JSON, one a line."""
    digest = hashlib.sha256(json.dumps(list(table.columns)).encode())
    columns = [_quoted(table[name]) for name in table.columns]
    for start in range(0, len(table), _ROWS_AT_ONCE):
        cells = [quoted.take(places[start : start + _ROWS_AT_ONCE]) for quoted, places in columns]
        rows = pc.binary_join_element_wise(*cells, pa.scalar(", ", pa.large_string()))
        whole = pa.ListArray.from_arrays([0, len(rows)], rows)
        lines = pc.binary_join(whole, pa.scalar("]\n[", pa.large_string()))[0].as_py()
        digest.update(f"\n[{lines}]".encode())
    return digest.hexdigest()


def _quoted(column: pd.Series) -> tuple[pa.Array, pa.Array]:
    """Each different value as JSON, and where it stands."""
    places, values = pd.factorize(column, use_na_sentinel=False)
    texts = [json.dumps(str(value), ensure_ascii=False) for value in values]
    return pa.array(texts, pa.large_string()), pa.array(places.astype("int32"))


def _write_synced(path: Path, content: bytes) -> None:
    """For its owner alone, and on the disk when it returns."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _write_whole(path: Path, content: bytes) -> None:
    staged = path.with_name(f".new-{path.name}")
    staged.unlink(missing_ok=True)
    _write_synced(staged, content)
    staged.replace(path)


def _shown(path: Path) -> str:
    return "/".join(path.parts[-4:])
