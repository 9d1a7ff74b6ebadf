from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import bildungsbedarf as bb
from bildungsbedarf.errors import (
    ConfigError,
    DataError,
    DisclosureError,
    ServerError,
    StepError,
    combine,
    nearest,
    shorten,
)

ROOT = Path(__file__).parents[1]


def test_names_of_the_contract() -> None:
    for name in bb.__all__:
        assert getattr(bb, name) is not None
    assert set(bb.__all__) <= set(dir(bb))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = bb.nothing


def test_import_is_light() -> None:
    heavy = "('pandas', 'numpy', 'pydantic', 'matplotlib')"
    code = f"import sys, bildungsbedarf; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_exit_codes() -> None:
    assert combine([DataError("a"), ConfigError("b"), StepError("c")]).exit_code == 2
    assert combine([StepError("c"), DisclosureError("a"), DataError("d")]).exit_code == 3
    codes = {StepError: 1, ConfigError: 2, DataError: 3, DisclosureError: 4, ServerError: 5}
    assert {kind: kind("x").exit_code for kind in codes} == codes


def test_messages() -> None:
    error = DataError(
        "value is wrong", where="f.csv, line 3", value="x" * 200, expected="a number", remedy="export again"
    )
    assert str(error).splitlines()[0] == "f.csv, line 3: value is wrong"
    assert len(max(str(error).splitlines(), key=len)) < 100
    assert nearest("a", []) == "nothing is known here"
    assert shorten("a\nb") == "'a\\nb'"
