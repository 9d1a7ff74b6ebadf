"""What was released may not be differenced against what is published later: nobody changes, or enough persons do.

Between a release and a later run people answer late, are taken out, change an answer, or are left out by another rule.
Where fewer persons than ``disclosure.minimum_cell`` (five) changed, of all or of any group that is large enough to be
published, the two publications together would show their answers: the wave is held back, and what was made before
stays.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations

import pandas as pd

from bildungsbedarf.errors import ConfigError, DataError, DisclosureError
from bildungsbedarf.run.files import write_atomic
from bildungsbedarf.store import Store
from bildungsbedarf.store.memory import FILE, Memory, read_memory
from bildungsbedarf.store.snapshots import Snapshot
from bildungsbedarf.study.releases import read_releases
from bildungsbedarf.wave import Wave

_ID = "id"
Pair = tuple[str, str]


def remember(wave: Wave) -> None:
    """Keep who is counted in what is released now; of records and dots nobody is."""
    if not _has_persons(wave):
        return
    path = wave.snapshot.folder.parent / FILE
    write_atomic(path, Memory(wave.snapshot.sha256, tuple(sorted(_ids(wave.responses)))).text)
    path.chmod(0o600)


def why_held(wave: Wave) -> DisclosureError | None:
    """Why what a wave says now may not be published beside its last release; nothing where it may.

    Raises
    ------
    DataError
        What is remembered, or a snapshot, cannot be read.
    """
    last = read_releases(wave.files.folder, wave.name).last
    was = last.snapshots.get(wave.audience) if last is not None else None
    if was is None or not _has_persons(wave) or wave.wave_config.republish:
        return None
    now = wave.snapshot
    memory = read_memory(now.folder.parent)
    if memory is not None and memory.forgotten:
        return _error(wave, f"{memory.forgotten} forgotten since", "nobody of those released")
    released = now if now.sha256 == was else _stored(wave, was)
    if released is None:
        return _error(wave, f"the data released are not here any more (snapshot {was[:12]})", "data to compare with")
    before = wave if released is now else _with_snapshot(wave, released)
    then = set(memory.counted) if memory is not None and memory.snapshot == was else set(_ids(before.responses))
    # loads all that estimates: only where something is compared
    from bildungsbedarf.disclosure import limits_of

    today = set(_ids(wave.responses))
    changed = then ^ today | (then & _altered(released, now))
    limits = limits_of(wave)
    for place, count in _counts(changed, [(before, then), (wave, today)], limits.minimum_base):
        if count < limits.minimum_cell:
            of_whom = f"{len(changed)} of {len(then)} persons changed" + (f", {count} of them {place}" if place else "")
            return _error(wave, of_whom, f"nobody, or {limits.minimum_cell} and more of all and of each group")
    return None


def _error(wave: Wave, value: str, expected: str) -> DisclosureError:
    was = read_releases(wave.files.folder, wave.name).last
    pin = was.snapshots[wave.audience][:12] if was is not None else ""
    return DisclosureError(
        "held back: this and what was released would together show answers of single persons",
        where=f"wave {wave.name}, audience {wave.audience}",
        value=value,
        expected=expected,
        remedy=f'snapshot = "{pin}" in waves/{wave.name}.toml keeps what was released (not where somebody was '
        'forgotten); republish = "who decided, and why" publishes all the same',
    )


def _has_persons(wave: Wave) -> bool:
    return wave.has_answers and wave.has_snapshot and not wave.counts_dots


def _stored(wave: Wave, sha256: str) -> Snapshot | None:
    store = Store(wave.files.project.snapshots(wave.files.name), wave.files.name)
    return next((one for one in store.all(wave.name, wave.audience) if one.sha256 == sha256), None)


def _with_snapshot(wave: Wave, snapshot: Snapshot) -> Wave:
    other = Wave(wave.files, wave.name, wave.audience)
    other.__dict__["snapshot"] = snapshot
    return other


def _ids(table: pd.DataFrame) -> list[str]:
    return table[_ID].astype("str").tolist()


def _altered(before: Snapshot, now: Snapshot) -> set[str]:
    """Ids of whom any row is another, in columns that both have."""
    if before.sha256 == now.sha256:
        return set()
    found: set[str] = set()
    for name, old in before.read_all().items():
        new = now.read_all().get(name, old.iloc[:0])
        key = "participant" if "participant" in old.columns else _ID
        if key not in old.columns or key not in new.columns:
            continue
        shared = sorted(set(old.columns) & set(new.columns))
        rows = pd.concat([old[shared].drop_duplicates(), new[shared].drop_duplicates()])
        found |= set(rows.loc[~rows.duplicated(keep=False), key].astype("str"))
    return found


def _counts(
    changed: Collection[str], publications: list[tuple[Wave, set[str]]], least: int
) -> Iterator[tuple[str, int]]:
    """How many changed, of all and of each group and pair of groups in which anybody did.

    ``publications`` are both waves with the ids counted; groups of fewer than ``least`` in both are not published.
    """
    if not changed:
        return
    yield "", len(changed)
    groups = list(dict.fromkeys(_published_groups(publications[-1][0])))
    tables = [_everyone(wave, groups) for wave, _ in publications]
    if set(changed) - {one for table in tables for one in table.index} and groups:
        yield "in groups nobody knows any more", 1
    counted = [table[table.index.isin(ids)] for table, (_, ids) in zip(tables, publications, strict=True)]
    known = pd.concat([table[table.index.isin(changed)] for table in tables])
    for by in [*([name] for name in groups), *map(list, combinations(groups, 2))]:
        sizes = [table.groupby(by, observed=True).size() for table in counted]
        for category, own in known.groupby(by, observed=True):
            parts = category if isinstance(category, tuple) else (category,)
            if max(int(size.get(category if len(by) > 1 else parts[0], 0)) for size in sizes) >= least:
                place = " and ".join(f"{name} = {part}" for name, part in zip(by, parts, strict=True))
                yield f"in {place}", int(own.index.nunique())


def _published_groups(wave: Wave) -> list[str]:
    area = wave.files.config.small_area
    ballots = [entry.group for entry in wave.files.config.ballot if entry.audience == wave.audience]
    named = [*wave.groups, *([area.group] if area is not None else []), *ballots]
    return [name for name in named if name and name in wave.responses.columns]


def _everyone(wave: Wave, groups: list[str]) -> pd.DataFrame:
    """Groups of everybody, also of those a rule of response quality leaves out, by id."""
    try:
        table = wave.with_rules("flag").responses
    except (ConfigError, DataError):
        # asked with another questionnaire: nobody's group is known, and whoever changed counts as alone
        return pd.DataFrame(columns=groups)
    there = table.set_index(table[_ID].astype("str"))
    return there.reindex(columns=groups).astype("object")
