"""Immutable snapshots (Parquet and a manifest with hashes), written atomically; knows no meaning."""

from bildungsbedarf.store.changes import Changes, changes_between
from bildungsbedarf.store.computed import computed_once
from bildungsbedarf.store.snapshots import RESPONSES, Manifest, Snapshot, Store, submitted

__all__ = ["RESPONSES", "Changes", "Manifest", "Snapshot", "Store", "changes_between", "computed_once", "submitted"]
