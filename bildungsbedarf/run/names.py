"""What the files of a run are called, below ``results/<study>``."""

from __future__ import annotations

from bildungsbedarf.study.project import REGISTER

QUALITY = "quality.json"
TABLES = "tables.xlsx"
SUBJECTS = "subjects.json"
"""What pages by subject show beside the registers."""
FINDINGS = REGISTER
STATES = "run.json"
SITE = "site"
PORTAL = "portal"
"""Folder of the feed for an education portal."""
DOCUMENTS, REPORT, OPEN_DATA = "documents", "report.pdf", "opendata"
CRATE = "ro-crate-metadata.json"
"""What a run was made of and what it made, for machines."""
LOCK, HOLDER = ".lock", ".lock-holder"
FAILED = ".failed"
"""Folder beside a study's snapshots that keeps notebooks that failed: they may show data."""
HASHES = ".hashes.json"
"""File there that keeps what is known of files' hashes."""
