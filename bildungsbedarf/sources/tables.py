"""Exports as tables of text, whatever their format: JSON, CSV, Excel, SPSS, Stata, or an archive's responses."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import pandas as pd
import pyarrow as pa
from pyarrow import csv as csv_reader

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.delimiters import delimiter_of
from bildungsbedarf.limesurvey.xml import parse_xml
from bildungsbedarf.sources.json_export import EXPORT_REMEDY, json_table, quick_json
from bildungsbedarf.sources.labels import by_value_labels

_BINARY = {".sav": "spss", ".zsav": "spss", ".dta": "stata"}
_EXCEL = (".xlsx", ".xlsm")
_START = 400
"""Bytes that are enough to see how a text is written."""
_HEAD = 1 << 18
_TEXT = pa.large_string()
"""What pandas keeps texts in: read so, they are not copied."""
_MARK = b"\xef\xbb\xbf"
_ZIP, _OLD_OFFICE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read_table(content: bytes, name: str, codebook: Codebook) -> tuple[pd.DataFrame, str]:
    """An export's table, all text (``""`` = nothing), and its format.

    Raises
    ------
    DataError
        It is none, or broken; names line or response.
    """
    suffix = Path(name.lower().removesuffix(".gz")).suffix
    if suffix in _BINARY:
        return _statistics_file(content, name, suffix, codebook), _BINARY[suffix]
    if suffix in _EXCEL or (suffix == ".xls" and content.startswith(_ZIP)):
        return _excel(content, name), "excel"
    if content.startswith(_OLD_OFFICE):
        raise DataError(
            "Excel's format of before 2007 is not read", where=name, remedy="save it as .xlsx, or export as CSV"
        )
    if suffix in (".lsr", ".lsa"):
        return _archive_rows(content, name, codebook), "archive"
    if (table := quick_json(content)) is not None:
        return table, "json"
    if content[:_START].removeprefix(_MARK)[:4].lower() == b"sep=":
        content = content.partition(b"\n")[2]
    is_table = not content[:_START].removeprefix(_MARK).lstrip().startswith((b"<", b"{", b"["))
    if is_table and (table := _quick_csv(content)) is not None:
        return table, "csv"
    text = _decode(content, name)
    start = text.lstrip()[:200].lower()
    if start.startswith("<"):
        raise DataError(
            "this is a web page or XML, not an export",
            where=name,
            value=text.lstrip()[:40],
            expected="JSON or CSV",
            remedy="log in again and save the export itself, not the page around it",
        )
    if start.startswith(("{", "[")):
        return json_table(text, name), "json"
    rows, headings = _csv_rows(text, name)
    return pd.DataFrame(rows, columns=headings, dtype="str"), "csv"


def read_csv_text(content: bytes, name: str) -> pd.DataFrame:
    """A CSV that is no export of LimeSurvey, as spreadsheets write it; all text without blanks around it.

    Rows and columns in which nothing stands, and Excel's ``sep=;``, are passed over; a heading alone is an empty table.

    Raises
    ------
    DataError
        It is none, or broken; names the line. A heading that stands twice, or a column without one.
    """
    text = _decode(content, name).lstrip("\ufeff\r\n")
    if text[:4].lower() == "sep=":
        text = text.partition("\n")[2]
    delimiter = delimiter_of(text)
    lines = list(_checked_lines(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), name))
    rows = [[cell.strip() for cell in row] for row in lines]
    rows = [row for row in rows if any(row)]
    if not rows:
        raise DataError("table has no heading line", where=name, expected="a line that names the columns")
    used = [place for place in range(len(rows[0])) if any(row[place] for row in rows)]
    headings = [rows[0][place] for place in used]
    for heading in headings:
        if not heading or headings.count(heading) > 1:
            raise DataError(
                "a heading stands twice" if heading else "a column has no heading",
                where=f"{name}, line 1",
                value=heading or None,
                expected="one heading a column",
            )
    return pd.DataFrame([[row[place] for place in used] for row in rows[1:]], columns=headings, dtype="str")


def read_excel_text(content: bytes, name: str) -> pd.DataFrame:
    """The first sheet of a workbook that is no export of LimeSurvey, as ``read_csv_text``.

    Raises
    ------
    DataError
        It is none, or broken.
    """
    table = _excel(content, name).replace({"TRUE": "Y", "FALSE": "N"})
    return table.rename(columns=lambda heading: str(heading).strip())


def _excel(content: bytes, name: str) -> pd.DataFrame:
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        rows = _sheet(content)
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError, IndexError) as error:
        raise DataError(
            f"Excel file cannot be read ({type(error).__name__})",
            where=name,
            remedy="save it as .xlsx again, or as CSV",
        ) from None
    rows = [row for row in rows if any(row)]
    if len(rows) < 2:
        raise DataError(
            "export has no responses", where=name, remedy="the first sheet holds a heading and one row each"
        )
    width = max(len(row) for row in rows)
    padded = [[*row, *[""] * (width - len(row))] for row in rows]
    headings = padded[0]
    for place, heading in enumerate(headings):
        below = next((row[place] for row in padded[1:] if row[place]), "")
        if not heading and below and place:
            raise DataError(
                "a column has values but no heading",
                where=f"{name}, column {place + 1}",
                value=below,
                remedy="give it its heading, or empty it",
            )
    used = [place for place, heading in enumerate(headings) if heading or not place]
    return pd.DataFrame(
        [[row[place] for place in used] for row in padded[1:]], columns=[headings[place] for place in used], dtype="str"
    )


def _sheet(content: bytes) -> list[list[str]]:
    """Cells of the first sheet; a text that begins with "=" is kept by Excel as a formula without a value."""
    from openpyxl import load_workbook

    values, formulas = (
        load_workbook(BytesIO(content), read_only=True, data_only=only).worksheets[0].iter_rows(values_only=True)
        for only in (True, False)
    )
    return [
        [_cell(typed if value is None else value) for value, typed in zip(row, as_typed, strict=False)]
        for row, as_typed in zip(values, formulas, strict=False)
    ]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        # of a box it is yes and no, of a text what somebody wrote
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    # a formula over several cells keeps its text apart
    return str(getattr(value, "text", value)).strip()


def _statistics_file(content: bytes, name: str, suffix: str, codebook: Codebook) -> pd.DataFrame:
    """SPSS or Stata: numbers as text without needless decimals; the library reads from a file only.

    What SPSS declares as missing stays where it is an answer of the questionnaire ("don't know"): study.toml says what
    it means.
    """
    import pyreadstat

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"table{suffix}"
        path.write_bytes(content)
        try:
            read = pyreadstat.read_dta if suffix == ".dta" else pyreadstat.read_sav
            is_spss = suffix != ".dta"
            whole, meta = read(str(path), dates_as_pandas_datetime=True, user_missing=is_spss)
            declared = set(meta.missing_ranges or ()) if is_spss else set()
            table = read(str(path), dates_as_pandas_datetime=True)[0] if declared else whole
        except (pyreadstat.ReadstatError, UnicodeDecodeError, ValueError, MemoryError) as error:
            raise DataError(
                f"file cannot be read: {error}", where=name, remedy="save it again, with UTF-8 as its encoding"
            ) from None
    if table.empty:
        raise DataError("export has no responses", where=name, remedy="export once there are answers")
    codes = {name: column.codes for column in codebook.columns for name in (column.name, column.heading)}
    found = {column: [_plain(value) for value in table[column]] for column in table.columns}
    for column in sorted(declared & set(found)):
        answers = [_plain(value) for value in whole[column]]
        known = {*codes.get(column, ()), *(code.lstrip("0") for code in codes.get(column, ()))}
        found[column] = [
            answer if answer in known else plain for answer, plain in zip(answers, found[column], strict=True)
        ]
    return pd.DataFrame(_by_labels(found, meta.variable_value_labels, codebook, name), dtype="str")


def _by_labels(
    table: dict[str, list[str]], labels: dict[str, dict[Any, str]], codebook: Codebook, name: str
) -> dict[str, list[str]]:
    """Values that are no codes of the questionnaire as those of the options they are called like."""
    columns = {own: column for column in codebook.columns for own in (column.name, column.heading) if column.codes}
    found = dict(table)
    for heading in table.keys() & labels.keys() & columns.keys():
        own = {_plain(value): str(label) for value, label in labels[heading].items()}
        codes = by_value_labels(own, columns[heading], codebook, name)
        found[heading] = [codes.get(value, value) for value in table[heading]]
    return found


def _plain(value: Any) -> str:
    if value is None or value is pd.NaT or value != value:
        return ""
    return _cell(value)


def _archive_rows(content: bytes, name: str, codebook: Codebook) -> pd.DataFrame:
    """Responses of an archive, under the names of the server's database; from there to the export's headings."""
    root = parse_xml(content, name)
    fields = [cell.text or "" for cell in root.iterfind("responses/fields/fieldname")]
    if root.findtext("LimeSurveyDocType") != "Responses" or "id" not in fields:
        raise DataError(
            "archive holds no responses", where=name, remedy="export the archive (.lsa) of an active survey"
        )
    headings = {field: column.heading for column in codebook.columns for field in column.fields}
    system = [field for field in fields if not field[:1].isdigit() and not field.startswith("Q")]
    known = [field for field in fields if field in headings or field in system]
    rows = []
    for row in root.iterfind("responses/rows/row"):
        cells = {cell.tag.removeprefix("_"): cell.text or "" for cell in row}
        rows.append([_without_zeros(cells.get(field, "")) for field in known])
    if not rows:
        raise DataError("export has no responses", where=name, remedy="export once there are answers")
    return pd.DataFrame(rows, columns=[headings.get(field, field) for field in known], dtype="str")


def _without_zeros(text: str) -> str:
    """``6.0000000000``, as the database keeps numbers, is ``6``, as exports write it."""
    whole, dot, decimals = text.partition(".")
    if not dot or not whole.lstrip("-").isdigit() or len(decimals) < 10 or not decimals.isdigit():
        return text
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole


def _decode(content: bytes, name: str) -> str:
    """UTF-8 or UTF-16 (with or without a mark), else what Western European Windows writes."""
    start = content[:_START]
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings: tuple[str, ...] = ("utf-16",)
    elif start.count(b"\0") > len(start) // 4:
        # of every sign of a Western text one byte is nothing: the second, or the first
        encodings = ("utf-16-le",) if start[1::2].count(b"\0") > start[::2].count(b"\0") else ("utf-16-be",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DataError("neither UTF-8 nor Windows text", where=name, remedy="export with the encoding UTF-8")


def _quick_csv(content: bytes) -> pd.DataFrame | None:
    """A sound CSV in a tenth of the time; ``None`` where anything is odd, so that the exact reader says what.

    The bytes are read where they lie: a copy of a large export is as large again.
    """
    if b"\0" in content[:_START]:
        return None
    buffer = pa.py_buffer(content)
    buffer = buffer.slice(len(_MARK)) if content.startswith(_MARK) else buffer
    try:
        start = content[:_HEAD].removeprefix(_MARK).rpartition(b"\n")[0].decode()
        options = csv_reader.ParseOptions(delimiter=delimiter_of(start), newlines_in_values=True)
        head = next(csv.reader([start.split("\n", 1)[0]], delimiter=options.delimiter, strict=True))
        types = csv_reader.ConvertOptions(column_types=dict.fromkeys(head, _TEXT), strings_can_be_null=False)
        table = csv_reader.read_csv(pa.BufferReader(buffer), parse_options=options, convert_options=types)
    except (pa.ArrowInvalid, csv.Error, StopIteration, UnicodeDecodeError):
        return None
    # an odd number of quotes: one is open at the end, and what follows it is lost
    is_odd = (
        content.count(b'"') % 2
        or len(set(head)) < len(head)
        or len(head) < 2
        or not table.num_rows
        or table.column_names != head
    )
    return None if is_odd else pd.DataFrame({name: table[name].to_pandas() for name in head}, dtype="str")


def _csv_rows(text: str, name: str) -> tuple[list[list[str]], list[str]]:
    first_line = text.split("\n", 1)[0]
    delimiter = delimiter_of(text)
    lines = _checked_lines(csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True), name)
    headings = next(lines, [])
    if len(headings) < 2:
        raise DataError("not a table with a heading line", where=name, value=first_line[:60], remedy=EXPORT_REMEDY)
    rows = list(lines)
    if not rows:
        raise DataError("export has no responses", where=name, remedy="export once there are answers")
    return rows, headings


def _checked_lines(reader: Any, name: str) -> Iterator[list[str]]:
    """Rows as the reader gives them; a row of another length or an open quote is an error with its line."""
    width = 0
    try:
        for cells in reader:
            if not cells:
                continue
            width = width or len(cells)
            # spreadsheets end rows with separators of columns that hold nothing
            row = cells if any(cells[width:]) else cells[:width]
            if len(row) != width:
                raise DataError(
                    "row has another number of cells than the heading",
                    where=f"{name}, line {reader.line_num}",
                    value=len(row),
                    expected=f"{width} cells",
                    remedy="the file may be truncated or edited by hand; export it again",
                )
            yield row
    except csv.Error as error:
        raise DataError(
            f"CSV cannot be read: {error}",
            where=f"{name}, line {reader.line_num}",
            remedy="the file may be truncated or edited by hand; export it again",
        ) from None
