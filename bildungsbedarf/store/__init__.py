"""Immutable snapshots (Parquet and a manifest with hashes), written atomically; knows no meaning."""

from bildungsbedarf.store.changes import Changes, changes_between
from bildungsbedarf.store.snapshots import Manifest, Snapshot, Store

__all__ = ["Changes", "Manifest", "Snapshot", "Store", "changes_between"]
