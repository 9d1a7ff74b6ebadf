"""Broken files of every kind: read, or refused with a message; never a traceback."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bildungsbedarf.codebook import read_codebook
from bildungsbedarf.errors import BildungsbedarfError
from bildungsbedarf.sources import read_responses
from tests.codebook.made import lss
from tests.codebook.remote_answers import remote_answers
from tests.sources.fake_server import ROOT
from tests.sources.test_files import SMALL

pytestmark = pytest.mark.slow
LSS = ROOT / "surveys" / "bildungsbefragung" / "konferenz1.lss"
BOOK = read_codebook(LSS)
ROWS = (
    '{"responses": [{"id":"1","submitdate":"2026-06-12 10:00:00","lastpage":"1","startlanguage":"de"'
    + "".join(f',"{column.heading}":""' for column in BOOK.columns)
    + "}]}"
)
TSV = (
    "class\ttype/scale\tname\trelevance\ttext\tlanguage\nS\t\tsid\t\t7\t\nS\t\tlanguage\t\tde\t\n"
    "G\t0\tG\t\tG\tde\nQ\tF\tQ1\t1\tFrage\tde\nSQ\t0\tA\t\tZeile\tde\nA\t0\t1\t\tgut\tde\n"
)
CSV = ";".join(["id", "submitdate", "lastpage", "startlanguage", *(c.heading for c in BOOK.columns)]) + "\n1;;1;de\n"
FILES: dict[str, tuple[str, bytes]] = {
    "lss": (".lss", lss(620).encode()),
    "old lss": (".lss", lss(133, "!FLMN1").encode()),
    "tsv": (".tsv", TSV.encode()),
    "small": (".csv", SMALL.encode()),
}
ANSWERS: dict[str, tuple[str, bytes]] = {
    "json": (".json", ROWS.encode()),
    "csv": (".csv", CSV.encode()),
    "xlsx": (".xlsx", b"PK\x03\x04" + bytes(40)),
    "sav": (".sav", b"$FL2@(#) SPSS DATA FILE" + bytes(200)),
    "archive": (".lsr", b"<document><LimeSurveyDocType>Responses</LimeSurveyDocType><responses/></document>"),
}
edits = st.lists(
    st.tuples(
        st.floats(0, 1), st.integers(0, 40), st.binary(max_size=12) | st.sampled_from([b"<", b"]]>", b'"', b"\x00"])
    ),
    min_size=1,
    max_size=5,
)


def _broken(content: bytes, changes: list[tuple[float, int, bytes]]) -> bytes:
    for place, length, new in changes:
        start = int(place * len(content))
        content = content[:start] + new + content[start + length :]
    return content


def _survives(suffix: str, content: bytes, read: Callable[[Path], object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"broken{suffix}"
        path.write_bytes(content)
        try:
            read(path)
        except BildungsbedarfError as error:
            assert error.exit_code == 3
            assert str(error)


many = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("kind", FILES)
@many
@given(changes=edits)
def test_broken_questionnaires(kind: str, changes: list[tuple[float, int, bytes]]) -> None:
    suffix, content = FILES[kind]
    _survives(suffix, _broken(content, changes), read_codebook)


@pytest.mark.parametrize("kind", ANSWERS)
@many
@given(changes=edits)
def test_broken_responses(kind: str, changes: list[tuple[float, int, bytes]]) -> None:
    suffix, content = ANSWERS[kind]
    _survives(suffix, _broken(content, changes), lambda path: read_responses(path, BOOK))


@many
@given(st.binary(max_size=300), st.sampled_from([".lss", ".lsa", ".tsv", ".csv", ".json", ".xlsx", ".sav", ".dta"]))
def test_any_bytes(content: bytes, suffix: str) -> None:
    _survives(suffix, content, read_codebook)
    _survives(suffix, content, lambda path: read_responses(path, BOOK))


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this system")
def test_parsers_under_guided_mutation(tmp_path: Path) -> None:
    """libFuzzer's mutations of real structures, answers and conditions, guided by coverage."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    answers = json.dumps(remote_answers(BOOK)).encode()[:20_000]
    conditions = b"(KIND.NAOK == 'Y' and count(WICHT_F01, WICHT_F02) > 1) or is_empty(ALTER)"
    seeds = (b"\0" + lss(620).encode(), b"\1" + answers, b"\2" + conditions, b"\3ALTER >= 18 and GEM in ['001']")
    for number, seed in enumerate(seeds):
        (corpus / str(number)).write_bytes(seed)
    command = [sys.executable, str(Path(__file__).with_name("fuzz_parsers.py")), "-seed=1", "-max_total_time=30"]
    done = subprocess.run(
        [*command, "-max_len=20000", str(corpus)], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
