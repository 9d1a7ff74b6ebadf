"""Fixtures: the demo study in the checkout, a private copy of the project, and ../shared where it is."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave

# how long an example takes says nothing on a machine that does other work beside
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
_COPIED = ("surveys", "notebooks", "data/reference", "data/demo")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("shared") and not SHARED.is_dir():
            item.add_marker(pytest.mark.skip(reason="the folder ../shared is not beside this checkout"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.CallInfo[None], None]:
    """Where ../shared is there, CI accepts no skip of what needs it, nor of the browser."""
    outcome = yield
    report = outcome.get_result()
    needed = item.get_closest_marker("shared") or item.get_closest_marker("browser")
    if os.environ.get("BILDUNGSBEDARF_NO_SKIPS") and needed and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped although CI must run it"


@pytest.fixture(scope="session")
def shared() -> Path:
    return SHARED


@pytest.fixture(scope="session")
def study() -> Study:
    loaded = Study.load("bildungsbefragung", Project(ROOT))
    loaded.import_declared()
    return loaded


@pytest.fixture(scope="session")
def wave(study: Study) -> Wave:
    return study.wave("2026")


@pytest.fixture(scope="session")
def later(study: Study) -> Wave:
    return study.wave("2028")


@pytest.fixture(scope="session")
def conference(study: Study) -> Wave:
    return study.wave("2026", "konferenz1")


@pytest.fixture(scope="session")
def results() -> Path:
    """What the run before the tests wrote."""
    return ROOT / "results" / "bildungsbefragung"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A private copy of the project, without snapshots and results."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, tmp_path / name)
    return Project(tmp_path)
