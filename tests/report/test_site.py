from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from bildungsbedarf.findings import read_register
from bildungsbedarf.report.pages import _Site
from bildungsbedarf.run.steps import plan
from bildungsbedarf.wave import Study

PAGES = [
    "index.html",
    "themen.html",
    "themen/F05.html",
    "themen/F06.html",
    "lebensphasen.html",
    "lebensphasen/nach-dem-beruf.html",
    "lebensphasen/schulzeit.html",
    "gemeinden.html",
    "gemeinden/019.html",
    "hindernisse.html",
    "beteiligung.html",
    "ziele.html",
    "ziele/sprache-und-ankommen.html",
    "ziele/digitale-teilhabe.html",
    "daten-und-methode.html",
    "glossar.html",
    "barrierefreiheit.html",
    "impressum.html",
    "einfache-sprache.html",
    "auswertungen.html",
    "downloads.html",
    "2026/01_rueckblick_und_qualitaet.html",
    "2026/02_bildungsbedarfe.html",
    "2026/03_barrieren.html",
    "2026/konferenz1/20_konferenz.html",
    "2026/konferenz1/22_umfrage_und_beteiligung.html",
    "2026/schule/01_rueckblick_und_qualitaet.html",
    "2028/02_bildungsbedarfe.html",
    "2028/konferenz2/20_konferenz.html",
    "all/10_entwicklung.html",
    "all/30_leitbild.html",
]
HOSTILE = [
    "<script",
    "=1+1",
    "@SUM(",
    "Mustermann",
    "0561 1234567",
    "05671 99999",
    "Herrn Beispiel",
    "Pflege“ der Eltern",
]
VOID = {"meta", "br", "link", "img", "hr", "input", "use", "path"}


class Reader(HTMLParser):
    """Collects tags, ids and links, and checks that tags are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag not in VOID:
            self.open.append(tag)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "a":
            self.links.append(str(values["href"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag


def _read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return reader


@pytest.fixture(scope="module")
def site(results: Path) -> Path:
    return results / "site"


@pytest.mark.parametrize("name", PAGES)
def test_pages_are_well_formed_and_self_contained(site: Path, name: str) -> None:
    html = (site / name).read_text(encoding="utf-8")
    assert '<html lang="de">' in html
    assert "<script" not in html
    # the font lies in the page itself
    html, fonts = re.subn(r'url\("data:font/woff2;base64,[^"]+"\)', "", html)
    assert fonts == 1
    without_namespaces = re.sub(r'xmlns(:\w+)?="[^"]+"', "", html)
    assert not re.search(r"https?:|//[a-z]|@import|url\((?!#)", without_namespaces)
    reader = _read(html)
    assert len(reader.ids) == len(set(reader.ids))
    assert reader.headings[0] == 1
    assert reader.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(reader.headings, reader.headings[1:], strict=False))
    for link in reader.links:
        target, _, anchor = link.partition("#")
        path = (site / name).parent / target if target else site / name
        assert path.is_file(), link
        if anchor:
            assert f'id="{anchor}"' in path.read_text(encoding="utf-8"), link


@pytest.mark.parametrize("name", [name for name in PAGES if name[0].isdigit() or name.startswith("all/")])
def test_code_is_hidden_tables_have_captions_and_figures_texts(site: Path, name: str) -> None:
    html = (site / name).read_text(encoding="utf-8")
    assert "import bildungsbedarf" not in html
    assert html.count("<table") == html.count("<caption>")
    assert html.count("<svg ") == len(re.findall(r'<svg role="img" aria-label="[^"]{40,}"', html))
    assert "Entwurf" in html
    assert '<span class="draft">Beispieldaten, erfunden.</span>' in html
    assert "Datenstand" in html or "30_leitbild" in name


def test_a_page_that_is_shared_has_a_text_and_where_it_stands_a_picture(study: Study, site: Path) -> None:
    html = (site / "themen" / "F05.html").read_text(encoding="utf-8")
    assert '<meta property="og:description" content="Von 100 Erwachsenen' in html
    assert "og:image" not in html
    pages = study.files.pages
    assert pages is not None
    at = "https://example.org/befragung/"
    there = Study(replace(study.files, pages=pages.model_copy(update={"address": at})))
    made = _Site(there, plan(there), [])
    html = made._subject(next(page for page in made.subjects if page.path == "themen/F05.html"))
    assert f'<link rel="canonical" href="{at}themen/F05.html">' in html
    assert f'<meta property="og:image" content="{at}zahlen/felder-F05.png">' in html
    assert f"noch nicht freigegeben. {at}themen/F05.html</p>" in html
    assert f'<meta property="og:image" content="{at}zahlen/felder.png">' in made._index()
    assert (site / "zahlen" / "felder-F05.png").is_file()


def test_pages_are_light(site: Path) -> None:
    """In kilobytes, the font in them; pages that lead from sentences to answers are long, and read by anchor."""
    for path in (path for path in site.rglob("*.html") if "downloads" not in path.parts):
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) <= 400_000, path
        if path.name not in ("nachweise.html", "00_grundauszaehlung.html"):
            assert len(re.sub(r"<svg\b.*?</svg>", "", text, flags=re.DOTALL).encode()) <= 100_000, path


def test_the_first_page_tells_the_essentials(site: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    assert "<h1>Am meisten fehlen Angebote im Bereich „Digitale Kompetenzen“ – weniger als zuvor</h1>" in html
    assert "Bei Menschen ab 65 Jahren: „Digitale Kompetenzen“, +12 Punkte <a" in html
    assert '<a href="themen/F05.html">mehr' in html
    assert [
        re.sub(r"\s", " ", tile) for tile in re.findall(r"<strong><a [^>]*>([^<]*)</a></strong>\n<span>", html)
    ] == [
        "33 von 100",
        "rund 54.000",
        "−14 Punkte",
    ]
    assert '<a href="ziele/sprache-und-ankommen.html">Sprache und Ankommen</a>' in html
    assert "1.354 gezählte Personen" in (site / "daten-und-methode.html").read_text(encoding="utf-8")


def test_the_drawing_of_the_first_page_is_the_register(site: Path, results: Path) -> None:
    html = (site / "index.html").read_text(encoding="utf-8")
    register = read_register(results / "2028" / "findings.json").findings
    needs = {one.item: one for one in register if one.id.startswith("unmet_need.F")}
    wide = re.search(r'<svg role="img" aria-label="[^"]*" class="start-plot wide".*?</svg>', html, re.DOTALL)
    assert wide is not None
    ticks = [(float(x), float(text)) for x, text in re.findall(r'<text x="([\d.]+)"[^>]*class="tick">(\d+)', wide[0])]
    (start, _), (end, highest) = ticks[0], ticks[-1]
    drawn = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"[^>]*class="now', wide[0])]
    shown = [(x - start) / (end - start) * highest / 100 for x in drawn]
    assert shown == pytest.approx(sorted((one.estimate for one in needs.values()), reverse=True), abs=2e-3)


def test_files_of_the_site_are_those_of_the_run(site: Path, results: Path) -> None:
    html = (site / "downloads.html").read_text(encoding="utf-8")
    offered = re.findall(r'href="(downloads/[^"]+)"', html)
    assert len(offered) == len(set(offered)) > 15
    for name in offered:
        assert (site / name).is_file(), name
    assert (site / "downloads" / "leitbild.pdf").read_bytes() == (results / "all/documents/leitbild.pdf").read_bytes()
    assert (site / "downloads" / "2028-tables.xlsx").read_bytes() == (results / "2028/tables.xlsx").read_bytes()


def _text(path: Path) -> str:
    """A file's content; of a workbook or document all its parts."""
    if path.suffix == ".pdf":
        return "".join(page.extract_text() for page in PdfReader(path).pages)
    if path.suffix == ".png":
        return path.read_bytes().decode("latin-1")
    if path.suffix not in (".xlsx", ".docx"):
        return path.read_text(encoding="utf-8")
    with ZipFile(path) as book:
        return "".join(book.read(name).decode("utf-8") for name in book.namelist() if name.endswith((".xml", ".rels")))


def test_no_open_text_is_anywhere_in_the_results(results: Path) -> None:
    for path in results.rglob("*"):
        if path.is_file() and path.name != ".lock":
            text = _text(path)
            if path.name in ("a-z.html", "widget.html"):
                # the scripts there are are ours: the page's policy names their hash
                text = text.replace("<script>(() => {", "").replace('<script type="application/json" id="daten">', "")
            for hostile in HOSTILE:
                assert hostile not in text, f"{hostile} in {path.name}"


def test_no_small_base_is_anywhere_in_the_results(results: Path) -> None:
    for path in results.rglob("*.ipynb"):
        for shown in re.findall(r"class=\\\"num\\\">(\d+)</td>", path.read_text(encoding="utf-8")):
            # goals, offers, institutions
            is_of_things = any(word in path.name for word in ("leitbild", "angebot", "beteiligung"))
            assert int(shown) == 0 or int(shown) >= 5 or is_of_things, f"{shown} in {path.name}"


def test_the_goal_without_evidence_is_named(site: Path) -> None:
    html = (site / "all" / "30_leitbild.html").read_text(encoding="utf-8")
    assert "ohne Beleg" in html
    assert "stützt das Ziel" in html


def test_each_registered_sentence_leads_to_where_it_comes_from(site: Path, results: Path) -> None:
    for folder in ("2026", "2028", "2028/konferenz2", "all"):
        register = read_register(results / folder / "findings.json").findings
        page = (site / folder / "nachweise.html").read_text(encoding="utf-8")
        assert re.findall(r'<section class="evidence" id="([^"]+)">', page) == [one.id for one in register]
        for sha in {sha for one in register for sha in one.snapshot}:
            assert sha in page
    html = (site / "2028" / "02_bildungsbedarfe.html").read_text(encoding="utf-8")
    assert '<a class="why" href="nachweise.html#unmet_need.F05">Nachweis</a>' in html
    assert html.count('class="why"') == html.count("<li id=")
    page = (site / "2028" / "nachweise.html").read_text(encoding="utf-8")
    own = page.split('id="unmet_need.F05"')[1].split("</section>")[0]
    for told in (
        "33,1",
        "WICHT[F05], ZUFR[F05]",
        "254 konnten es nicht beurteilen",
        "Notebook 02_bildungsbedarfe, Zelle 7",
    ):
        assert told in own, told
