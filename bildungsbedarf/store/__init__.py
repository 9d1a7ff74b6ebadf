"""Immutable snapshots (Parquet and a manifest with hashes), written atomically; knows no meaning."""

from bildungsbedarf.store.snapshots import Manifest, Snapshot, Store

__all__ = ["Manifest", "Snapshot", "Store"]
