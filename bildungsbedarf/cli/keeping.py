"""Commands that keep a study in order: watch the field, serve the pages, audit what left, remove what is old."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

import typer

from bildungsbedarf.cli.frame import Debug, Json, Quiet, StudyName, app, guarded, load
from bildungsbedarf.cli.output import Output
from bildungsbedarf.errors import DisclosureError, Problem, StepError

_MEGA = 1024 * 1024


@app.command()
def serve(
    study: StudyName = "",
    port: Annotated[int, typer.Option("--port", help="0: any that is free.")] = 8000,
    debug: Debug = False,
    quiet: Quiet = False,
) -> None:
    """The built pages on 127.0.0.1, until Ctrl-C."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.report.serving import HOST, server_of
        from bildungsbedarf.run.names import SITE

        loaded = load(study)
        server = server_of(loaded.files.project.results(loaded.name) / SITE, port)
        output.result(f"http://{HOST}:{server.server_port}/")
        output.say("end it with Ctrl-C")
        try:
            server.serve_forever()
        finally:
            server.server_close()
        return {"study": loaded.name}

    guarded(work, debug, quiet, as_json=False)


@app.command()
def prune(
    study: StudyName = "",
    keep: Annotated[int, typer.Option("--keep", min=1, help="Newest snapshots of each audience that stay.")] = 2,
    yes: Annotated[bool, typer.Option("--yes", help="Remove it; without, only say what would go.")] = False,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Remove snapshots that no finding and no release rests on, and notebooks kept because they failed."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.run.pruning import remove, spare

        loaded = load(study)
        root = loaded.files.project.root
        found = remove(loaded, keep) if yes else spare(loaded, keep)
        for one in found:
            output.result(f"{one.path.relative_to(root).as_posix()}: {one.why} ({one.size / _MEGA:.1f} MB)")
        if not found:
            output.result(f"{loaded.name}: nothing can go")
        free = sum(one.size for one in found)
        if found:
            output.say(f"{free / _MEGA:.1f} MB are free now" if yes else "nothing was removed; --yes removes it")
        gone = [{"path": one.path.relative_to(root).as_posix(), "why": one.why, "size": one.size} for one in found]
        return {"study": loaded.name, "removed": yes, "spare": gone}

    guarded(work, debug, quiet, as_json)


@app.command()
def audit(study: StudyName = "", debug: Debug = False, quiet: Quiet = False, as_json: Json = False) -> None:
    """Attack what was published as an outsider would; ends with 4 where something can be deduced."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.run.auditing import audit as attack

        loaded = load(study)
        if not (loaded.files.project.results(loaded.name) / "site" / "index.html").is_file():
            raise StepError("nothing was published yet", where=loaded.name, remedy=f"bildungsbedarf run {loaded.name}")
        holes = attack(loaded, output.say)
        if holes:
            raise DisclosureError([Problem(hole.what, hole.where, expected=hole.how) for hole in holes])
        output.result(f"{loaded.name}: these attacks found nothing")
        output.say(
            "attacked: unweighted workbooks, written answers, addresses; not: weighted tables, earlier publications"
        )
        return {"study": loaded.name, "holes": []}

    guarded(work, debug, quiet, as_json)


@app.command()
def watch(
    study: Annotated[str, typer.Argument(help="Folder in surveys/.")],
    every: Annotated[str, typer.Option("--every", help="30m, 6h, 1d: from one round to the next.")] = "6h",
    rounds: Annotated[int, typer.Option("--rounds", min=0, help="At most so many; 0: until the field ends.")] = 0,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Fetch and run again and again while a field is open; ends by itself the day after its last day."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.run.watching import Work, period
        from bildungsbedarf.run.watching import watch as watch_study

        time_: timedelta = period(every)
        failed = watch_study(time_, Work(lambda: load(study), _pull(output), _run(output), output.say), rounds)
        if failed:
            raise StepError("rounds were not finished", value=failed, remedy="what was said above each of them")
        return {"study": study, "failed": failed}

    guarded(work, debug, quiet, as_json)


def _pull(output: Output) -> Any:
    def pull(study: Any, wave: str, audience: str) -> None:
        report = study.pull(wave, audience, output.say)
        state = "new snapshot" if report.is_new else "nothing new"
        output.result(f"{wave} · {audience}: {report.snapshot.manifest.rows} responses, {state}")

    return pull


def _run(output: Output) -> Any:
    def run(study: Any) -> None:
        from bildungsbedarf.report import publish
        from bildungsbedarf.run.pipeline import run as run_study

        outcome = run_study(study, publish=publish)
        output.result(f"{len(outcome.executed)} notebooks run; {outcome.index}")
        outcome.raise_failures()

    return run


@app.command()
def notebook(
    name: Annotated[str, typer.Argument(help="An exploratory notebook: a path, or its name.")],
    as_name: Annotated[str, typer.Option("--as", help="12_mein_thema; default: the next free number.")] = "",
    requires: Annotated[str, typer.Option("--requires", help="What a wave must have for it.")] = "needs",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Make a numbered notebook of an exploratory one, and say what it still needs to become a page."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.run.numbering import exploratory, number_notebook
        from bildungsbedarf.study.project import Project

        project = Project.find()
        path, missing = number_notebook(project, exploratory(project, name), as_name, requires)
        shown = path.relative_to(project.root).as_posix()
        output.result(shown)
        for one in missing:
            output.result(f"  {one}")
        return {"notebook": shown, "missing": missing}

    guarded(work, debug, quiet, as_json)
