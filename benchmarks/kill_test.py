"""Kill a run at random points, with an input changed before each kill, and compare with an undisturbed run.

``python benchmarks/kill_test.py [--kills 100] [--seed 0]``: works on a copy of the project with two small audiences.
Every second kill takes the whole group of processes, the others the main process alone. After each kill the run is
finished; then every file but run.json must have the bytes of a run in an untouched copy with the same inputs, and no
process, lock or temporary folder may be left. Ends with 1 where anything differs.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[1]
STUDY = "bildungsbefragung"
AUDIENCES = ("schule", "konferenz1")
_COPIED = ("surveys", "notebooks", "data/reference", "data/demo")
_IGNORED = ("run.json", ".lock")
_LONGEST_SECONDS = 14.0


def copy(root: Path) -> Path:
    """A project with what a run of the small audiences needs."""
    for name in _COPIED:
        shutil.copytree(ROOT / name, root / name)
    return root


def change(root: Path, state: int) -> None:
    """Bring the inputs into one of four states: the study's title and a notebook's text."""
    study = root / "surveys" / STUDY / "study.toml"
    text = (ROOT / "surveys" / STUDY / "study.toml").read_text(encoding="utf-8")
    study.write_text(text.replace("Bildungsbefragung", f"Bildungsbefragung {state % 2}", 1), encoding="utf-8")
    notebook = root / "notebooks" / "20_konferenz.ipynb"
    text = (ROOT / "notebooks" / "20_konferenz.ipynb").read_text(encoding="utf-8")
    notebook.write_text(text.replace("# ", f"# {state // 2} ", 1), encoding="utf-8")


def command(root: Path, audience: str) -> subprocess.Popen[bytes]:
    """Start a run in a group of processes of its own."""
    environment = {**os.environ, "BILDUNGSBEDARF_HOME": str(root), "TMPDIR": str(_own_temporary(root))}
    arguments = ["-m", "bildungsbedarf", "run", STUDY, "--wave", "2026", "--audience", audience, "-q", "-j", "2"]
    return subprocess.Popen(
        [sys.executable, *arguments],
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def finish(root: Path) -> None:
    """Run all to the end."""
    for audience in AUDIENCES:
        code = command(root, audience).wait()
        if code:
            raise SystemExit(f"a run ended with {code}")


def files(root: Path) -> dict[str, bytes]:
    """What a run wrote, but what has a clock."""
    results = root / "results" / STUDY
    paths = [path for path in results.rglob("*") if path.is_file() and path.name not in _IGNORED]
    return {path.relative_to(results).as_posix(): path.read_bytes() for path in paths}


def _own_temporary(root: Path) -> Path:
    folder = root.parent / "tmp"
    folder.mkdir(exist_ok=True)
    return folder


def leftovers(root: Path) -> list[str]:
    """Processes and temporary folders of our runs; five seconds to end are granted."""
    for _ in range(50):
        if not (found := _left(root)):
            break
        time.sleep(0.1)
    return found


def _left(root: Path) -> list[str]:
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("BILDUNGSBEDARF_HOME", "").startswith(str(root.parent)):
                found.append(" ".join(process.cmdline())[:80])
        except psutil.Error:
            continue
    return found + [path.name for path in _own_temporary(root).glob("bildungsbedarf-*")]


def main() -> int:
    """Kill, finish, compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    wrong, finished = 0, 0
    with tempfile.TemporaryDirectory(prefix="kill-test-") as folder:
        wanted: dict[int, dict[str, bytes]] = {}
        root = copy(Path(folder) / "killed")
        for number in range(arguments.kills):
            state = chance.randrange(4)
            if state not in wanted:
                untouched = copy(Path(folder) / f"untouched{state}")
                change(untouched, state)
                finish(untouched)
                wanted[state] = files(untouched)
            change(root, state)
            process = command(root, chance.choice(AUDIENCES))
            seconds = chance.uniform(0.0, _LONGEST_SECONDS)
            try:
                process.wait(timeout=seconds)
                finished += 1
            except subprocess.TimeoutExpired:
                (os.killpg if number % 2 else os.kill)(process.pid, signal.SIGKILL)
                process.wait()
            time.sleep(1.0)
            finish(root)
            found, left = files(root), leftovers(root)
            different = sorted(
                name for name in found.keys() | wanted[state].keys() if found.get(name) != wanted[state].get(name)
            )
            wrong += bool(different or left)
            print(
                f"{number + 1}/{arguments.kills} after {seconds:.1f} s: {different or 'same bytes'} {left or ''}",
                flush=True,
            )
    print(f"{arguments.kills} kills ({finished} came too late), {wrong} with a difference")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
