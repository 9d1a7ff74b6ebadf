"""Figures to take along: the picture is the drawing, the workbook holds the numbers of the CSV."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image

from bildungsbedarf.errors import StepError
from bildungsbedarf.report.pictures import to_png, to_workbook

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="30"><style>\n'
    ":root { --ink: #ff0000; --paper: #ffffff; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #00ff00; --paper: #000000; } }\n"
    "rect { fill: var(--ink); }\n</style><rect width='60' height='30'/></svg>"
)


def test_a_picture_has_the_light_colours_and_twice_the_size() -> None:
    made = to_png(SVG, "a")
    assert made == to_png(SVG, "a")
    picture = Image.open(BytesIO(made)).convert("RGB")
    assert picture.size == (120, 60)
    assert picture.getpixel((60, 30)) == (255, 0, 0)


def test_what_is_no_drawing_is_named() -> None:
    with pytest.raises(StepError, match="cannot be rendered"):
        to_png("<svg", "hindernisse")


def test_every_figure_can_be_taken_along(results: Path) -> None:
    site = results / "site"
    drawings = sorted((site / "zahlen").glob("*.svg"))
    assert len(drawings) > 60
    for drawing in drawings:
        with Image.open(drawing.with_suffix(".png")) as picture:
            assert picture.width >= 1400
    for table in sorted((site / "zahlen").glob("*.csv")):
        head, *rows = list(csv.reader(table.read_text(encoding="utf-8").splitlines()))
        lines = [
            ["" if cell is None else cell for cell in line]
            for line in load_workbook(table.with_suffix(".xlsx")).active.iter_rows(min_row=4, values_only=True)
        ]
        assert lines[0] == head
        for told, row in zip(lines[1:], rows, strict=False):
            assert [f"{cell}" if isinstance(cell, str) else float(cell) for cell in told] == [
                float(text) if isinstance(cell, int | float) else text for text, cell in zip(row, told, strict=True)
            ]


def test_a_text_of_a_table_is_no_formula() -> None:
    made = to_workbook("=1+1", "Anteil", "Bereich,estimate\r\n=2+2,0.5\r\n", "Quelle")
    sheet = load_workbook(BytesIO(made)).active
    assert sheet["A1"].value == "=1+1"
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}
