"""Everything a run publishes beside notebooks and registers: pages, documents, open data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from bildungsbedarf.errors import ConfigError, DataError, nearest
from bildungsbedarf.report.documents.model import Document
from bildungsbedarf.report.site import build_site, pages_of
from bildungsbedarf.run.fingerprint import of_site
from bildungsbedarf.run.ledger import Ledger, Listener, Product, silent
from bildungsbedarf.run.names import CRATE, DOCUMENTS, FINDINGS, OPEN_DATA, PORTAL, QUALITY, REPORT, SUBJECTS
from bildungsbedarf.run.products import registers_there
from bildungsbedarf.run.steps import ALL, Step, plan
from bildungsbedarf.wave import Study

Bytes = dict[str, str | bytes]


def publish(
    study: Study,
    steps: Sequence[Step],
    unfinished: Sequence[Step] = (),
    ledger: Ledger | None = None,
    listen: Listener = silent,
) -> Path:
    """Bring pages, documents and open data up to date; the path of the first page.

    Raises
    ------
    DataError
        A notebook or register cannot be read.
    """
    ledger = ledger or Ledger(study)
    for product in _beside_pages(study, steps, ledger):
        ledger.bring(product, listen)
    # pages offer these files
    first = build_site(study, steps, unfinished, ledger, listen)
    ledger.bring(crate_of(study, ledger), listen)
    return first


def published(study: Study, steps: Sequence[Step], unfinished: Sequence[Step], ledger: Ledger) -> list[Product]:
    """What ``publish`` brings, as products with their inputs as they are now."""
    pages = pages_of(study, steps, unfinished, ledger)
    return [pages, *_beside_pages(study, steps, ledger), crate_of(study, ledger)]


def _beside_pages(study: Study, steps: Sequence[Step], ledger: Ledger) -> list[Product]:
    return [
        *documents_of(study, steps, ledger),
        *open_data_of(study, steps, ledger),
        *portal_of(study, steps, ledger),
    ]


def documents_of(study: Study, steps: Sequence[Step], ledger: Ledger) -> list[Product]:
    """The documents of the whole study, and the report of each wave."""
    there = registers_there(ledger)
    quality = {name: found for step in steps for name, found in ledger.files_of(step.folder, QUALITY).items()}
    inputs = of_site(study, ledger.hashes, there | quality, [])
    products = [Product(ALL, DOCUMENTS, inputs, partial(_documents, study))] if _has_findings(ledger, there) else []
    for folder in sorted({step.folder for step in steps if step.folder != ALL}):
        own = [step for step in steps if step.folder == folder]
        files = {name: found for step in own for name, found in ledger.files_of(step.folder, step.name).items()}
        if files:
            inputs = of_site(study, ledger.hashes, files, [])
            products.append(Product(folder, REPORT, inputs, partial(_report, study, folder, own)))
    return products


def _has_findings(ledger: Ledger, there: Mapping[str, str]) -> bool:
    """Whether any register holds a finding: a study of two waves may have none that may be said."""
    return any(b'"findings": []' not in (ledger.results / path).read_bytes() for path in there)


def open_data_of(study: Study, steps: Sequence[Step], ledger: Ledger) -> list[Product]:
    """Each register as CSV with its data package, and as JSON-LD; goals beside that of all waves."""
    there = registers_there(ledger)
    folders = {step.folder for step in steps}
    products = []
    for path, found in there.items():
        folder = path.rpartition("/")[0]
        if folder in folders:
            inputs = of_site(study, ledger.hashes, there if folder == ALL else {path: found}, [])
            products.append(Product(folder, OPEN_DATA, inputs, partial(_open_data, study, folder)))
    return products


def portal_of(study: Study, steps: Sequence[Step], ledger: Ledger) -> list[Product]:
    """The feed for an education portal, where there are numbers by subject."""
    there = registers_there(ledger)
    by_subject = {
        path: found
        for folder in sorted({step.folder for step in steps})
        for path, found in ledger.files_of(folder, SUBJECTS).items()
    }
    if not by_subject:
        return []
    inputs = of_site(study, ledger.hashes, there | by_subject, [])
    return [Product(ALL, PORTAL, inputs, partial(_portal, study))]


def crate_of(study: Study, ledger: Ledger) -> Product:
    """What all this was made of, and its hashes, as one file for machines: it comes last."""
    made = {path: found for path, found in ledger.made().items() if path != CRATE}
    project = study.files.project
    notebooks, reference = project.notebooks.glob("*.ipynb"), project.reference.rglob("*")
    paths = [path for path in (*study.files.inputs(), *notebooks, *reference) if path.is_file()]
    read = {path.relative_to(project.root).as_posix(): ledger.hashes.of(path) for path in paths}
    inputs = of_site(study, ledger.hashes, made | read, [])
    return Product(ALL, CRATE, inputs, partial(_crate, study, made, read))


# What makes them is loaded where something is made.


def _crate(study: Study, made: Mapping[str, str], read: Mapping[str, str]) -> Bytes:
    from bildungsbedarf.report.crate import run_crate

    return {**run_crate(study, made, read)}


def _portal(study: Study) -> Bytes:
    from bildungsbedarf.report.portal import feed

    return {f"{PORTAL}/{name}": content for name, content in feed(study).items()}


def document_alone(study: Study, name: str, form: str, wave: str = "") -> tuple[str, bytes]:
    """One document as pdf, docx, html or slides: what its file is called, and its content.

    Raises
    ------
    ConfigError
        No such document, form or wave; or the study has no leitbild.toml or programme.toml for it.
    DataError
        Nothing was run yet.
    """
    from bildungsbedarf.report.documents.page import to_html
    from bildungsbedarf.report.documents.pdf import to_pdf
    from bildungsbedarf.report.documents.word import to_word

    if form not in _FORMS:
        raise ConfigError("no such format", value=form, expected=nearest(form, _FORMS))
    known = _made(study)
    if name == WAVE:
        wave = wave or list(study.files.waves)[-1]
        document = _wave_document(study, study.wave(wave).name, [step for step in plan(study) if step.folder == wave])
    elif name in known:
        document = known[name]
    else:
        raise ConfigError(
            "there is no such document",
            value=name,
            expected=nearest(name, [*known, WAVE]),
            remedy="the goals' need leitbild.toml, the yearly report programme.toml",
        )
    makers: dict[str, Callable[[Document], bytes]] = {
        "pdf": to_pdf,
        "docx": to_word,
        "html": to_html,
        "slides": partial(to_pdf, template="slides"),
    }
    ending = "pdf" if form == "slides" else form
    return f"{name}{'-folien' if form == 'slides' else ''}.{ending}", makers[form](document)


WAVE = "welle"
_FORMS = ("pdf", "docx", "html", "slides")


def _made(study: Study) -> dict[str, Document]:
    """The documents of the whole study that it has the files for."""
    from bildungsbedarf.findings import all_findings
    from bildungsbedarf.report.documents.council import concept_of_action, council_draft, summary
    from bildungsbedarf.report.documents.programme import programme_report

    found = all_findings(study.files.project, study.name)
    if not found:
        raise DataError("nothing is registered yet", where=study.name, remedy=f"bildungsbedarf run {study.name}")
    leitbild, programme = study.files.leitbild, study.files.programme
    made = {"kurzfassung": summary(study, found)}
    if leitbild is not None:
        made["leitbild"] = council_draft(study, leitbild, found)
        made["handlungskonzept"] = concept_of_action(study, leitbild, found)
    if programme is not None:
        made["jahresbericht"] = programme_report(study, programme, found)
    return made


def _documents(study: Study) -> Bytes:
    from bildungsbedarf.report.documents.page import to_html
    from bildungsbedarf.report.documents.pdf import to_pdf
    from bildungsbedarf.report.documents.word import to_word

    files: Bytes = {}
    for name, document in _made(study).items():
        files[f"{ALL}/{DOCUMENTS}/{name}.html"] = to_html(document)
        files[f"{ALL}/{DOCUMENTS}/{name}.docx"] = to_word(document)
        files[f"{ALL}/{DOCUMENTS}/{name}.pdf"] = to_pdf(document)
    return files


def _wave_document(study: Study, folder: str, steps: Sequence[Step]) -> Document:
    from bildungsbedarf.report.content import read_page
    from bildungsbedarf.report.documents.wave import wave_report

    results = study.files.project.results(study.name)
    pages = [read_page(step, results, study.language) for step in steps if step.executed(results).is_file()]
    return wave_report(study, folder.split("/")[0], pages)


def _report(study: Study, folder: str, steps: Sequence[Step]) -> Bytes:
    from bildungsbedarf.report.documents.pdf import to_pdf

    return {f"{folder}/{REPORT}": to_pdf(_wave_document(study, folder, steps))}


def _open_data(study: Study, folder: str) -> Bytes:
    from bildungsbedarf.findings import all_findings, read_register, weigh
    from bildungsbedarf.report.opendata import findings_files, goals_files

    project = study.files.project
    register = read_register(project.results(study.name) / folder / FINDINGS)
    files = findings_files(study, folder, register.findings)
    if folder == ALL and study.files.leitbild is not None:
        files |= goals_files(study, weigh(study, all_findings(project, study.name)))
    return {f"{folder}/{OPEN_DATA}/{name}": text for name, text in files.items()}
