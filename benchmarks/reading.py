"""From an export to the typed table: the demo's answers over and over, against pandas reading the CSV as text.

Each measurement is a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import gzip
import json
import statistics
import subprocess
import sys
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parents[1]
ROWS = 100_000
_START = """
import json, sys, time
from pathlib import Path
def peak():
    lines = Path("/proc/self/status").read_text().splitlines() if Path("/proc/self/status").exists() else []
    return max((float(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM")), default=float("nan"))
"""
_OURS = (
    _START
    + """
import bildungsbedarf as bb
from bildungsbedarf.prepare import prepare_table
from bildungsbedarf.sources import read_responses
wave = bb.Study.load("bildungsbefragung").wave("2026")
book, path = wave.codebook, Path(sys.argv[1])
def work(path):
    table, _ = read_responses(path, book)
    return prepare_table(table, book, wave.config, "2026", "erwachsene", ["WICHT", "ZUFR"])
work(Path(sys.argv[2]))
before, start = peak(), time.perf_counter()
work(path)
print(json.dumps([time.perf_counter() - start, peak() - before]))
"""
)
_PANDAS = (
    _START
    + """
import pandas as pd
pd.read_csv(sys.argv[2], sep=";", dtype="str", keep_default_na=False)
before, start = peak(), time.perf_counter()
pd.read_csv(sys.argv[1], sep=";", dtype="str", keep_default_na=False)
print(json.dumps([time.perf_counter() - start, peak() - before]))
"""
)


def write_exports(folder: Path, rows: int) -> dict[str, Path]:
    """The demo's export repeated to ``rows`` responses, as LimeSurvey writes CSV and JSON."""
    content = gzip.decompress((ROOT / "data" / "demo" / "responses_2026.json.gz").read_bytes())
    table = pd.DataFrame(json.loads(content)["responses"])
    large = pd.concat([table] * (rows // len(table) + 1), ignore_index=True).head(rows)
    large["id"] = range(1, rows + 1)
    paths = {name: folder / f"{rows}.{name}" for name in ("csv", "json")}
    large.fillna("").to_csv(paths["csv"], sep=";", index=False, quoting=1)
    records = large.astype("object").where(large.notna(), None).to_dict("records")
    paths["json"].write_text(json.dumps({"responses": records}, separators=(",", ":")), encoding="utf-8")
    return paths


def measure(folder: Path) -> tuple[list[tuple[str, float, float]], list[str]]:
    """(task, our seconds, pandas' seconds) of both formats, and what memory they took."""
    large, small = write_exports(folder, ROWS), write_exports(folder, 1_000)

    def run(code: str, name: str) -> tuple[float, float]:
        command = [sys.executable, "-c", code, str(large[name]), str(small[name])]
        done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
        seconds, megabytes = json.loads(done.stdout.splitlines()[-1])
        return seconds, megabytes

    found: dict[str, list[tuple[float, float]]] = {"pandas": [], "csv": [], "json": []}
    for _ in range(5):
        found["pandas"].append(run(_PANDAS, "csv"))
        found["csv"].append(run(_OURS, "csv"))
        found["json"].append(run(_OURS, "json"))
    seconds = {name: statistics.median(taken for taken, _ in runs) for name, runs in found.items()}
    lines, notes = [], []
    for name in ("csv", "json"):
        task = f"{ROWS:,} responses × 77 columns, {name.upper()} to the typed table"
        lines.append((task, seconds[name], seconds["pandas"]))
        size = large[name].stat().st_size / 1e6
        memory = max(megabytes for _, megabytes in found[name])
        notes.append(f"- {task}: {memory:.0f} MB more than before, {memory / size:.1f}× the file (wanted: 4)")
    return lines, notes
