"""The site of a study: made again where what it shows is not what there is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from bildungsbedarf.run.fingerprint import of_site
from bildungsbedarf.run.ledger import Ledger, Listener, Product, silent
from bildungsbedarf.run.names import DOCUMENTS, OPEN_DATA, QUALITY, REPORT, SITE, SUBJECTS, TABLES
from bildungsbedarf.run.products import registers_there
from bildungsbedarf.run.steps import ALL, Step
from bildungsbedarf.wave import Study


def build_site(
    study: Study,
    steps: Sequence[Step],
    unfinished: Sequence[Step] = (),
    ledger: Ledger | None = None,
    listen: Listener = silent,
) -> Path:
    """Write the pages of all steps that were executed, where they are not those already; the path of the index.

    Steps that never ran (a run of one wave) have no page; files that are no page of these are removed. The index
    names those that are ``unfinished``: a notebook failed, or a wave's data cannot be used.

    Raises
    ------
    DataError
        A notebook or register cannot be read.
    """
    ledger = ledger or Ledger(study)
    ledger.bring(pages_of(study, steps, unfinished, ledger), listen)
    ledger.remove_strays_in(SITE, ledger.files_of(ALL, SITE), listen)
    return ledger.results / SITE / "index.html"


def pages_of(study: Study, steps: Sequence[Step], unfinished: Sequence[Step], ledger: Ledger) -> Product:
    """All pages, as what is made from the results of the steps."""
    made: dict[str, str] = registers_there(ledger)
    for step in steps:
        made.update(ledger.files_of(step.folder, step.name))
    for folder in {step.folder for step in steps}:
        for name in (QUALITY, SUBJECTS, TABLES, REPORT, OPEN_DATA):
            made.update(ledger.files_of(folder, name))
    made.update(ledger.files_of(ALL, DOCUMENTS))
    inputs = of_site(study, ledger.hashes, made, [step.title for step in unfinished])

    def make() -> dict[str, str | bytes]:
        # templates and words are loaded by those who render only
        from bildungsbedarf.report.pages import rendered

        return rendered(study, steps, unfinished)

    return Product(ALL, SITE, inputs, make)
