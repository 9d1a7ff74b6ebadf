"""A wave for R: what is written, and that R finds the same numbers."""

from __future__ import annotations

import re
import shutil
import stat
import subprocess
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Study, Wave

RSCRIPT = shutil.which("Rscript")


def test_data_and_script_are_for_the_owner_alone_and_hold_no_free_text(wave: Wave, tmp_path: Path) -> None:
    script = wave.to_r(tmp_path / "r")
    assert script == tmp_path / "r" / "analysis.R"
    table = pd.read_csv(tmp_path / "r" / "data.csv", dtype=str, keep_default_na=False)
    assert len(table) == len(wave.responses)
    assert not {"FEHLT", "BILD_other", "startdate", "submitdate"} & set(table.columns)
    assert table["weight"].astype(float).sum() == pytest.approx(wave.design.weights.sum(), rel=1e-12)
    assert stat.S_IMODE((tmp_path / "r").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "r").iterdir()} == {0o600}


def test_classes_of_the_weighting_add_up_to_the_totals_the_script_gives(wave: Wave, tmp_path: Path) -> None:
    script = wave.to_r(tmp_path).read_text(encoding="utf-8")
    table = pd.read_csv(tmp_path / "data.csv", dtype={"margin_1": str, "margin_2": str})
    for name in ("margin_1", "margin_2"):
        given = re.search(rf"data\.frame\({name} = c\((.*?)\), Freq = c\((.*?)\)\)", script)
        assert given is not None
        totals = dict(zip(re.findall(r'"(\d+)"', given[1]), map(float, given[2].split(", ")), strict=True))
        reached = table.groupby(name)["weight"].sum()
        assert set(reached.index) == set(totals)
        assert all(reached[code] == pytest.approx(total, rel=1e-9) for code, total in totals.items())


def test_what_cannot_be_written_is_refused(wave: Wave, tmp_path: Path) -> None:
    (tmp_path / "there.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ConfigError, match="there is something at this path"):
        wave.to_r(tmp_path)
    results = wave.files.project.root / "results" / "r"
    with pytest.raises(ConfigError, match="never lie under results"):
        wave.to_r(results)
    assert not results.exists()
    replicated = wave.with_rules("flag")
    replicated.__dict__["_weighted"] = (wave.design.to_replicates("JKn"), wave.weighting)
    with pytest.raises(ConfigError, match="replicate weights"):
        replicated.to_r(tmp_path / "r")


@pytest.mark.slow
@pytest.mark.skipif(RSCRIPT is None, reason="R is not installed")
@pytest.mark.parametrize(
    ("name", "audience"), [("2026", "erwachsene"), ("2028", "erwachsene"), ("2026", "schule"), ("2028", "konferenz2")]
)
def test_r_finds_the_same_means_and_standard_errors(study: Study, name: str, audience: str, tmp_path: Path) -> None:
    """A raked and stratified sample, answers of volunteers, and a census: the script stops where a mean is not ours."""
    script = study.wave(name, audience).to_r(tmp_path)
    assert script.read_text(encoding="utf-8").count("stopifnot") == 3
    assert RSCRIPT is not None
    done = subprocess.run([RSCRIPT, "analysis.R"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
