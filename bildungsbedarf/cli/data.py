"""Commands about data: fetch, import, export, describe, and start a study."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from bildungsbedarf.cli.frame import Audience, Debug, Json, Quiet, StudyName, Waves, app, guarded, load
from bildungsbedarf.cli.output import Output
from bildungsbedarf.errors import ConfigError

if TYPE_CHECKING:
    from bildungsbedarf.store import Manifest
    from bildungsbedarf.study.project import Project
    from bildungsbedarf.wave import Wave


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
        loaded = load(study)
        pulled = []
        for name, entry in _surveys_on_server(loaded, wave or [], audience):
            output.say(f"{name} · {entry}: asking the server")
            report = loaded.pull(name, entry, output.say)
            manifest = report.snapshot.manifest
            state = "new snapshot" if report.is_new else "nothing new, snapshot"
            output.result(
                f"{name} · {entry}: {manifest.rows} responses{_finished(manifest)}; "
                f"{state} {manifest.number:04d}-{report.snapshot.short}"
            )
            if report.changes is not None:
                output.result(f"  since the last snapshot: {report.changes}")
                if report.changes.deleted:
                    output.result(
                        "  deleted there: older snapshots still hold these persons; "
                        "delete their folders in data/waves/ if they asked for it"
                    )
            for row in report.reworded.to_dict("records"):
                output.result(
                    f"  {_OTHER_THERE[row['state']]}: {row['question']} {row['item']}: {row['after']}".rstrip()
                )
            changes = None if report.changes is None else vars(report.changes)
            pulled.append(
                {"wave": name, "audience": entry, "snapshot": report.snapshot.sha256, "rows": manifest.rows}
                | {"new": report.is_new, "changes": changes, "summary": report.summary}
            )
        return {"study": loaded.name, "pulled": pulled}

    guarded(work, debug, quiet, as_json)


_OTHER_THERE = {
    "reworded": "other words there",
    "reordered": "another order there",
    "mandatory": "other duty to answer there",
}
"""What a pull accepts, as it leaves the meaning of every code as it was."""


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
    files: Annotated[
        list[Path],
        typer.Argument(
            help="Exports (CSV, JSON, Excel, SPSS, Stata, .lsa; may end in .gz); of offers a table, .jsonld, .ics, "
            ".xml or a folder of these."
        ),
    ],
    wave: Annotated[str, typer.Option("--wave", "-w", help="Wave the responses belong to.")],
    audience: Annotated[str, typer.Option("--audience", "-a", help="Audience; default: the study's first.")] = "",
    kind: Annotated[
        str, typer.Option("--kind", help="What the files hold; default: what study.toml says of the audience.")
    ] = "",
    answers: Annotated[
        str, typer.Option("--answers", help="codes or labels, where a column can be read as both.")
    ] = "",
    report: Annotated[
        Path | None, typer.Option("--report", help="Of offers: write what providers should mend to this CSV.")
    ] = None,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Check exported responses and keep them as an immutable snapshot."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.sources.labels import Reading

        loaded = load(study)
        declared = loaded.wave(wave, audience).config.data
        if kind not in ("", "responses", "votes", "offers", "records"):
            raise ConfigError("there is no such kind of data", value=kind, expected="responses, votes or offers")
        if {"offers": "records"}.get(kind, kind) not in ("", declared):
            expected = "offers" if declared == "records" else declared
            raise ConfigError("the audience has data of another kind", value=kind, expected=expected)
        if declared == "records" and len(files) > 1:
            raise ConfigError(
                "several files of offers are one snapshot",
                value=", ".join(path.name for path in files),
                remedy="put them into one folder, and name the folder",
            )
        if answers not in get_args(Reading):
            raise ConfigError("no way to read answers", value=answers, expected="codes or labels")
        imported = []
        for path in files:
            snapshot, is_new = loaded.import_file(path, wave, audience, cast(Reading, answers))
            manifest = snapshot.manifest
            state = "new snapshot" if is_new else "already there as snapshot"
            output.result(f"{path.name}: {_contents(manifest)}; {state} {manifest.number:04d}-{snapshot.short}")
            imported.append({"file": path.name, "snapshot": snapshot.sha256, "rows": manifest.rows, "new": is_new})
        told = _offers_to_mend(loaded.wave(wave, audience), report, output)
        return {"study": loaded.name, "imported": imported, **told}

    guarded(work, debug, quiet, as_json)


def _offers_to_mend(wave: Wave, report: Path | None, output: Output) -> dict[str, Any]:
    """Of offers: how many count, and what their providers should mend; also as a file."""
    offers = wave.files.offers
    if offers is None or offers.audience != wave.audience:
        if report is not None:
            raise ConfigError("only offers have such a report", where="--report", value=wave.audience)
        return {}
    from bildungsbedarf.run.files import write_atomic
    from bildungsbedarf.show.workbooks import csv_text
    from bildungsbedarf.supply import offers as read_offers

    found = read_offers(wave)
    output.result(f"  {len(found.counted)} of {len(found.table)} offers count, {len(found.problems)} things to mend")
    for (column, what), part in found.problems.groupby(["column", "what"], sort=False):
        output.result(f"  {column}: {what}: {len(part)} (first: {part['value'].iloc[0] or part['id'].iloc[0]})")
    if report is not None:
        write_atomic(report, csv_text(list(found.problems.columns), found.problems.to_numpy().tolist()))
    return {"counted": len(found.counted), "to_mend": len(found.problems)}


def _finished(manifest: Manifest) -> str:
    from bildungsbedarf.store import RESPONSES

    if manifest.kind != RESPONSES:
        return ""
    return ", who finished is not known" if manifest.submitted is None else f", {manifest.submitted} finished"


def _contents(manifest: Manifest) -> str:
    """What a snapshot holds, and which columns it does not."""
    first = next(iter(manifest.tables), manifest.kind)
    finished = _finished(manifest)
    left_out = f"; left out: {', '.join(manifest.left_out)}" if manifest.left_out else ""
    return f"{manifest.rows} {first}{finished}{left_out}"


@app.command()
def forget(
    study: Annotated[str, typer.Argument(help="Folder in surveys/.")],
    response: Annotated[str, typer.Option("--response", help="Id of the response, or of the participant.")],
    wave: Annotated[str, typer.Option("--wave", "-w", help="Only this wave.")] = "",
    audience: Audience = "",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Take a person out of every snapshot, and keep them out of what is brought in later."""

    def work(output: Output) -> dict[str, Any]:
        loaded = load(study)
        made = loaded.forget(response, wave, audience)
        told = []
        for one, snapshot in made:
            output.result(f"{one.name}, {one.audience}: snapshot {snapshot.manifest.number:04d}-{snapshot.short}")
            told.append({"wave": one.name, "audience": one.audience, "snapshot": snapshot.sha256})
        pinned = [one for one, _ in made if one.wave_config.snapshot != "latest"]
        for one in pinned:
            output.say(f"waves/{one.name}.toml names the snapshot by its old hash: write the new one")
        waves = dict.fromkeys((one.name, one.audience) for one, _ in made)
        quotes = [quote for pair in waves for quote in loaded.files.quotes_of(*pair)]
        quoted = [quote.question for quote in quotes if quote.response == response]
        if quoted:
            output.say(f"quotes.toml still names the response ({', '.join(quoted)}): take the entry out")
        output.say("still to do: delete the response on the server and in exported files; 'bildungsbedarf run' renews")
        output.say(
            "drafts. What was released stays: published anew it would differ by this person (docs/protection.md)"
        )
        return {"study": loaded.name, "snapshots": told}

    guarded(work, debug, quiet, as_json)


def _project(output: Output) -> Project:
    """The project around this folder; a new one where the folder is empty."""
    from bildungsbedarf.study.laying import lay_down
    from bildungsbedarf.study.project import Project

    here = Path.cwd()
    if any(path for path in here.iterdir() if not path.name.startswith(".")):
        return Project.find()
    output.say("laid down: surveys/, notebooks/, data/reference/, .gitignore")
    return lay_down(here)


@app.command()
def new(
    study: Annotated[str, typer.Argument(help="Name of the new study.")],
    source: Annotated[
        str,
        typer.Option(
            "--from", help="Questionnaire: .lss, .lsa, tab-separated, a small table; or the server's address."
        ),
    ],
    survey: Annotated[int, typer.Option("--survey", help="Number of the survey on that server.")] = 0,
    wave: Annotated[str, typer.Option("--wave", "-w", help="Name of its first wave; default: this year.")] = "",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write a study from a questionnaire, and list what a person must still decide."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.wave.starting import start_study

        first = wave or str(date.today().year)
        with _questionnaire(source, survey, output) as path:
            start = start_study(_project(output), study, path, first, source if _SERVER in source else "")
        output.result(f"surveys/{start.folder.name}: study.toml, waves/{first}.toml, questionnaire")
        output.result("still to decide:")
        for decision in start.decisions:
            output.result(f"  - {decision}")
        output.result(f"then: bildungsbedarf import {study} FILE --wave {first}, and: bildungsbedarf run {study}")
        return {"study": study, "wave": first, "decisions": list(start.decisions)}

    guarded(work, debug, quiet, as_json)


_SERVER = "://"
"""In every address of a server; alone in the place of one: the server that the environment names."""


@contextmanager
def _questionnaire(source: str, survey: int, output: Output) -> Iterator[Path]:
    """The file, or what the server tells, kept as one for as long as it is read."""
    if _SERVER not in source:
        yield Path(source)
        return
    from bildungsbedarf.sources.credentials import find_credentials
    from bildungsbedarf.sources.server import pull_questionnaire

    if survey <= 0:
        raise ConfigError("no survey is named", expected="--survey 123456")
    content = pull_questionnaire(find_credentials("" if source == _SERVER else source, ""), survey, output.say)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"survey_{survey}.json"
        path.write_bytes(content)
        yield path


@app.command()
def codebook(
    study: StudyName = "",
    to: Annotated[Path | None, typer.Option("--to", help="Folder; default: results/<study>/codebook.")] = None,
    renew: Annotated[bool, typer.Option("--renew", help="Take over the questionnaire anew, and say what changed.")] = (
        False
    ),
    source: Annotated[str, typer.Option("--from", help="With --renew: a file; default: the server.")] = "",
    wave: Annotated[str, typer.Option("--wave", "-w", help="With --renew: the wave.")] = "",
    audience: Audience = "",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write what was asked, as a page and as a spreadsheet: one pair an audience and wave."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.report.codebooks import write_codebooks

        loaded = load(study)
        if renew:
            return _renewed(loaded, wave, audience, source, output)
        paths = write_codebooks(loaded, to or loaded.files.project.results(loaded.name) / "codebook")
        for path in paths:
            output.result(str(path))
        return {"study": loaded.name, "files": [str(path) for path in paths]}

    guarded(work, debug, quiet, as_json)


def _renewed(loaded: Any, name: str, audience: str, source: str, output: Output) -> dict[str, Any]:
    """Take over a wave's questionnaire from the server or a file."""
    from bildungsbedarf.codebook import read_codebook
    from bildungsbedarf.codebook.compare import SAME
    from bildungsbedarf.wave.renewing import renew_questionnaire

    target = loaded.wave(name or loaded.waves[-1].name, audience)
    server = loaded.files.config.server
    address = source or (server.url if server else _SERVER)
    with _questionnaire(address, target.wave_config.survey_id or 0, output) as path:
        read_codebook(path)
        renewal = renew_questionnaire(target, path.read_bytes(), path.suffix.lower())
    for row in renewal.changed.to_dict("records"):
        what = f"{row['question']} {row['item']}".rstrip()
        output.result(f"{row['state']}: {what}: {row['before'] or '–'} → {row['after'] or '–'}")
    same = int((renewal.items["state"] == SAME).sum())
    output.result(f"{renewal.path.name}: {same} of {len(renewal.items)} questions and items are as before")
    if renewal.is_new:
        output.result(f"then: bildungsbedarf pull {loaded.name} --wave {target.name}, or import the responses again")
    changed = renewal.changed.to_dict("records")
    return {"study": loaded.name, "file": renewal.path.name, "new": renewal.is_new, "changed": changed}


_PRIVATE = "these are answers of single persons: keep them where only those may read them who must"


@app.command()
def export(
    study: Annotated[str, typer.Argument(help="Folder in surveys/.")],
    wave: Annotated[str, typer.Option("--wave", "-w", help="Wave to export.")],
    to: Annotated[Path, typer.Option("--to", help="File (a folder for csv and r); never under results/.")],
    form: Annotated[str, typer.Option("--format", help="spss, stata, csv, ddi or r.")] = "spss",
    audience: Audience = "",
    with_text: Annotated[bool, typer.Option("--with-text", help="Free texts too; they can point to a person.")] = False,
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Write the microdata of a wave for research, with labels, missing reasons and weights."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.report.exporting import export_microdata, export_names
        from bildungsbedarf.wave.microdata import microdata

        loaded = load(study)
        if form == "r":
            script = loaded.wave(wave, audience).to_r(to)
            output.result(f"{script}: run it with Rscript in its folder")
            output.say(_PRIVATE)
            return {"study": loaded.name, "path": str(script)}
        data = microdata(loaded.wave(wave, audience), with_text=with_text)
        path = export_microdata(data, form, to, loaded.files.project)
        output.result(f"{path}: {len(data.data)} persons, {len(data.variables)} variables")
        renamed = export_names(data, form)
        for name, there in renamed.items():
            output.result(f"  {name} is called {there} there: the program keeps the name for itself")
        output.say(_PRIVATE)
        return {"study": loaded.name, "path": str(path), "persons": len(data.data), "renamed": renamed}

    guarded(work, debug, quiet, as_json)


@app.command()
def attendance(
    study: StudyName,
    path: Annotated[Path, typer.Argument(metavar="LIST", help="Table of those present, one line a person.")],
    wave: Annotated[str, typer.Option("--wave", "-w", help="Wave of the conference.")],
    column: Annotated[str, typer.Option("--column", help="Heading of the column with their group.")],
    audience: Audience = "",
    debug: Debug = False,
    quiet: Quiet = False,
    as_json: Json = False,
) -> None:
    """Count who was at a conference by group: a line for the wave's file; no name is kept."""

    def work(output: Output) -> dict[str, Any]:
        from bildungsbedarf.participation.turnout import groups_of
        from bildungsbedarf.sources.attendance import count_attendance

        target = load(study).wave(wave, audience)
        counts, without = count_attendance(path, column, groups_of(target))
        told = ", ".join(f"{json.dumps(name, ensure_ascii=False)} = {count}" for name, count in counts.items())
        output.result(f"attended = {{{told}}}")
        if without:
            output.say(f"{without} lines name no group of the ballot: not in it, nor told, as they may be names")
        output.say(f"it stands beneath [audience.{target.audience}] in waves/{target.name}.toml")
        return {"attended": counts, "without_group": without}

    guarded(work, debug, quiet, as_json)
