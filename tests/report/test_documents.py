"""Documents: the same content as Word and PDF, tagged, without a clock, and every text is data."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.findings import all_findings, weigh
from bildungsbedarf.report.documents.council import council_draft, open_questions, summary
from bildungsbedarf.report.documents.model import (
    Bullets,
    Document,
    Figure,
    Heading,
    Paragraph,
    Table,
    cited_pieces,
)
from bildungsbedarf.report.documents.page import to_html
from bildungsbedarf.report.documents.pdf import to_pdf
from bildungsbedarf.report.documents.wave import parts_of
from bildungsbedarf.report.documents.word import to_word
from bildungsbedarf.report.publishing import document_alone
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

HOSTILE = '#eval("1") *fett* <script>x</script> @ref $x^2$ \\ "Zitat" [y] `code` = Kopf'
DRAWING = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" width="10" height="10">'
    '<rect width="5" height="5"/></svg>'
)
MADE = Document(
    title=f"Titel {HOSTILE}",
    subtitle=HOSTILE,
    language="de",
    state="Entwurf",
    about=[HOSTILE],
    day=date(2028, 3, 30),
    parts=[
        Heading(1, HOSTILE),
        Paragraph(HOSTILE),
        Paragraph("leise", quiet=True),
        Bullets([HOSTILE, "zwei"]),
        Table(HOSTILE, ["a", "b"], [[HOSTILE, "1"], ["x", "2"]], ["Anmerkung"]),
        Figure(HOSTILE, DRAWING, f"Bild: {HOSTILE}", ["Quelle"]),
    ],
)


def _text(pdf: bytes) -> str:
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_texts_are_data_in_pdf_and_word() -> None:
    wanted = re.sub(r"\s+", "", HOSTILE)
    assert wanted in _text(to_pdf(MADE))
    word = docx.Document(io.BytesIO(to_word(MADE)))
    assert any(paragraph.text == HOSTILE for paragraph in word.paragraphs)
    assert word.tables[0].rows[1].cells[0].text == HOSTILE


def test_a_page_escapes_every_text() -> None:
    page = to_html(MADE).decode("utf-8")
    assert "<script>x" not in page
    assert page.count("&lt;script&gt;x&lt;/script&gt;") >= 8
    assert '<h2 id="abschnitt-1">' in page
    assert 'scope="col">a</th>' in page
    assert to_html(MADE) == to_html(MADE)


@pytest.mark.parametrize("template", ["document", "slides"])
def test_a_pdf_is_tagged_and_has_title_language_and_bookmarks(template: str) -> None:
    reader = PdfReader(io.BytesIO(to_pdf(MADE, template)))  # type: ignore[arg-type]
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None and reader.metadata.title == MADE.title
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert reader.outline


def test_the_same_content_gives_the_same_bytes() -> None:
    assert to_pdf(MADE) == to_pdf(MADE)
    assert to_word(MADE) == to_word(MADE)


def test_word_has_styles_a_repeated_head_and_a_language() -> None:
    word = docx.Document(io.BytesIO(to_word(MADE)))
    styles = {paragraph.style.name for paragraph in word.paragraphs}
    assert {"Title", "Heading 1", "List Bullet", "Caption"} <= styles
    assert word.core_properties.title == MADE.title
    assert word.core_properties.modified.year == 2028
    assert "w:tblHeader" in word.tables[0].rows[0]._tr.xml
    assert 'w:val="de-DE"' in word.styles["Normal"].element.xml


def test_the_draft_for_the_council_says_what_the_register_says(study: Study, results: Path) -> None:
    found = all_findings(study.files.project, study.name)
    leitbild = study.files.leitbild
    assert leitbild is not None
    draft = council_draft(study, leitbild, found)
    texts = [text for part in draft.parts if isinstance(part, Bullets) for text in part.texts]
    need = next(one for one in found if one.id == "unmet_need.F05" and one.wave == "2028")
    assert any(text.startswith(f"{need.statement['de']} [1] Der Befund stützt das Ziel, solange") for text in texts)
    cited = [part for part in draft.parts if isinstance(part, Table)][-1]
    assert cited.rows[0][0] == "[1] unmet_need.F05"
    assert len(cited.rows) == len({row[0] for row in cited.rows})
    questions = open_questions(study, weigh(study, found), found)
    assert "„Sprache und Ankommen“: Belege sprechen dafür und dagegen. Beibehalten, ändern oder streichen?" in questions
    assert "„Bildung vor Ort im ländlichen Raum“: Welche Befunde zeigen, ob es gebraucht wird?" in questions
    assert leitbild.vision is not None
    assert any(isinstance(part, Paragraph) and part.text == leitbild.vision.de for part in draft.parts)


def test_the_summary_has_two_pages(study: Study, results: Path) -> None:
    made = to_pdf(summary(study, all_findings(study.files.project, study.name)))
    assert len(PdfReader(io.BytesIO(made)).pages) == 2


def test_a_run_wrote_documents_and_reports(results: Path) -> None:
    names = {path.name for path in (results / "all" / "documents").iterdir()}
    stems = ("kurzfassung", "leitbild", "handlungskonzept", "jahresbericht")
    assert names == {f"{stem}.{form}" for stem in stems for form in ("docx", "html", "pdf")}
    report = _text((results / "2028" / "report.pdf").read_bytes())
    assert "33,1%" in report and "DigitaleKompetenzen" in report
    year = docx.Document(results / "all" / "documents" / "jahresbericht.docx")
    cells = [cell.text for table in year.tables for row in table.rows for cell in row.cells]
    assert "2.850" in cells or any(
        cell.replace(".", "").isdigit() and int(cell.replace(".", "")) > 2500 for cell in cells
    )
    assert "überfällig" not in cells and "offen" in cells


def test_one_document_alone(study: Study, results: Path) -> None:
    name, content = document_alone(study, "leitbild", "docx")
    assert (name, content[:2]) == ("leitbild.docx", b"PK")
    name, content = document_alone(study, "welle", "slides", "2026")
    assert name == "welle-folien.pdf"
    assert len(PdfReader(io.BytesIO(content)).pages) > 5
    with pytest.raises(ConfigError, match="did you mean 'leitbild'"):
        document_alone(study, "leitbil", "pdf")
    with pytest.raises(ConfigError, match="no such format"):
        document_alone(study, "leitbild", "odt")


def test_nothing_registered_makes_no_document(project: Project) -> None:
    with pytest.raises(DataError, match="nothing is registered yet"):
        document_alone(Study.load("bildungsbefragung", project), "leitbild", "pdf")


def test_drawings_are_kept_as_they_are() -> None:
    piece = (
        '<figure class="bb-figure"><p class="bb-title">Titel</p>'
        + DRAWING.replace("<svg ", '<svg aria-label="Was es &amp; zeigt" ')
        + "<figcaption><p>Quelle</p></figcaption><details><figure class='bb-table'></figure></details></figure>"
        "<ul><li>eins<br>zwei</li></ul><p>Text</p>"
    )
    figure, bullets, paragraph = parts_of(piece)
    assert isinstance(figure, Figure)
    assert 'viewBox="0 0 10 10"' in figure.svg
    assert (figure.caption, figure.alt, figure.notes) == ("Titel", "Was es & zeigt", ["Quelle"])
    assert bullets == Bullets(["eins zwei"])
    assert paragraph == Paragraph("Text")


def test_each_number_of_the_draft_leads_to_what_it_cites(study: Study, results: Path) -> None:
    """In Word, on the page and in the PDF ``[3]`` leads to the third row of the findings cited."""
    word = docx.Document(io.BytesIO(document_alone(study, "leitbild", "docx")[1])).element
    anchors = [link.get(qn("w:anchor")) for link in word.iter(qn("w:hyperlink"))]
    places = [mark.get(qn("w:name")) for mark in word.iter(qn("w:bookmarkStart"))]
    assert len(anchors) > 10
    assert set(anchors) == set(places)
    assert len(places) == len(set(places))
    page = document_alone(study, "leitbild", "html")[1].decode()
    told = re.findall(r'href="#(befund-\d+)">\[(\d+)\]<', page)
    assert [f"befund-{row}" for _, row in told] == [place for place, _ in told] == anchors
    assert sorted(re.findall(r'<tr role="row" id="(befund-\d+)">', page)) == sorted(places)
    pdf = PdfReader(io.BytesIO(document_alone(study, "leitbild", "pdf")[1]))
    contents = PdfReader(io.BytesIO(document_alone(study, "handlungskonzept", "pdf")[1]))
    links = [
        sum(one.get_object()["/Subtype"] == "/Link" for page in read.pages for one in page.get("/Annots", []))
        for read in (pdf, contents)
    ]
    assert links[0] - links[1] >= len(anchors)


def test_a_text_that_cites_comes_in_pieces() -> None:
    assert cited_pieces("[1] und [12].") == [("[1]", 1), (" und ", 0), ("[12]", 12), (".", 0)]
    assert cited_pieces("nichts [x] davon") == [("nichts [x] davon", 0)]
