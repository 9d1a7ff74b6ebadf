"""Ratios against peers in the same run: ``make bench``.

R's survey runs where ``Rscript`` is found, svy where it is installed or ``PEER_PYTHON`` names an
interpreter that has it. What a peer computes is compared with ours before any time is. Writes
``results.md``: ratios with the machine's cores, never a test.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import made_up  # noqa: E402
import reading  # noqa: E402

import bildungsbedarf as bb  # noqa: E402

BY = ["age", "sex", "edu"]
LARGE = 10_000_000


@dataclass(frozen=True)
class Line:
    """One comparison: seconds of both, and what was wanted."""

    task: str
    ours: float
    peer: str
    theirs: float
    wanted: str

    def row(self) -> str:
        ratio = self.theirs / self.ours
        return f"| {self.task} | {self.ours:.3f} | {self.peer} | {self.theirs:.3f} | {ratio:.3g} | {self.wanted} |"


def median_seconds(call: Callable[[], object], runs: int = 7) -> float:
    call()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def needs_table(data: pd.DataFrame) -> pd.DataFrame:
    design = bb.SurveyDesign(data, weights="w", strata="stratum")
    return bb.estimate.table(design, made_up.items(), by=BY)


def peer_python() -> str | None:
    """An interpreter with svy."""
    for python in (os.environ.get("PEER_PYTHON"), sys.executable):
        if python and not subprocess.run([python, "-c", "import svy"], capture_output=True, check=False).returncode:
            return python
    return None


def seconds_of(command: list[str]) -> float:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])


def expect_same(ours: pd.DataFrame, theirs: Path) -> None:
    """Means and shares of the whole sample, and their standard errors."""
    found = pd.read_csv(theirs, header=None).to_numpy()
    whole = ours[ours[BY].isna().all(axis=1)]
    mean, share = (whole[whole["statistic"] == name] for name in ("mean", "proportion"))
    wanted = np.column_stack(
        [
            mean["estimate"],
            mean["se"],
            share["estimate"].to_numpy().reshape(-1, 5),
            share["se"].to_numpy().reshape(-1, 5),
        ]
    )
    np.testing.assert_allclose(wanted, found, rtol=1e-8)


def needs_tables(folder: Path) -> list[Line]:
    python, rscript = peer_python(), shutil.which("Rscript")
    lines = []
    for rows, against_svy, against_r in ((1_500, "≥ 150", ""), (10_000, "", ""), (100_000, "≥ 300", "≥ 1,500")):
        data = made_up.people(rows)
        parquet, csv, out = folder / "data.parquet", folder / "data.csv", folder / "out.csv"
        data.to_parquet(parquet)
        data.to_csv(csv, index=False)
        ours, task = median_seconds(lambda data=data: needs_table(data)), f"needs table, {rows:,} rows"
        if python:
            theirs = seconds_of([python, str(HERE / "needs_table_svy.py"), str(parquet), str(out)])
            expect_same(needs_table(data), out)
            lines.append(Line(task, ours, "svy", theirs, against_svy))
        if rscript:
            theirs = seconds_of([rscript, str(HERE / "needs_table.R"), str(csv), str(out)])
            expect_same(needs_table(data), out)
            lines.append(Line(task, ours, "R survey", theirs, against_r))
    return lines


def raking(folder: Path) -> list[Line]:
    rows = 100_000
    data = made_up.people(rows)
    random = np.random.default_rng(2)
    totals = {name: random.dirichlet(np.full(levels, 50.0)) * 1e6 for name, levels in made_up.MARGINS.items()}
    design = bb.SurveyDesign(data, weights="w")
    margins = {name: dict(zip(design.levels(name), values, strict=True)) for name, values in totals.items()}

    def ours() -> np.ndarray:
        return bb.weighting.rake(design, margins, tol=1e-13).weights

    seconds = median_seconds(ours)
    rscript = shutil.which("Rscript")
    if not rscript:
        return []
    csv, wanted, out = folder / "data.csv", folder / "margins.csv", folder / "out.csv"
    data[[*made_up.MARGINS, "w"]].to_csv(csv, index=False)
    pd.DataFrame(
        [(name, level, total) for name, margin in margins.items() for level, total in margin.items()],
        columns=["variable", "category", "total"],
    ).to_csv(wanted, index=False)
    theirs = seconds_of([rscript, str(HERE / "raking.R"), str(csv), str(wanted), str(out)])
    np.testing.assert_allclose(ours(), np.loadtxt(out), rtol=1e-10)
    return [Line(f"raking to four margins, {rows:,} rows", seconds, "R survey", theirs, "≥ 100")]


_SCAN = """
import json, sys, time
from pathlib import Path
import made_up
import bildungsbedarf as bb
from bildungsbedarf.survey.sums import compiled
if sys.argv[2] == "plain":
    compiled.pays = lambda rows, variables: False
    from bildungsbedarf.survey.variance import evaluate
    evaluate.pays = compiled.pays
start = time.perf_counter()
design = bb.SurveyDesign.scan(sys.argv[1], weights="w", strata="stratum")
bb.estimate.table(design, made_up.items(), by=["age", "sex", "edu"])
seconds = time.perf_counter() - start
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
peak = [line.split()[1] for line in lines if line.startswith("VmHWM")]
print(json.dumps([seconds, float(peak[0]) / 1e6 if peak else float("nan")]))
"""
_READ = """
import json, sys, time
import pyarrow.dataset as ds
start = time.perf_counter()
for batch in ds.dataset(sys.argv[1]).to_batches(batch_size=1 << 17):
    pass
print(json.dumps([time.perf_counter() - start, 0]))
"""


def scans(folder: Path) -> tuple[list[Line], list[str]]:
    """A Parquet file much larger than its blocks: time against just reading it, and peak memory."""
    path = folder / "large.parquet"
    made_up.write_large(path, LARGE)

    def run(code: str, *arguments: str) -> tuple[float, float]:
        command = [sys.executable, "-c", code, str(path), *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=HERE)
        seconds, gigabytes = json.loads(done.stdout.splitlines()[-1])
        return seconds, gigabytes

    reads, plain, fast = [], [], []
    for _ in range(3):
        reads.append(run(_READ)[0])
        plain.append(run(_SCAN, "plain"))
        fast.append(run(_SCAN, "numba"))
    task = f"scan of {LARGE:,} rows × {made_up.ITEMS} items"
    read = statistics.median(reads)
    lines = []
    notes = []
    for name, runs, wanted in ((task, plain, "≥ 0.1"), (f"{task}, numba", fast, "≥ 0.333")):
        lines.append(
            Line(name, statistics.median(seconds for seconds, _ in runs), "reading it (pyarrow)", read, wanted)
        )
        notes.append(f"- {name}: peak memory {max(gigabytes for _, gigabytes in runs):.2f} GB (wanted: under 2)")
    return lines, notes


def in_memory() -> list[Line]:
    """With numba: the needs table against reading the same columns from memory once."""
    try:
        import numba  # noqa: F401
    except ImportError:
        return []
    lines = []
    for rows in (100_000, 1_000_000):
        data = made_up.people(rows)
        columns = [data[name].to_numpy() for name in [*made_up.items(), "w", "stratum"]]
        for kind, held in (("int8", data), ("int64", data.astype(dict.fromkeys(made_up.items(), "int64")))):
            columns = [held[name].to_numpy() for name in [*made_up.items(), "w", "stratum"]]
            design = bb.SurveyDesign(held, weights="w", strata="stratum")
            read = median_seconds(lambda columns=columns: sum(float(column.sum()) for column in columns))
            ours = median_seconds(lambda design=design: bb.estimate.table(design, made_up.items(), by=BY))
            task = f"needs table, {rows:,} rows of {kind}, numba"
            lines.append(Line(task, ours, "reading them from memory (sum)", read, "≥ 0.1"))
    return lines


def import_seconds() -> float:
    """``import bildungsbedarf`` in a fresh process, less an empty one."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}

    def run(code: str) -> None:
        subprocess.run([sys.executable, "-c", code], check=True, env=environment)

    return median_seconds(lambda: run("import bildungsbedarf")) - median_seconds(lambda: run("pass"))


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [*needs_tables(folder), *raking(folder), *in_memory()]
        scanned, notes = scans(folder)
        lines += scanned
        read, memory = reading.measure(folder)
    lines += [Line(task, ours, "pandas reading the CSV as text", theirs, "≥ 0.333") for task, ours, theirs in read]
    notes += memory
    text = [
        "# Results",
        "",
        f"Written by `make bench` on {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}; bytecode compiled. Seconds are medians, peers run once (the tables) in the same run. "
        "Ratio: theirs / ours. The peers' numbers were found to be the same (1e-8; weights 1e-10).",
        "",
        "| task | ours (s) | against | theirs (s) | ratio | wanted |",
        "|---|---|---|---|---|---|",
        *(line.row() for line in lines),
        "",
        *notes,
        f"- `import bildungsbedarf`: {import_seconds():.3f} s (wanted: under 0.4)",
        "",
    ]
    (HERE / "results.md").write_text("\n".join(text), encoding="utf-8")
    print("\n".join(text))


if __name__ == "__main__":
    main()
