"""Files a site offers: documents, workbooks and open data of a run, copied into it so that it stands alone."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from bildungsbedarf.language import number, translate
from bildungsbedarf.run.names import DOCUMENTS, FINDINGS, OPEN_DATA, REPORT, TABLES
from bildungsbedarf.run.steps import ALL, folder_of
from bildungsbedarf.wave import Study

FOLDER = "downloads"
_DOCUMENTS = {
    "kurzfassung": "Summary",
    "leitbild": "Draft of the guiding principles and strategic goals",
    "handlungskonzept": "Concept of action",
    "jahresbericht": "Yearly report of the programme",
}
_FORMS = {
    ".pdf": "PDF",
    ".docx": "Word",
    ".html": "HTML",
    ".xlsx": "Excel",
    ".csv": "CSV",
    ".json": "JSON",
    ".jsonld": "JSON-LD",
}
_KILO = 1024


@dataclass(frozen=True)
class Download:
    """A file: where it lies in the site, and what it is called."""

    path: str
    title: str
    form: str
    size: str
    content: bytes = field(repr=False)


def downloads(study: Study, results: Path) -> list[Download]:
    """What a run has made for others to take along, the documents first."""
    language = study.language
    found = []
    for name, title in _DOCUMENTS.items():
        for form in ("pdf", "docx", "html"):
            path = results / ALL / DOCUMENTS / f"{name}.{form}"
            found += _file(path, f"{name}.{form}", translate(title, language), language)
    for wave, config in reversed(study.files.waves.items()):
        for audience in config.audience:
            own = study.wave(wave, audience)
            folder = folder_of(own)
            title = own.config.called(audience, language)
            flat = folder.replace("/", "-")
            for name, what in (
                (REPORT, "Report"),
                (TABLES, "All tables"),
                (f"{OPEN_DATA}/findings.csv", "Findings"),
                (FINDINGS, "Findings"),
            ):
                text = f"{translate(what, language)}: {title} {wave}"
                found += _file(results / folder / name, f"{flat}-{Path(name).name}", text, language)
    return found


def _file(path: Path, name: str, title: str, language: str) -> list[Download]:
    if not path.is_file():
        return []
    content = path.read_bytes()
    size = f"{number(max(len(content) / _KILO, 1), language)} KB"
    return [Download(f"{FOLDER}/{name}", title, _FORMS[path.suffix], size, content)]
