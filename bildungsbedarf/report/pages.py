"""The pages of a site: by subject, and one a notebook as appendix; self-contained, readable without scripts."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from bildungsbedarf.findings import DECLARED, Finding, Register, item_labels, weigh
from bildungsbedarf.findings.leitbild import wave_of
from bildungsbedarf.language import day, translate
from bildungsbedarf.report.content import Page, headlines, read_page, read_registers, source_title
from bildungsbedarf.report.downloads import Download, downloads
from bildungsbedarf.report.frame import Frame, environment, folder_title, inline_script
from bildungsbedarf.report.hidden import hidden_line, too_few_line
from bildungsbedarf.report.pictures import to_png, to_workbook
from bildungsbedarf.report.released import releases_of
from bildungsbedarf.report.start import start
from bildungsbedarf.report.subjects import Known, SubjectPage, read_known, subject_pages
from bildungsbedarf.report.subjects.all_pages import INDEX, letters
from bildungsbedarf.report.subjects.fields import DOOR as FIELDS
from bildungsbedarf.report.subjects.fields import NEED, field_path
from bildungsbedarf.report.subjects.known import goal_path
from bildungsbedarf.report.subjects.method import method_page
from bildungsbedarf.report.subjects.monitoring import PATH as MONITORING
from bildungsbedarf.report.subjects.monitoring import monitoring_pages
from bildungsbedarf.report.subjects.parts import Figure, Link
from bildungsbedarf.report.subjects.planning import PATH as PLANNING
from bildungsbedarf.report.subjects.reference import glossary_page, legal_pages
from bildungsbedarf.run.explaining import explain
from bildungsbedarf.run.names import SITE
from bildungsbedarf.run.steps import ALL, Step, folder_of
from bildungsbedarf.show.evidence.leitbild import source_words
from bildungsbedarf.show.tables.notes import EXAMPLE
from bildungsbedarf.study.releases import read_releases
from bildungsbedarf.wave import Study, Wave

_WIDE = 100
"""Letters of a line over a drawing that stands by itself."""
_INNER = str.maketrans({"„": "‚", "“": "‘", "”": "’"})
"""Quotation marks within a quotation; what opens in English closes in German, and reads well in both."""
EVIDENCE = "nachweise.html"
"""Page beside those of a folder that leads from each of its sentences back to the answers."""
NOTEBOOKS, DOWNLOADS, NUMBERS = "auswertungen.html", "downloads.html", "zahlen"
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable(["image", "heading", "lheading"])
"""For texts of pages.toml: headings are the page's own, and no picture is fetched from anywhere."""


def _card(page: SubjectPage) -> dict[str, str] | None:
    """The picture of a page that is shared: its first drawing."""
    figure = next(iter(page.figures), None)
    return None if figure is None else {"path": f"{NUMBERS}/{figure.name}.png", "text": figure.alt}


def rendered(study: Study, steps: Sequence[Step], unfinished: Sequence[Step]) -> dict[str, str | bytes]:
    """The pages of all steps that were executed, those by subject, and the index, by their path in the results.

    Raises
    ------
    DataError
        A notebook, a register or the numbers by subject cannot be read.
    """
    return _Site(study, steps, unfinished).rendered()


class _Site:
    """All pages of a study, and what they share."""

    def __init__(self, study: Study, steps: Sequence[Step], unfinished: Sequence[Step]) -> None:
        results = study.files.project.results(study.name)
        self.study = study
        self.language = study.language
        self.unfinished = unfinished
        self.files: list[Download] = downloads(study, results)
        self.pages = [read_page(step, results, study.language) for step in steps if step.executed(results).is_file()]
        self.registers: dict[str, Register] = read_registers(results)
        self.found = [one for register in self.registers.values() for one in register.findings]
        self.by_name = {
            (page.folder, page.path.rsplit("/", 1)[-1].removesuffix(".html")): page.path for page in self.pages
        }
        folders = {page.folder for page in self.pages}
        self.waves: list[Wave] = [wave for wave in study.of_all_audiences if folder_of(wave) in folders]
        notebooks = [Link(page.title, page.path, folder_title(study, page.folder)) for page in self.pages]
        self.known: Known | None = read_known(study, self.found, self.target, notebooks)
        subjects = [] if self.known is None else subject_pages(self.known)
        count = len({(one.wave, one.audience, one.id) for one in self.found})
        more = [
            *monitoring_pages(study, self.found, self.target),
            method_page(study, self.waves, count),
            glossary_page(study),
            *legal_pages(study),
        ]
        self.subjects: list[SubjectPage] = [*subjects, *more]
        self.frame = Frame(study, releases_of(study), self._doors(), self._more())

    def target(self, one: Finding) -> str:
        """The page and place a finding stands at; ``""`` where its page is not built."""
        for (_, name), path in self.by_name.items():
            folder = path.rsplit("/", 1)[0]
            if name == one.notebook and (folder == ALL or folder.split("/")[0] == wave_of(one)):
                return f"{path}#{one.id}"
        return ""

    def _doors(self) -> list[Link]:
        """At most six: with the way past them and the way home eight stops lie before the content."""
        by_path = {page.path: page for page in self.subjects}
        wanted = [FIELDS, "lebensphasen.html", "gemeinden.html", "ziele.html", "daten-und-methode.html"]
        doors = [Link(by_path[path].name, path) for path in wanted if path in by_path]
        if self.known is None:
            doors.insert(0, Link(translate("Evaluations", self.language), NOTEBOOKS))
        return [*doors, Link(translate("Search and A–Z", self.language), INDEX)]

    def _more(self) -> list[Link]:
        doors = {link.href for link in self._doors()}
        of_foot = ("einfache-sprache.html", "english.html", "glossar.html", "barrierefreiheit.html", "impressum.html")
        by_path = {page.path: page for page in self.subjects}
        links = [Link(by_path[path].name, path) for path in (*of_foot, "datenschutz.html") if path in by_path]
        appendix = [
            Link(translate("Evaluations", self.language), NOTEBOOKS),
            Link(translate("Downloads", self.language), DOWNLOADS),
        ]
        return [link for link in [*appendix, *links] if link.href not in doors]

    def rendered(self) -> dict[str, str | bytes]:
        """Contents by path."""
        found: dict[str, str | bytes] = {
            "index.html": self._index(),
            NOTEBOOKS: self._notebooks(),
            DOWNLOADS: self._downloads(),
            INDEX: self._letters(),
        }
        for subject in self.subjects:
            found[subject.path] = self._subject(subject)
        figures = {figure.name: figure for subject in self.subjects for figure in subject.figures}
        with ThreadPoolExecutor() as threads:
            for name, made in zip(figures, threads.map(self._to_take, figures.values()), strict=True):
                found |= {f"{NUMBERS}/{name}{end}": content for end, content in made.items()}
        places: dict[str, str] = {}
        for folder, register in self.registers.items():
            for one in register.findings:
                places.setdefault(f"{one.wave}/{one.audience}/{one.id}", f"../{folder}/{EVIDENCE}#{one.id}")
        for page in self.pages:
            told = {one.id for one in self.registers[page.folder].findings} if page.folder in self.registers else set()
            found[page.path] = self._page(page, told, places)
        for folder, register in self.registers.items():
            if register.findings:
                found[f"{folder}/{EVIDENCE}"] = self._evidence(folder, register)
        found |= {file.path: file.content for file in self.files}
        return {f"{SITE}/{name}": content for name, content in found.items()}

    def _render(self, template: str, path: str, door: str = "", **values: Any) -> str:
        return environment().get_template(template).render(**{**self.frame.of(path, door), **values})

    def _index(self) -> str:
        language, first = self.language, self._first()
        statements = [
            {"text": one.statement[language], "href": self.target(one), "source": source_words(one, self.study)}
            for one in headlines(self.registers)
        ]
        return self._render(
            "index.html",
            "index.html",
            title=self.study.files.config.study.title.get(language),
            statements=statements,
            first=first,
            description=first["lead"] if first else "",
            card=next((_card(page) for page in self.subjects if page.path == FIELDS), None) if first else None,
            plot_title=translate("Unmet need by field", language),
            plot_subtitle=translate(NEED, language),
            entrances=self._entrances(),
            corrections=self._corrections(),
            unfinished=[
                f"{folder_title(self.study, step.folder)}: {source_title(step, language)}" for step in self.unfinished
            ],
        )

    def _entrances(self) -> list[Link]:
        """What no door in the head leads to, and for whom the words are plain; the rest stands in the foot."""
        wanted = ("hindernisse.html", "beteiligung.html", PLANNING, MONITORING)
        own = [Link(page.name, page.path) for page in self.subjects if page.path in wanted]
        return [*own, *(link for link in self.frame.more if link.href == "einfache-sprache.html")]

    def _first(self) -> dict[str, Any] | None:
        """The start page's content; nothing for a study without a battery."""
        if not self.study.files.config.needs:
            return None
        recipes = [one.recipe for one in self.found if one.measure == "unmet_need" and one.recipe is not None]
        if not recipes:
            return None
        wave = self.study.wave(*recipes[-1].waves[0])
        labels = item_labels(DECLARED["unmet_need"], wave, self.language) if wave.has_needs else {}
        own = {page.path for page in self.subjects}

        def of_field(item: str) -> str:
            return field_path(item) if field_path(item) in own else ""

        return start(
            self.study, self.found, weigh(self.study, self.found), self.target, labels, of_field, self._goal_href
        )

    def _goal_href(self, goal: str) -> str:
        return "" if self.known is None else goal_path(goal)

    def _subject(self, page: SubjectPage) -> str:
        texts = {
            section.anchor: Markup(_MARKDOWN.render(section.markdown))  # noqa: S704 - Markdown without HTML
            for section in page.sections
            if section.markdown
        }
        language = page.spoken or self.language
        cells = [cell for table in page.tables for row in table.rows for cell in row[1:]]
        return self._render(
            "subject.html",
            page.path,
            page.door,
            page=page,
            texts=texts,
            hidden=too_few_line(cells, language),
            citation=self._citation(page),
            description=page.lead,
            card=_card(page),
        )

    def _to_take(self, figure: Figure) -> dict[str, str | bytes]:
        """A figure's files: its numbers as CSV and workbook, its drawing as SVG and PNG."""
        config = self.study.files.config.study
        title = config.title.get(self.language)
        source = f"{title} · {translate(EXAMPLE, self.language)}" if config.example else title
        drawing = self._drawing(figure, source)
        return {
            ".csv": figure.csv,
            ".xlsx": to_workbook(figure.title, figure.subtitle, figure.csv, source),
            ".svg": drawing,
            ".png": to_png(drawing, figure.name),
        }

    def _drawing(self, figure: Figure, source: str) -> str:
        """The wide drawing as a file of its own: with title, what is measured, key and source."""
        keys = ", ".join(f"{'●' if mark == 'now' else '○'} {text}" for mark, text in figure.keys)
        lines = [figure.title, *textwrap.wrap(figure.subtitle, _WIDE), keys]
        return (
            environment()
            .get_template("figure.svg")
            .render(
                figure=figure,
                drawing=next(drawing for drawing in figure.plots if drawing["kind"] == "wide"),
                lines=lines,
                top=19 * len(lines) + 22,
                source=source,
            )
        )

    def _citation(self, page: SubjectPage) -> str:
        """How a page is cited: who, what, which data, and whether it is a draft."""
        config = self.study.files.config.study
        ends = [one.wave_config.field.end for one in self.waves if one.wave_config.field is not None]
        until = day(max(ends), self.language) if ends else "–"
        told = translate(
            "{study}: “{title}”. Data up to {day}. {state}.",
            self.language,
            study=config.title.get(self.language),
            title=page.title.translate(_INNER),
            day=until,
            state=self.frame.of(page.path)["state"],
        )
        address = self.study.files.pages.address if self.study.files.pages is not None else ""
        return f"{told} {address}{page.path}" if address else told

    def _notebooks(self) -> str:
        return self._render(
            "notebooks.html", NOTEBOOKS, title=translate("Evaluations", self.language), groups=self._groups()
        )

    def _downloads(self) -> str:
        return self._render(
            "downloads.html", DOWNLOADS, title=translate("Downloads", self.language), downloads=self.files
        )

    def _letters(self) -> str:
        links = [Link(page.name, page.path, page.kicker if page.kicker != page.name else "") for page in self.subjects]
        links += [Link(page.title, page.path, folder_title(self.study, page.folder)) for page in self.pages]
        for page in self.subjects:
            links += [
                Link(term, f"{page.path}#begriff-{place}")
                for section in page.sections
                for place, (term, _) in enumerate(section.terms, start=1)
            ]
        return self._render(
            "a-z.html",
            INDEX,
            title=translate("Search and A–Z", self.language),
            letters=letters(links, self.language),
            told={page.path: f"{page.title} {page.lead}" for page in self.subjects},
            **inline_script("search.js"),
        )

    def _evidence(self, folder: str, register: Register) -> str:
        findings = [{"id": one.id, "lines": explain(self.study, one, self.language)} for one in register.findings]
        return self._render(
            "evidence.html",
            f"{folder}/{EVIDENCE}",
            title=translate("Where the sentences come from", self.language),
            kicker=folder_title(self.study, folder),
            findings=findings,
        )

    def _page(self, page: Page, told: Collection[str], places: Mapping[str, str]) -> str:
        root = "../" * page.path.count("/")
        siblings = [
            {"title": other.title, "href": root + other.path, "current": other is page}
            for other in self.pages
            if other.folder == page.folder
        ]
        return self._render(
            "page.html",
            page.path,
            title=page.title,
            kicker=folder_title(self.study, page.folder),
            lead=Markup(page.lead),  # noqa: S704 - rendered from Markdown without HTML
            parts=[Markup(_linked(part, told, places, self.language)) for part in page.parts],  # noqa: S704 - escaped by show
            hidden=hidden_line("".join(page.parts), self.language),
            siblings=siblings,
        )

    def _groups(self) -> list[dict[str, Any]]:
        """Pages by folder: what concerns all waves first, then the newest wave."""
        names = list(self.study.files.waves)
        folders = {page.folder for page in self.pages}
        ordered = sorted(folders - {ALL}, key=lambda folder: (-names.index(folder.split("/")[0]), folder))
        return [
            {
                "title": folder_title(self.study, folder),
                "pages": [{"title": page.title, "path": page.path} for page in self.pages if page.folder == folder],
            }
            for folder in [*([ALL] if ALL in folders else []), *ordered]
        ]

    def _corrections(self) -> list[dict[str, str]]:
        """What was changed from one release to the next, with its day."""
        nothing = translate("nothing", self.language)
        return [
            {
                "wave": folder_title(self.study, name),
                "day": day(on, self.language),
                "before": before.get(self.language, nothing),
                "after": after.get(self.language, nothing),
            }
            for name in self.study.files.waves
            for on, changed in read_releases(self.study.files.folder, name).corrections()
            for before, after in changed
        ]


_EVIDENCE_OF_GOAL = re.compile(r'(<li class="[a-z]+" data-finding="([^"]+)">.*?</span>)', re.DOTALL)
_SENTENCE = re.compile(r'<li id="([^"]+)">(.*?)</li>', re.DOTALL)


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
