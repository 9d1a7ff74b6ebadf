from __future__ import annotations

import csv
import dataclasses
import io
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pandas as pd
import pytest
from openpyxl import load_workbook

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.errors import ConfigError, StepError
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.saving import laid_out
from bildungsbedarf.wave import Wave
from tests.show.drawn import figures


@pytest.fixture(scope="module")
def block(wave: Wave) -> Block:
    return show.table(disclosure.release(needs.unmet(wave, by="altersgruppe")), wave)


@pytest.fixture(scope="module")
def figure(wave: Wave) -> Block:
    return show.dot_plot(disclosure.release(needs.unmet(wave)), wave)


def test_each_kind_of_file_has_title_cells_and_notes(block: Block, tmp_path: Path) -> None:
    content = block.content
    assert content is not None
    assert len(content.rows) == 10
    word = docx.Document(str(show.save(block, tmp_path / "a.docx")))
    assert word.paragraphs[0].text == content.title
    assert [cell.text for cell in word.tables[0].rows[5].cells] == content.rows[4]
    assert word.paragraphs[-1].text == content.notes[-1]
    book = load_workbook(show.save(block, tmp_path / "a.xlsx"))
    assert [cell.value for cell in book["Tabelle"][3]] == content.heads
    assert book["Zahlen"].max_row == 1 + len(block.data)
    heads = [cell.value for cell in book["Zahlen"][1]]
    first = [cell.value for cell in book["Zahlen"][2]]
    assert first[heads.index("n")] == int(block.data["n"].iloc[0])
    rows = list(csv.reader(io.StringIO(show.save(block, tmp_path / "a.csv").read_text(encoding="utf-8-sig"))))
    assert rows[0] == [*map(str, block.data.columns), "source"]
    assert [row[-1] for row in rows[1:]] == [content.source] * len(block.data)
    assert content.source.startswith("Beispieldaten, erfunden. Quelle:")
    assert [float(row[rows[0].index("estimate")]) for row in rows[1:]] == block.data["estimate"].tolist()
    assert {"label", "altersgruppe_label"} <= set(rows[0])
    assert book["Zahlen"].cell(2, 1 + heads.index("small")).value is False
    markdown = show.save(block, tmp_path / "a.md").read_text(encoding="utf-8")
    assert markdown.count("\n|") == len(content.rows) + 2
    assert f"**{content.title}**" in markdown
    latex = show.save(block, tmp_path / "a.tex").read_text(encoding="utf-8")
    assert latex.count(r"\\") == len(content.rows) + 1
    assert "%" not in latex.replace(r"\%", "").removeprefix("% needs")
    html = show.save(block, tmp_path / "a.html").read_text(encoding="utf-8")
    assert block.html in html


def test_a_csv_has_signed_numbers_as_numbers(wave: Wave, later: Wave, tmp_path: Path) -> None:
    """Shown as ``+0,44 (…)`` it would begin with an apostrophe, and be a text."""
    released = disclosure.release(needs.trend(wave, later, "satisfaction"))
    table = show.table(released, later, earlier=wave)
    read = pd.read_csv(table.save(tmp_path / "a.csv"))
    assert read["estimate"].tolist() == pytest.approx(released.rows()["estimate"].tolist())
    assert read.loc[4, "label"] == "Digitale Kompetenzen"
    assert "Datenstand" in read.loc[0, "source"]


def test_where_the_numbers_come_from_goes_with_every_file(wave: Wave, tmp_path: Path) -> None:
    """The source is no footnote, and the table of a map has the map's notes: its licence asks for one of them."""
    small = show.table(disclosure.release(needs.unmet(wave, by="gemeinde")), wave)
    read = pd.read_csv(small.save(tmp_path / "a.csv"))
    assert read["source"].str.contains("Quelle: Befragung der Erwachsenen 2026").all()
    area = show.area_map(disclosure.release(needs.small_areas(wave, "F07")), needs.area_table(wave), wave)
    assert pd.read_csv(area.save(tmp_path / "b.csv"))["source"].str.contains("Quelle: Befragung").all()
    for name in ("b.md", "b.docx"):
        path = area.save(tmp_path / name)
        text = (
            path.read_text(encoding="utf-8")
            if name.endswith("md")
            else "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
        )
        assert "dl-de/by-2-0" in text
        assert "Modellierte Werte" in text
    assert "*\\* kleine Basis" in small.save(tmp_path / "a.md").read_text(encoding="utf-8")


def test_what_is_of_no_estimates_is_written_as_shown(wave: Wave, tmp_path: Path) -> None:
    block = show.weights(wave)
    assert block.data is None
    rows = list(csv.reader(io.StringIO(block.save(tmp_path / "a.csv").read_text(encoding="utf-8-sig"))))
    assert rows == [block.content.heads, *block.content.rows]


def test_a_table_wider_than_a_page_goes_on_in_further_tables(wave: Wave, tmp_path: Path) -> None:
    block = show.table(disclosure.release(needs.unmet(wave, by="gemeinde")), wave)
    content = block.content
    made = docx.Document(str(block.save(tmp_path / "a.docx")))
    section = made.sections[0]
    assert section.page_width > section.page_height
    assert max(len(table.columns) for table in made.tables) == 9
    heads = [[cell.text for cell in table.rows[0].cells] for table in made.tables]
    assert [head for own in heads for head in own[1:]] == content.headings
    assert {own[0] for own in heads} == {content.corner}
    assert made.paragraphs[0].text == f"{content.title} (1/{len(made.tables)})"
    assert [cell.text for cell in made.tables[1].rows[3].cells] == [content.rows[2][0], *content.rows[2][9:17]]


def test_the_same_table_is_the_same_file(block: Block, tmp_path: Path) -> None:
    for suffix in (".xlsx", ".csv", ".md", ".tex", ".html"):
        one, two = (show.save(block, tmp_path / f"{name}{suffix}").read_bytes() for name in "ab")
        assert one == two, suffix


@pytest.mark.parametrize(("size", "width"), [("journal", 6.3), ("slide", None), ("as drawn", None)])
def test_figures_in_the_size_of_a_journal_and_a_slide(
    figure: Block, tmp_path: Path, size: str, width: float | None
) -> None:
    before = tuple(figure.figure.get_size_inches())
    svg = figure.save(tmp_path / "a.svg", size).read_text(encoding="utf-8")  # type: ignore[arg-type]
    across, down = (float(re.search(rf'{side}="([\d.]+)pt"', svg)[1]) for side in ("width", "height"))  # type: ignore[index]
    if size == "slide":
        assert across / down == pytest.approx(16 / 9, rel=1e-3)
    else:
        assert across == pytest.approx(72 * (width or before[0]), rel=1e-3)
    assert figure.save(tmp_path / "a.pdf", size).read_bytes().startswith(b"%PDF")  # type: ignore[arg-type]
    assert figure.save(tmp_path / "a.png", size).read_bytes().startswith(b"\x89PNG")  # type: ignore[arg-type]
    assert tuple(figure.figure.get_size_inches()) == before
    assert figure.save(tmp_path / "b.pdf", size).read_bytes() == (tmp_path / "a.pdf").read_bytes()  # type: ignore[arg-type]


def test_the_table_of_a_figure_is_what_it_draws(figure: Block, tmp_path: Path) -> None:
    assert figure.content is not None
    assert len(figure.content.rows) == 10
    assert figure.save(tmp_path / "a.docx").is_file()


def test_what_cannot_be_written_is_said(block: Block, figure: Block, wave: Wave, tmp_path: Path) -> None:
    for made, name, size, told in (
        (block, "a.doc", "as drawn", "did you mean '.docx'"),
        (block, "a.svg", "as drawn", "no drawing"),
        (figure, "a.svg", "jurnal", "did you mean 'journal'"),
        (show.sentences([], wave), "a.docx", "as drawn", "no table"),
    ):
        with pytest.raises(ConfigError, match=told):
            made.save(tmp_path / name, size)  # type: ignore[arg-type]
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StepError, match="no such folder"):
        block.save(tmp_path / "file" / "a.md")
    with pytest.raises(StepError, match="no such folder"):
        block.save(tmp_path / "nirgends" / "a.md")
    assert not (tmp_path / "nirgends").exists()
    (tmp_path / "a.md").mkdir()
    with pytest.raises(StepError, match="cannot be written"):
        block.save(tmp_path / "a.md")


def test_hidden_cells_stay_hidden_and_hostile_texts_are_no_markup(wave: Wave, tmp_path: Path) -> None:
    by_area = show.table(disclosure.release(needs.unmet(wave, by="gemeinde")), wave)
    assert by_area.content is not None
    hidden = [cell for row in by_area.content.rows for cell in row[1:] if cell.startswith("–")]
    assert hidden
    assert not [cell for cell in hidden if any(sign.isdigit() for sign in cell)]
    hostile = show.table(disclosure.release(needs.unmet(wave)), wave, title="=1+1 & 50% \\input{x} | <b>")
    assert r"\textbackslash{}input\{x\}" in hostile.save(tmp_path / "a.tex").read_text(encoding="utf-8")
    assert "<b>" not in hostile.save(tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_the_word_file(block: Block, tmp_path: Path) -> None:
    path = block.save(tmp_path / "a.docx")
    subprocess.run(["soffice", "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), str(path)], check=True)
    assert (tmp_path / "a.pdf").is_file()


def test_a_word_file_is_a4_with_title_and_language(block: Block, wave: Wave, tmp_path: Path) -> None:
    made = docx.Document(str(show.save(block, tmp_path / "a.docx")))
    assert (round(made.sections[0].page_width.mm), round(made.sections[0].page_height.mm)) == (210, 297)
    assert block.content is not None
    assert made.core_properties.title == block.content.title
    assert made.core_properties.language == "de-DE"
    english = dataclasses.replace(block, content=dataclasses.replace(block.content, language="en"))
    assert docx.Document(str(show.save(english, tmp_path / "b.docx"))).core_properties.language == "en-GB"
    assert load_workbook(show.save(english, tmp_path / "b.xlsx")).sheetnames == ["Table", "Numbers"]
    assert load_workbook(show.save(block, tmp_path / "a.xlsx")).properties.title == block.content.title


def test_a_block_prints_its_text(block: Block) -> None:
    assert repr(block) == block.text
    lines = block.text.splitlines()
    assert block.content is not None
    assert lines[0] == block.content.title
    assert [head for head in block.content.heads if head not in lines[1]] == []
    assert [line for line in lines if line.startswith("Beispieldaten, erfunden. Quelle: ")]
    starts = [line.index(row[1]) for line, row in zip(lines[2:], block.content.rows, strict=False)]
    assert len(set(starts)) == 1


def test_title_and_source_go_where_a_drawing_goes(figure: Block, wave: Wave, tmp_path: Path) -> None:
    drawn = figure.save(tmp_path / "a.svg").read_text(encoding="utf-8")
    assert figure.payload["title"] in drawn
    assert "Quelle: Befragung der Erwachsenen 2026" in drawn
    bare = figure.save(tmp_path / "b.svg", caption=False).read_text(encoding="utf-8")
    assert "Quelle" not in bare
    released = disclosure.release(needs.unmet(wave, by="altersgruppe"))
    plot = show.estimates(released, wave, color="altersgruppe")
    own = show.own(plot, released, wave, title="Wo es fehlt", alt="Am meisten bei Digitalem.")
    first = own.save(tmp_path / "a.png", "slide").read_bytes()
    # the drawing itself is as it was: no caption is added twice
    assert own.save(tmp_path / "a.png", "slide").read_bytes() == first
    assert "Quelle" not in own.save(tmp_path / "c.svg", caption=False).read_text(encoding="utf-8")


@pytest.mark.parametrize("size", ["journal", "slide", "as drawn"])
def test_no_legend_lies_over_a_drawing(wave: Wave, later: Wave, size: str) -> None:
    """Legends beneath (a map's) and above a drawing; its caption beneath both."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    blocks = figures(wave, later)
    for name in ("map", "dumbbell", "diverging"):
        drawn = laid_out(blocks[name], size, caption=True)  # type: ignore[arg-type]
        canvas = FigureCanvasAgg(drawn)
        canvas.draw()
        renderer = canvas.get_renderer()
        axes = drawn.axes[0].get_tightbbox(renderer)
        boxes = [legend.get_window_extent(renderer) for legend in drawn.legends]
        texts = [text.get_window_extent(renderer) for text in drawn.texts]
        assert len(texts) == 2
        for box in (*boxes, *texts):
            assert not box.overlaps(axes), name
        assert all(not box.overlaps(text) for box in boxes for text in texts), name


def test_a_slide_has_the_dots_of_a_screen(figure: Block, tmp_path: Path) -> None:
    png = figure.save(tmp_path / "a.png", "slide").read_bytes()
    assert int.from_bytes(png[16:20], "big") == 3840
    assert int.from_bytes(png[20:24], "big") == pytest.approx(2160, abs=1)
