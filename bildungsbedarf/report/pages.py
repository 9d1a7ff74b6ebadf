"""The pages of a site: an index and one page a notebook, self-contained, readable without scripts."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bildungsbedarf.findings import DECLARED, Finding, Register, item_labels, weigh
from bildungsbedarf.findings.leitbild import wave_of
from bildungsbedarf.language import day, number, translate
from bildungsbedarf.report.content import Page, headlines, read_page, read_registers, source_title
from bildungsbedarf.report.downloads import Download, downloads
from bildungsbedarf.report.released import Released, releases_of, state_words
from bildungsbedarf.report.start import start
from bildungsbedarf.run.explaining import explain
from bildungsbedarf.run.names import QUALITY, SITE
from bildungsbedarf.run.steps import ALL, Step, folder_of
from bildungsbedarf.show.evidence.leitbild import source_words
from bildungsbedarf.show.tables.tables import EXAMPLE
from bildungsbedarf.study.releases import Release, read_releases
from bildungsbedarf.wave import Study, Wave

_GENERATED = {
    True: "Generated from {snapshots}. Statements look at confidence intervals; numbers of small groups are not shown.",
    False: "Generated from {snapshots}. Numbers of small groups are not shown.",
}
"""By whether any audience's sampling carries intervals."""
_SAMPLING = {
    "probability": "Sample by invitation, weighted to the official population figures",
    "nonprobability": "Self-selected respondents; the results say nothing of others",
    "census": "Count of all ballots returned",
}
_HANDED_OVER = "Count of what providers handed over"


def rendered(study: Study, steps: Sequence[Step], unfinished: Sequence[Step]) -> dict[str, str | bytes]:
    """The pages of all steps that were executed, and the index, by their path in the results.

    Raises
    ------
    DataError
        A notebook or register cannot be read.
    """
    results = study.files.project.results(study.name)
    files = downloads(study, results)
    pages = [read_page(step, results, study.language) for step in steps if step.executed(results).is_file()]
    registers, released = read_registers(results), releases_of(study)
    found: dict[str, str | bytes] = {"index.html": _index(study, pages, registers, unfinished, released, files)}
    places: dict[str, str] = {}
    for folder, register in registers.items():
        for one in register.findings:
            places.setdefault(f"{one.wave}/{one.audience}/{one.id}", f"../{folder}/{EVIDENCE}#{one.id}")
    for page in pages:
        told = {one.id for one in registers[page.folder].findings} if page.folder in registers else set()
        found[page.path] = _page(study, page, pages, released, told, places)
    for folder, register in registers.items():
        if register.findings:
            found[f"{folder}/{EVIDENCE}"] = _evidence(study, folder, register, pages, released)
    found |= {file.path: file.content for file in files}
    return {f"{SITE}/{name}": content for name, content in found.items()}


def _index(
    study: Study,
    pages: list[Page],
    registers: dict[str, Register],
    unfinished: Sequence[Step],
    released: Released,
    files: Sequence[Download],
) -> str:
    language = study.language
    by_name = {(page.folder, page.path.rsplit("/", 1)[-1].removesuffix(".html")): page.path for page in pages}
    statements = [
        {
            "text": finding.statement[language],
            "href": _target(finding, by_name),
            "source": source_words(finding, study),
        }
        for finding in headlines(registers)
    ]
    return (
        _environment()
        .get_template("index.html")
        .render(
            **_frame(study, pages, "index.html", released),
            title=study.files.config.study.title.get(language),
            statements=statements,
            first=_first(study, registers, by_name),
            plot_title=translate("Unmet need by field", language),
            plot_subtitle=translate(
                "Share who find offers important and are dissatisfied with those nearby, of all who can judge both",
                language,
            ),
            plot_alt=translate("Unmet need by field", language),
            downloads=files,
            groups=_groups(study, pages),
            audiences=_audiences(study, pages),
            finding_count=number(_count(registers), language),
            corrections=_corrections(study),
            unfinished=[f"{_folder_title(study, step.folder)}: {source_title(step, language)}" for step in unfinished],
        )
    )


def _first(study: Study, registers: dict[str, Register], by_name: dict[tuple[str, str], str]) -> dict[str, Any] | None:
    """The start page's content; nothing for a study without a battery."""
    if not study.files.config.needs:
        return None
    found = [one for register in registers.values() for one in register.findings]
    recipes = [one.recipe for one in found if one.measure == "unmet_need" and one.recipe is not None]
    if not recipes:
        return None
    wave = study.wave(*recipes[-1].waves[0])
    labels = item_labels(DECLARED["unmet_need"], wave, study.language) if wave.has_needs else {}
    return start(study, found, weigh(study, found), lambda one: _target(one, by_name), labels)


EVIDENCE = "nachweise.html"
"""Page beside those of a folder that leads from each of its sentences back to the answers."""
_EVIDENCE_OF_GOAL = re.compile(r'(<li class="[a-z]+" data-finding="([^"]+)">.*?</span>)', re.DOTALL)
_SENTENCE = re.compile(r'<li id="([^"]+)">(.*?)</li>', re.DOTALL)


def _evidence(study: Study, folder: str, register: Register, pages: list[Page], released: Released) -> str:
    language = study.language
    path = f"{folder}/{EVIDENCE}"
    findings = [{"id": one.id, "lines": explain(study, one, language)} for one in register.findings]
    title = translate("Where the sentences come from", language)
    frame = _frame(study, pages, path, released)
    kicker = _folder_title(study, folder)
    return _environment().get_template("evidence.html").render(**frame, title=title, kicker=kicker, findings=findings)


def _linked(part: str, told: Collection[str], places: Mapping[str, str], language: str) -> str:
    """Each registered sentence with a link to where it comes from; of a goal's evidence beside its source."""
    word = translate("Where from?", language)

    def with_link(found: re.Match[str]) -> str:
        name, text = found.groups()
        if html.unescape(name) not in told:
            return found[0]
        return f'<li id="{name}">{text} <a class="why" href="{EVIDENCE}#{name}">{word}</a></li>'

    def of_goal(found: re.Match[str]) -> str:
        place = places.get(html.unescape(found[2]))
        return found[0] if place is None else f'{found[1]} <a class="why" href="{html.escape(place)}">{word}</a>'

    return _EVIDENCE_OF_GOAL.sub(of_goal, _SENTENCE.sub(with_link, part))


def _page(
    study: Study,
    page: Page,
    pages: list[Page],
    released: Released,
    told: Collection[str],
    places: Mapping[str, str],
) -> str:
    return (
        _environment()
        .get_template("page.html")
        .render(
            **_frame(study, pages, page.path, released),
            title=page.title,
            kicker=_folder_title(study, page.folder),
            lead=Markup(page.lead),  # noqa: S704 - rendered from Markdown without HTML
            parts=[Markup(_linked(part, told, places, study.language)) for part in page.parts],  # noqa: S704 - escaped by show
        )
    )


_UNDECIDED = "Not yet decided how people were reached and whom they stand for: not for publication."


def _frame(study: Study, pages: list[Page], path: str, released: Released) -> dict[str, Any]:
    """What every page has around its content."""
    release = _release_of(released, path)
    language = study.language
    depth = path.count("/")
    root = "../" * depth
    config = study.files.config.study
    carries = any(audience.sampling != "nonprobability" for audience in study.files.config.audience.values())
    snapshots = ", ".join(
        f"{_folder_title(study, folder_of(wave))}: {wave.snapshot.short}" for wave in _all_waves(study, pages)
    )
    return {
        "language": language,
        "study_title": config.title.get(language),
        "contact": config.contact,
        "example": translate(EXAMPLE, language) if config.example else "",
        "state": state_words(study, release),
        "is_draft": release is None,
        "undecided": translate(_UNDECIDED, language) if study.files.undecided else "",
        "home": f"{root}index.html",
        "css": Markup(_css()),  # noqa: S704 - our own file
        "words": _Words(language),
        "navigation": [
            {
                "title": group["title"],
                "pages": [
                    {"title": entry["title"], "href": root + entry["path"], "current": entry["path"] == path}
                    for entry in group["pages"]
                ],
            }
            for group in _groups(study, pages)
        ],
        "generated": translate(_GENERATED[carries], language, snapshots=snapshots),
    }


def _release_of(released: Released, path: str) -> Release | None:
    """The release that holds for a page; for one of several waves the last, where all are released."""
    folder = path.split("/")[0]
    own = [released[folder]] if folder in released else list(released.values())
    held = [release for release in own if release is not None]
    return max(held, key=lambda release: release.on) if len(held) == len(own) else None


def _corrections(study: Study) -> list[dict[str, str]]:
    """What was changed from one release to the next, with its day."""
    language = study.language
    nothing = translate("nothing", language)
    return [
        {
            "wave": _folder_title(study, name),
            "day": day(on, language),
            "before": before.get(language, nothing),
            "after": after.get(language, nothing),
        }
        for name in study.files.waves
        for on, changed in read_releases(study.files.folder, name).corrections()
        for before, after in changed
    ]


class _Words:
    """``words["Draft"]`` in a template is the word in the report's language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def __getitem__(self, text: str) -> str:
        return translate(text, self.language)


def _groups(study: Study, pages: list[Page]) -> list[dict[str, Any]]:
    """Pages by folder: what concerns all waves first, then the newest wave."""
    folders = sorted({page.folder for page in pages if page.folder != ALL}, key=lambda f: (_newest_first(study, f), f))
    ordered = [*([ALL] if any(page.folder == ALL for page in pages) else []), *folders]
    return [
        {
            "title": _folder_title(study, folder),
            "pages": [
                {"title": page.title, "path": page.path, "lead": Markup(page.lead)}  # noqa: S704 - as above
                for page in pages
                if page.folder == folder
            ],
        }
        for folder in ordered
    ]


def _newest_first(study: Study, folder: str) -> int:
    names = list(study.files.waves)
    return -names.index(folder.split("/")[0])


def _folder_title(study: Study, folder: str) -> str:
    language = study.language
    if folder == ALL:
        return translate("All waves", language)
    name, _, audience = folder.partition("/")
    if audience:
        title = study.files.config.audience[audience].title
        return f"{title.get(language) if title else audience} ({name})"
    title = study.files.waves[name].title
    return title.get(language) if title else translate("Wave {wave}", language, wave=name)


def _audiences(study: Study, pages: list[Page]) -> list[dict[str, str]]:
    language = study.language
    rows = []
    for wave in _all_waves(study, pages):
        field = wave.wave_config.field or wave.wave_config.period
        is_of_things = wave.config.data == "records"
        period = f"{day(field.start, language)} – {day(field.end, language)}" if field else ""
        rows.append(
            {
                "title": _folder_title(study, folder_of(wave)),
                "population": wave.population[language],
                "sampling": translate(_HANDED_OVER if is_of_things else _SAMPLING[wave.config.sampling], language),
                "persons": _how_many(wave, language),
                "period": period,
            }
        )
    return rows


def _how_many(wave: Wave, language: str) -> str:
    """Persons counted, from what the run published; of records how many came in."""
    if wave.config.data == "records":
        return translate("{offers} offers handed over", language, offers=number(wave.snapshot.manifest.rows, language))
    path = wave.files.project.results(wave.study_name) / folder_of(wave) / QUALITY
    counted = int(json.loads(path.read_bytes())["counted"])
    return translate("{persons} persons counted", language, persons=number(counted, language))


def _all_waves(study: Study, pages: list[Page]) -> list[Wave]:
    folders = {page.folder for page in pages}
    return [wave for wave in study.of_all_audiences if folder_of(wave) in folders]


def _target(finding: Finding, by_name: dict[tuple[str, str], str]) -> str:
    """The page and place a finding stands at; ``""`` where its page is not built."""
    for (_, name), path in by_name.items():
        folder = path.rsplit("/", 1)[0]
        if name == finding.notebook and (folder == ALL or folder.split("/")[0] == wave_of(finding)):
            return f"{path}#{finding.id}"
    return ""


def _count(registers: dict[str, Any]) -> int:
    """Findings, each once: a change stands in two registers."""
    return len({(one.wave, one.audience, one.id) for register in registers.values() for one in register.findings})


@lru_cache(maxsize=1)
def _css() -> str:
    return files(__package__).joinpath("templates", "site.css").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("bildungsbedarf.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
