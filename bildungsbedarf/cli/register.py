"""Commands about findings: check them, trace one, compare two waves."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bildungsbedarf.cli.frame import Debug, Json, Quiet, StudyName, app, guarded, load
from bildungsbedarf.cli.output import Output
from bildungsbedarf.errors import ConfigError, Problem, StepError
from bildungsbedarf.run.files import write_atomic

if TYPE_CHECKING:
    from bildungsbedarf.findings import Finding
    from bildungsbedarf.wave import Study


@app.command()
def verify(
    study: StudyName = "",
    independent: Annotated[
        bool, typer.Option("--independent", help="The plain measures by a second implementation too.")
    ] = False,
    remake: Annotated[
        bool, typer.Option("--remake", help="Make pages, documents and workbooks again too, and compare.")
    ] = False,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Recompute every registered number from the snapshots and compare; check every file's hash.

    Exit code 1 where anything differs; each difference is named.
    """

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.report.publishing import published
        from bildungsbedarf.run.verification import verify_study

        loaded = load(study)
        with output.progress("findings") as tell:
            found = verify_study(loaded, published, tell, os.cpu_count() or 1, independent, remake)
        of_all = "" if found.computed == found.findings else f" of {found.findings}"
        told = f"{loaded.name}: {found.computed}{of_all} findings computed again, {found.files} files hashed"
        output.result(f"{told}: {f'{len(found.doubts)} differ' if found.doubts else 'nothing differs'}")
        if independent:
            lacking = ", ".join(f"{measure} ({count})" for measure, count in sorted(found.uncovered.items()))
            told = f"{found.independent} of them by a second implementation too"
            output.result(f"{told}; not covered: {lacking}" if lacking else told)
        if found.other_code:
            output.result(f"{found.other_code} outputs were made with another version of the library or its packages")
        if found.without_recipe:
            named = ", ".join(found.without_recipe)
            output.result(f"computed outside the library, so that nothing can be said of them: {named}")
        if found.doubts:
            problems = [Problem(f"{one.what}{one.since and f', since {one.since}'}", one.about) for one in found.doubts]
            remedy = f"bildungsbedarf run {loaded.name} makes it again; a snapshot that was changed is imported again"
            raise StepError([*problems[:-1], replace(problems[-1], remedy=remedy)])
        return {
            "study": loaded.name,
            "findings": found.findings,
            "computed": found.computed,
            "files": found.files,
            "doubts": [],
        } | {
            "independent": found.independent if independent else 0,
            "not_covered": found.uncovered,
            "other_code": found.other_code,
            "without_recipe": found.without_recipe,
        }

    guarded(work, debug, quiet, as_json)


@app.command()
def explain(
    finding: Annotated[str, typer.Argument(help="Id of a finding, e.g. unmet_need.F05 or 2028/unmet_need.F05.")],
    study: Annotated[str, typer.Option("--study", help="Folder in surveys/; default: as for run.")] = "",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Where a sentence comes from: number, wording, base, method, weights, data, notebook."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.findings import all_findings, one_finding
        from bildungsbedarf.run.explaining import explain as explained

        loaded = load(study)
        found = one_finding(all_findings(loaded.files.project, loaded.name), finding)
        told = []
        for one in found:
            lines = explained(loaded, one)
            output.result(f"{one.id} · {one.wave} · {one.audience}")
            for heading, text in lines:
                output.result(f"  {heading}: {text}")
            told.append({"finding": one.model_dump(mode="json"), "explained": dict(lines)})
        return {"study": loaded.name, "findings": told}

    guarded(work, debug, quiet, as_json)


def _require_registered(registered: Sequence[Finding], study: Study, *waves: str) -> None:
    """Two waves of which nothing is known do not say the same."""
    for wave in waves:
        if wave in study.files.waves and not any(one.wave == wave for one in registered):
            remedy = f"bildungsbedarf run {study.name}"
            raise ConfigError("nothing is registered for this wave yet", value=wave, remedy=remedy)


@app.command()
def diff(
    study: Annotated[str, typer.Argument(help="Folder in surveys/.")],
    earlier: Annotated[str, typer.Argument(help="The earlier wave.")],
    later: Annotated[str, typer.Argument(help="The later wave.")],
    everything: Annotated[bool, typer.Option("--all", help="Also numbers that differ by no more than chance.")] = False,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """What two waves' registers say differently: new, gone, reworded, other number, other verdict of a goal."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.findings import all_findings, differences
        from bildungsbedarf.findings.differences import shared_audiences

        loaded = load(study)
        registered = all_findings(loaded.files.project, loaded.name)
        _require_registered(registered, loaded, earlier, later)
        found = differences(loaded, registered, earlier, later)
        shared = shared_audiences(loaded, earlier, later)
        asked = {name for wave in (earlier, later) for name in loaded.files.waves[wave].audience}
        alone = sorted(asked - set(shared))
        by_chance = sum(one.change == "within chance" for one in found)
        for one in found:
            if one.change == "within chance" and not everything:
                continue
            output.result(f"{one.change}: {one.about}")
            for mark, text in (("-", one.before), ("+", one.after)):
                if text:
                    output.result(f"  {mark} {text}")
        if not found:
            output.result(f"{loaded.name}: {earlier} and {later} say the same")
        if by_chance and not everything:
            output.result(f"{by_chance} numbers differ by no more than chance (--all lists them)")
        if alone:
            output.result(f"not compared, as only one of the waves asked them: {', '.join(alone)}")
        differing = [vars(one) for one in found]
        return {"study": loaded.name, "differences": differing, "compared": shared, "not_compared": alone}

    guarded(work, debug, quiet, as_json)


@app.command()
def report(
    study: StudyName = "",
    form: Annotated[str, typer.Option("--format", help="pdf, docx, html or slides.")] = "pdf",
    document: Annotated[
        str, typer.Option("--document", help="leitbild, handlungskonzept, kurzfassung, jahresbericht or welle.")
    ] = "kurzfassung",
    wave: Annotated[str, typer.Option("--wave", "-w", help="The wave of --document welle; default: the newest.")] = "",
    to: Annotated[Path | None, typer.Option("--to", help="File; default: in the current folder.")] = None,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """One of the documents alone, from what the last run registered."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.report.publishing import document_alone

        loaded = load(study)
        if wave and document != "welle":
            raise ConfigError("only the document of a wave is of one", value=document, expected="--document welle")
        if to is not None and not to.parent.is_dir():
            raise ConfigError("there is no such folder", where="--to", value=str(to.parent))
        name, content = document_alone(loaded, document, form, wave)
        ending = Path(name).suffix
        if to is not None and to.suffix.lower() != ending:
            raise ConfigError(
                "the file would be of another kind than it says",
                where="--to",
                value=to.name,
                expected=f"a name that ends in {ending}, as --format {form} makes",
            )
        path = to or Path(name)
        write_atomic(path, content)
        output.result(str(path))
        return {"study": loaded.name, "path": str(path)}

    guarded(work, debug, quiet, as_json)
