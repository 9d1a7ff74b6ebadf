"""The command's frame: shared options, and how errors become one message and an exit code."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from typing import Annotated, Any

import typer

import bildungsbedarf
from bildungsbedarf.cli.output import Output
from bildungsbedarf.errors import BildungsbedarfError

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


def load(study: str) -> Any:
    """The study named, or the default one."""
    from bildungsbedarf.study.project import Project
    from bildungsbedarf.wave import Study

    project = Project.find()
    return Study.load(study or project.default_study(), project)


@contextmanager
def _ended_like_interrupted() -> Iterator[None]:
    """Told to end (SIGTERM), or with its terminal closed (SIGHUP), a command leaves what Ctrl-C leaves."""
    if current_thread() is not main_thread():
        yield
        return
    signals = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.signal(number, _interrupt) for number in signals]
    try:
        yield
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def guarded(work: Callable[[Output], dict[str, Any]], debug: bool, quiet: bool, as_json: bool) -> None:
    """Run a command; errors become one clear message and the contract's exit code."""
    output = Output(quiet=quiet, as_json=as_json)
    try:
        with _ended_like_interrupted():
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
