"""Words and flags → the calls of the library."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from bildungsbedarf.cli.frame import Audience, Debug, Json, Quiet, StudyName, Waves, app, guarded, load
from bildungsbedarf.cli.output import Output
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, StepError, combine


@app.command()
def run(
    study: StudyName = "",
    wave: Waves = None,
    audience: Audience = "",
    force: Annotated[bool, typer.Option("--force", help="Run everything, also what is up to date.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Notebooks at a time; 0: as many as cores.")] = 0,
    verify: Annotated[
        bool, typer.Option("--verify", help="Hash every file again, also where nothing says it was written.")
    ] = False,
    only: Annotated[str, typer.Option("--only", help="Only this notebook, e.g. 02_bildungsbedarfe.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run and why, and do nothing.")] = False,
    executor: Annotated[
        str, typer.Option("--executor", help="Where notebooks run; only 'local' in this version.")
    ] = "local",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Bring everything that is out of date up to date: notebooks, findings, pages.

    Prints the path of the index page last.
    """

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.report import publish
        from bildungsbedarf.run import plan
        from bildungsbedarf.run.overview import planned
        from bildungsbedarf.run.pipeline import run as run_study

        if executor != "local":
            raise ConfigError("unknown executor", value=executor, expected="local")
        loaded = load(study)
        for problem in loaded.files.undecided:
            output.say(f"still to decide, and said on every page: {problem.where}: {problem.value}")
        if dry_run:
            rows = [vars(step) for step in planned(loaded, waves=wave or [], audience=audience, only=only, force=force)]
            output.table(rows)
            return {"study": loaded.name, "steps": rows}
        steps = plan(loaded, waves=wave or [], audience=audience, only=only)
        for snapshot in loaded.import_declared():
            output.say(f"imported {snapshot.manifest.source_name}: {snapshot.manifest.rows} responses")
        listener = output.steps(len(steps))
        with listener:
            outcome = run_study(
                loaded,
                waves=wave or [],
                audience=audience,
                only=only,
                force=force,
                jobs=jobs or os.cpu_count() or 1,
                in_full=verify,
                listen=listener,
                publish=publish,
            )
        for error in outcome.held:
            output.say(str(error))
        for failure in outcome.failures:
            output.say(f"not finished: {failure.step.title}")
        output.result(str(outcome.index))
        outcome.raise_failures()
        return {
            "study": loaded.name,
            "index": str(outcome.index),
            "executed": [step.title for step in outcome.executed],
            "up_to_date": [step.title for step in outcome.steps if step not in outcome.executed],
            "held_back": [str(error) for error in outcome.held],
        }

    guarded(work, debug, quiet, as_json)


@app.command()
def release(
    study: StudyName = "",
    wave: Annotated[str, typer.Option("--wave", "-w", help="The wave.")] = "",
    by: Annotated[str, typer.Option("--by", help="Who is responsible for what is released.")] = "",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Freeze what is published of a wave; its pages lose "Entwurf" with the next run."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.run.releasing import release_wave

        loaded = load(study)
        made, changed = release_wave(loaded, wave, by, date.today())
        output.result(f"{loaded.name} {wave}: {len(made.statements)} statements released by {made.by}")
        if changed:
            output.result(f"{changed} of them are corrections of the release before")
        output.say(f"bildungsbedarf run {loaded.name} renews the pages; commit surveys/{loaded.name}/published/")
        return {"study": loaded.name, "wave": wave, "statements": len(made.statements), "corrections": changed}

    guarded(work, debug, quiet, as_json)


@app.command()
def check(study: StudyName = "", debug: Debug = False, quiet: Quiet = False, as_json: Json = False) -> None:
    """Read everything, run nothing; list every problem at once."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.disclosure.quotes import quote_problems
        from bildungsbedarf.findings import citing_problems
        from bildungsbedarf.monitoring import indicator_problems
        from bildungsbedarf.report.subjects.checking import pages_problems, theme_problems
        from bildungsbedarf.supply import offers_problems

        loaded = load(study)
        undecided = loaded.files.undecided
        for problem in undecided:
            output.result(f"still to decide: {problem.where}: {problem.value}")
        errors: list[BildungsbedarfError] = []
        looks = (citing_problems, offers_problems, indicator_problems, pages_problems, theme_problems, quote_problems)
        if cited := [problem for look in looks for problem in look(loaded)]:
            errors.append(ConfigError(cited))
        try:
            loaded.check()
        except BildungsbedarfError as error:
            errors.append(error)
        if errors:
            raise combine(errors)
        notes = loaded.notes()
        for note in notes:
            output.result(f"worth a look: {note.where}: {note.what}: {note.value}; {note.remedy}")
        output.result(f"{loaded.name}: no problems")
        open_ones = [{"where": problem.where, "what": problem.value} for problem in undecided]
        return {"study": loaded.name, "problems": [], "undecided": open_ones, "notes": [asdict(note) for note in notes]}

    guarded(work, debug, quiet, as_json)


@app.command()
def status(study: StudyName = "", debug: Debug = False, quiet: Quiet = False, as_json: Json = False) -> None:
    """Waves with responses, snapshot, what is up to date, findings, problems."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.run.overview import overview

        loaded = load(study)
        rows = overview(loaded)
        output.table(rows)
        return {"study": loaded.name, "waves": rows}

    guarded(work, debug, quiet, as_json)


@app.command()
def lab(study: StudyName = "", debug: Debug = False) -> None:
    """JupyterLab in the project, with the kernel that has this library; begins with eigenes/start.ipynb."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.run.beginning import lab_of

        loaded = load(study)
        root = loaded.files.project.root
        output.say(f"JupyterLab for {loaded.name}; end it with Ctrl-C")
        with tempfile.TemporaryDirectory(prefix="bildungsbedarf-lab-") as folder:
            started = lab_of(loaded, Path(folder))
            command = [sys.executable, "-m", "jupyterlab", *started.arguments]
            variables = {**os.environ, **started.variables}
            code = subprocess.run(command, check=False, cwd=root, env=variables).returncode  # noqa: S603 - our own
        if code:
            raise StepError(
                "JupyterLab did not start", value=f"exit code {code}", remedy="pip install 'bildungsbedarf[lab]'"
            )
        return {"study": loaded.name}

    guarded(work, debug, quiet=False, as_json=False)


def main() -> None:
    """Entry point of the command."""
    app()
