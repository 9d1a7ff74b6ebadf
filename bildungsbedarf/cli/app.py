"""Words and flags → the calls of the library."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

import bildungsbedarf
from bildungsbedarf.cli.output import Output
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, StepError
from bildungsbedarf.study.project import Project

INTERRUPTED = 130

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="From survey answers to findings a council can trust. Start with: bildungsbedarf run",
    context_settings={"help_option_names": ["-h", "--help"]},
)

StudyName = Annotated[str, typer.Argument(help="Folder in surveys/; without it your only study, else the demo.")]
Waves = Annotated[list[str] | None, typer.Option("--wave", "-w", help="Only this wave; may be repeated.")]
Audience = Annotated[str, typer.Option("--audience", "-a", help="Only this audience.")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the full traceback of an error.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress.")]
Json = Annotated[bool, typer.Option("--json", help="Result as JSON on standard output.")]


def _version(value: bool) -> None:
    if value:
        typer.echo(bildungsbedarf.__version__)
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options before a command."""


@app.command()
def run(
    study: StudyName = "",
    wave: Waves = None,
    audience: Audience = "",
    force: Annotated[bool, typer.Option("--force", help="Run everything, also what is up to date.")] = False,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=0, help="Notebooks at a time; 0: as many as cores.")] = 0,
    only: Annotated[str, typer.Option("--only", help="Only this notebook, e.g. 02_bildungsbedarfe.")] = "",
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
        from bildungsbedarf.report import build_site
        from bildungsbedarf.run import plan
        from bildungsbedarf.run import run as run_study

        if executor != "local":
            raise ConfigError("unknown executor", value=executor, expected="local")
        loaded = _load(study)
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
                listen=listener,
            )
        index = build_site(loaded, plan(loaded))
        output.result(str(index))
        return {
            "study": loaded.name,
            "index": str(index),
            "executed": [step.title for step in outcome.executed],
            "up_to_date": [step.title for step in outcome.steps if step not in outcome.executed],
        }

    _guarded(work, debug, quiet, as_json)


@app.command()
def pull(
    study: Annotated[str, typer.Argument(help="Folder in surveys/.")],
    wave: Waves = None,
    audience: Audience = "",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fetch responses from LimeSurvey into new snapshots; says what changed since the last one."""

    def work(output: Output) -> dict[str, Any]:
        loaded = _load(study)
        pulled = []
        for name, entry in _surveys_on_server(loaded, wave or [], audience):
            output.say(f"{name} · {entry}: asking the server")
            report = loaded.pull(name, entry, output.say)
            manifest = report.snapshot.manifest
            state = "new snapshot" if report.is_new else "nothing new, snapshot"
            output.result(
                f"{name} · {entry}: {manifest.rows} responses, {manifest.submitted} finished; "
                f"{state} {manifest.number:04d}-{report.snapshot.short}"
            )
            if report.changes is not None:
                output.result(f"  since the last snapshot: {report.changes}")
            changes = None if report.changes is None else vars(report.changes)
            pulled.append(
                {"wave": name, "audience": entry, "snapshot": report.snapshot.sha256, "rows": manifest.rows}
                | {"new": report.is_new, "changes": changes, "summary": report.summary}
            )
        return {"study": loaded.name, "pulled": pulled}

    _guarded(work, debug, quiet, as_json)


def _surveys_on_server(study: Any, waves: list[str], audience: str) -> list[tuple[str, str]]:
    """Waves and audiences with a survey_id, or those named."""
    found = [
        (name, entry)
        for name, config in study.files.waves.items()
        for entry, detail in config.audience.items()
        if (not waves or name in waves) and audience in ("", entry) and (detail.survey_id is not None or waves)
    ]
    if not found:
        known = ", ".join(study.files.waves)
        raise ConfigError(
            "no wave to pull", value=" ".join([*waves, audience]), expected=f"survey_id in one of {known}"
        )
    return found


@app.command("import")
def import_(
    study: Annotated[str, typer.Argument(help="Folder in surveys/.")],
    files: Annotated[list[Path], typer.Argument(help="Exports (CSV or JSON, may end in .gz).")],
    wave: Annotated[str, typer.Option("--wave", "-w", help="Wave the responses belong to.")],
    audience: Annotated[str, typer.Option("--audience", "-a", help="Audience; default: the study's first.")] = "",
    kind: Annotated[
        str, typer.Option("--kind", help="What the files hold; only 'responses' in this version.")
    ] = "responses",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Check exported responses and keep them as an immutable snapshot."""

    def work(output: Output) -> dict[str, Any]:
        if kind != "responses":
            raise ConfigError("unknown kind of file", value=kind, expected="responses")
        loaded = _load(study)
        imported = []
        for path in files:
            snapshot, is_new = loaded.import_responses(path, wave, audience)
            manifest = snapshot.manifest
            state = "new snapshot" if is_new else "already there as snapshot"
            output.result(
                f"{path.name}: {manifest.rows} responses, {manifest.submitted} finished; "
                f"{state} {manifest.number:04d}-{snapshot.short}"
            )
            imported.append({"file": path.name, "snapshot": snapshot.sha256, "rows": manifest.rows, "new": is_new})
        return {"study": loaded.name, "imported": imported}

    _guarded(work, debug, quiet, as_json)


@app.command()
def new(
    study: Annotated[str, typer.Argument(help="Name of the new study.")],
    source: Annotated[Path, typer.Option("--from", help="Questionnaire: .lss, .lsa, tab-separated, or a small table.")],
    wave: Annotated[str, typer.Option("--wave", "-w", help="Name of its first wave; default: this year.")] = "",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write a study from a questionnaire, and list what a person must still decide."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.wave.starting import start_study

        first = wave or str(date.today().year)
        start = start_study(Project.find(), study, source, first)
        output.result(f"surveys/{start.folder.name}: study.toml, waves/{first}.toml, questionnaire")
        output.result("still to decide:")
        for decision in start.decisions:
            output.result(f"  - {decision}")
        output.result(f"then: bildungsbedarf import {study} FILE --wave {first}, and: bildungsbedarf run {study}")
        return {"study": study, "wave": first, "decisions": list(start.decisions)}

    _guarded(work, debug, quiet, as_json)


@app.command()
def codebook(
    study: StudyName = "",
    to: Annotated[Path | None, typer.Option("--to", help="Folder; default: results/<study>/codebook.")] = None,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write what was asked, as a page and as a spreadsheet: one pair an audience and wave."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.report.codebooks import write_codebooks

        loaded = _load(study)
        paths = write_codebooks(loaded, to or loaded.files.project.results(loaded.name) / "codebook")
        for path in paths:
            output.result(str(path))
        return {"study": loaded.name, "files": [str(path) for path in paths]}

    _guarded(work, debug, quiet, as_json)


@app.command()
def export(
    study: Annotated[str, typer.Argument(help="Folder in surveys/.")],
    wave: Annotated[str, typer.Option("--wave", "-w", help="Wave to export.")],
    to: Annotated[Path, typer.Option("--to", help="File (a folder for csv); never under results/.")],
    form: Annotated[str, typer.Option("--format", help="spss, stata, csv or ddi.")] = "spss",
    audience: Audience = "",
    with_text: Annotated[bool, typer.Option("--with-text", help="Free texts too; they can point to a person.")] = False,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write the microdata of a wave for research, with labels, missing reasons and weights."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.report.exporting import export_microdata
        from bildungsbedarf.report.microdata import microdata

        loaded = _load(study)
        data = microdata(loaded.wave(wave, audience), with_text=with_text)
        path = export_microdata(data, form, to, loaded.files.project)
        output.result(f"{path}: {len(data.data)} persons, {len(data.variables)} variables")
        output.say("these are answers of single persons: keep them where only those may read them who must")
        return {"study": loaded.name, "path": str(path), "persons": len(data.data)}

    _guarded(work, debug, quiet, as_json)


@app.command()
def check(study: StudyName = "", debug: Debug = False, quiet: Quiet = False, as_json: Json = False) -> None:
    """Read everything, run nothing; list every problem at once."""

    def work(output: Output) -> dict[str, Any]:
        loaded = _load(study)
        loaded.check()
        output.result(f"{loaded.name}: no problems")
        return {"study": loaded.name, "problems": []}

    _guarded(work, debug, quiet, as_json)


@app.command()
def status(study: StudyName = "", debug: Debug = False, quiet: Quiet = False, as_json: Json = False) -> None:
    """Waves with responses, snapshot, what is up to date, findings, problems."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.run.overview import overview

        loaded = _load(study)
        rows = overview(loaded)
        output.table(rows)
        return {"study": loaded.name, "waves": rows}

    _guarded(work, debug, quiet, as_json)


@app.command()
def lab(study: StudyName = "", debug: Debug = False) -> None:
    """JupyterLab in the project, with the kernel that has this library."""

    def work(output: Output) -> dict[str, Any]:
        loaded = _load(study)
        root = loaded.files.project.root
        command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={root}"]
        output.say(f"JupyterLab for {loaded.name}; end it with Ctrl-C")
        code = subprocess.run(command, check=False, cwd=root).returncode  # noqa: S603 - our own interpreter
        if code:
            raise StepError(
                "JupyterLab did not start", value=f"exit code {code}", remedy="pip install 'bildungsbedarf[lab]'"
            )
        return {"study": loaded.name}

    _guarded(work, debug, quiet=False, as_json=False)


def _load(study: str) -> Any:
    from bildungsbedarf.wave import Study

    project = Project.find()
    return Study.load(study or project.default_study(), project)


def _guarded(work: Callable[[Output], dict[str, Any]], debug: bool, quiet: bool, as_json: bool) -> None:
    """Run a command; errors become one clear message and the contract's exit code."""
    output = Output(quiet=quiet, as_json=as_json)
    try:
        result = work(output)
    except BildungsbedarfError as error:
        if debug:
            raise
        output.error(error)
        if as_json:
            problems = [vars(problem) for problem in error.problems]
            typer.echo(json.dumps({"problems": problems}, ensure_ascii=False, default=str))
        raise typer.Exit(error.exit_code) from None
    except KeyboardInterrupt:
        output.say("interrupted; what was finished is kept, the next run goes on from there")
        raise typer.Exit(INTERRUPTED) from None
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False, default=str))


def main() -> None:
    """Entry point of the command."""
    app()
