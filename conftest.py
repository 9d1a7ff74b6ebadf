"""Before any test: the demo study is run in the checkout (only what is out of date)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent


def pytest_sessionstart(session: pytest.Session) -> None:
    is_worker = hasattr(session.config, "workerinput")
    is_wanted = not session.config.getoption("collectonly") and "BILDUNGSBEDARF_NO_DEMO_RUN" not in os.environ
    if not is_worker and is_wanted:
        subprocess.run([sys.executable, "-m", "bildungsbedarf", "run", "bildungsbefragung"], check=True, cwd=ROOT)
    os.environ["BILDUNGSBEDARF_HOME"] = str(ROOT)
