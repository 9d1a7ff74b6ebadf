"""Read an XLSForm (KoboToolbox, ODK): a workbook whose sheets ``survey`` and ``choices`` hold questions and options."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile

from bildungsbedarf.codebook.model import Codebook, Texts
from bildungsbedarf.codebook.structure import Row, Structure
from bildungsbedarf.errors import DataError, Problem

_TYPES = {
    "integer": "N",
    "decimal": "N",
    "range": "N",
    "text": "S",
    "date": "D",
    "datetime": "D",
    "time": "S",
    "geopoint": "S",
    "select_one": "L",
    "select_multiple": "M",
    "rank": "S",
    "calculate": "*",
    "image": "S",
    "audio": "S",
    "file": "S",
    "acknowledge": "S",
    "barcode": "S",
    "video": "S",
    "geotrace": "S",
    "geoshape": "S",
    "select_one_from_file": "S",
    "select_multiple_from_file": "S",
    "select_one_external": "S",
}
_SPELLED = {
    "select one from": "select_one",
    "select one": "select_one",
    "select1": "select_one",
    "select all that apply from": "select_multiple",
    "select multiple from": "select_multiple",
    "select all that apply": "select_multiple",
    "select multiple": "select_multiple",
    "datetime": "datetime",
    "string": "text",
    "int": "integer",
    "photo": "image",
    "gps": "geopoint",
    "location": "geopoint",
}
"""Other spellings of types, as forms of some age have them."""
_SPELLINGS = re.compile(rf"^({'|'.join(sorted(_SPELLED, key=len, reverse=True))})\b(?!_)", re.I)
_ANSWERLESS = re.compile(
    r"note|start|end|today|deviceid|username|phonenumber|email|subscriberid|simserial|hidden|"
    r"audit|background-audio|start-geopoint|xml-external"
)
_GROUP = re.compile(r"(begin|end)[ _]group")
_REPEAT = re.compile(r"(begin|end)[ _]repeat")
_OTHER = "or_other"
_OTHER_TEXTS: Texts = {"de": "Anderes", "en": "Other"}
_LARGEST = 20 * 1024 * 1024
_LANGUAGE = re.compile(r"label(?:::?\s*(?:.*\((?P<code>[a-z]{2})\)|(?P<name>\w+)))?", re.I)
_NAMES = {"deutsch": "de", "german": "de", "english": "en", "englisch": "en"}
_SELECTED = re.compile(r"selected\(\s*\$\{(\w+)\}\s*,\s*(['\"])(.*?)\2\s*\)")
_EQUALS = re.compile(r"\$\{(\w+)\}\s*(!?=)\s*(['\"])(.*?)\3")
_NUMBERS = re.compile(r"\$\{(\w+)\}\s*(<=|>=|<|>|!?=)\s*(-?[\d.]+)")

Sheet = list[tuple[int, dict[str, str]]]


def read_xlsform(path: Path) -> Codebook:
    """Read an XLSForm into a ``Codebook``.

    Conditions (``relevant``) of equality, comparison and ``selected`` are taken over; others stay as they are and are
    named as not to be evaluated. Notes are passed over, and so are questions within repeats, whose answers stand in
    tables of their own. ``or_other`` is what the standard makes of it: an option ``other`` and a text ``…_other``.

    Raises
    ------
    DataError
        No workbook, without its sheets, unknown types: all at once, with their rows.
    """
    raw = path.read_bytes()
    if len(raw) > _LARGEST:
        raise DataError("questionnaire file is too large", where=path.name, expected="at most 20 MB")
    sheets = _sheets(raw, path.name)
    if not sheets.get("survey"):
        raise DataError(
            "workbook is no XLSForm", where=path.name, value=", ".join(sheets), expected="sheets survey and choices"
        )
    form = _Form(path.name, _options(sheets.get("choices", [])))
    for number, row in sheets["survey"]:
        form.add(number, row)
    if form.problems:
        raise DataError(form.problems)
    return form.structure(path.stem, hashlib.sha256(raw).hexdigest()).codebook()


def _sheets(raw: bytes, name: str) -> dict[str, Sheet]:
    """Rows of each sheet that hold something, under the headings of its first line, with their numbers."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(BytesIO(raw), read_only=True, data_only=True)
        cells = {sheet.lower(): list(book[sheet].iter_rows(values_only=True)) for sheet in book.sheetnames}
    except (BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise DataError(
            f"workbook cannot be read ({type(error).__name__})", where=name, remedy="save it as .xlsx again"
        ) from None
    found: dict[str, Sheet] = {}
    for sheet, lines in cells.items():
        heads = [str(cell or "").strip() for cell in lines[0]] if lines else []
        rows = [{h: str(c).strip() for h, c in zip(heads, line, strict=False) if h and c is not None} for line in lines]
        found[sheet] = [(number, row) for number, row in enumerate(rows, start=1) if number > 1 and any(row.values())]
    return found


def _options(choices: Sheet) -> dict[str, list[tuple[str, Texts]]]:
    """Options by list."""
    found: dict[str, list[tuple[str, Texts]]] = {}
    for _, row in choices:
        code = row.get("name", row.get("value", ""))
        found.setdefault(row.get("list_name", row.get("list name", "")), []).append((code, _texts(row)))
    return found


def _texts(row: dict[str, str]) -> Texts:
    """Labels by language; one without a language is German."""
    found: Texts = {}
    for heading, text in row.items():
        if match := _LANGUAGE.fullmatch(heading):
            name = (match["name"] or "").lower()
            found[match["code"] or _NAMES.get(name, name[:2]) or "de"] = text
    return found


@dataclass
class _Form:
    """What has been read of a form so far."""

    name: str
    options: dict[str, list[tuple[str, Texts]]]
    questions: list[Row] = field(default_factory=list)
    items: list[Row] = field(default_factory=list)
    answers: list[Row] = field(default_factory=list)
    wording: dict[str, Texts] = field(default_factory=dict)
    answer_texts: dict[tuple[str, str, str], Texts] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    groups: list[str] = field(default_factory=list)
    """Conditions of the groups that are open."""
    repeats: int = 0
    """Repeats that are open."""
    letters: dict[str, str] = field(default_factory=dict)
    """Types of the questions so far."""
    boxes: set[str] = field(default_factory=set)
    """Columns of the multiple choices so far."""

    def add(self, number: int, row: dict[str, str]) -> None:
        """One row of the sheet ``survey``."""
        kind, _, rest = _SPELLINGS.sub(lambda match: _SPELLED[match[0].lower()], row.get("type", "")).partition(" ")
        if match := _GROUP.fullmatch(row.get("type", "")):
            self.groups = [*self.groups, row.get("relevant", "")] if match[1] == "begin" else self.groups[:-1]
        elif match := _REPEAT.fullmatch(row.get("type", "")):
            self.repeats += 1 if match[1] == "begin" else -1
        elif kind in _TYPES and self.repeats:
            return
        elif kind in _TYPES:
            self._ask_with_other(row, _TYPES[kind], rest.split())
        elif not _ANSWERLESS.fullmatch(row.get("type", "")):
            where = f"{self.name}, survey, row {number}"
            self.problems.append(Problem("question type is not read", where, row.get("type"), ", ".join(_TYPES)))

    def _ask_with_other(self, row: dict[str, str], letter: str, words: list[str]) -> None:
        """A question with the options of the list ``words`` name; behind it what "other" is, where that is asked."""
        options = self.options.get(words[0], []) if words else []
        if _OTHER not in words[1:]:
            self._ask(row, letter, options)
            return
        self._ask(row, letter, [*options, ("other", _OTHER_TEXTS)])
        name = row.get("name", "")
        named = f"selected(${{{name}}}, 'other')"
        texts = {f"label::({language})": text for language, text in _OTHER_TEXTS.items()}
        self._ask({"name": f"{name}_other", "relevant": named, **texts}, "S", [])

    def _ask(self, row: dict[str, str], letter: str, options: list[tuple[str, Texts]]) -> None:
        name = row.get("name", "")
        # where the box "other" of a multiple choice has the name of the text behind it
        name = f"{name}_" if name in self.boxes else name
        self.letters[name] = letter
        self.boxes |= {f"{name}_{code}" for code, _ in options} if letter == "M" else set()
        conditions = [f"({self._condition(text)})" for text in (*self.groups, row.get("relevant", "")) if text]
        asked = {"qid": name, "gid": "1", "type": letter, "title": name, "relevance": " and ".join(conditions) or "1"}
        asked["mandatory"] = "Y" if row.get("required", "").lower() in ("yes", "true", "true()") else "N"
        self.questions.append({**asked, "question_order": str(len(self.questions) + 1)})
        self.wording[name] = _texts(row) or {"de": name}
        for place, (code, texts) in enumerate(options):
            if letter == "M":
                qid = f"{name}/{code}"
                self.items.append({"qid": qid, "parent_qid": name, "title": code, "question_order": str(place)})
                self.wording[qid] = texts
            elif letter == "L":
                self.answers.append({"qid": name, "code": code, "sortorder": str(place), "scale_id": "0"})
                self.answer_texts[name, "0", code] = texts

    def _condition(self, text: str) -> str:
        """An XPath condition in LimeSurvey's expressions, as far as the forms go that people write."""
        found = _SELECTED.sub(lambda m: self._selected(m[1], m[3]), text)
        found = _EQUALS.sub(lambda m: f'{m[1]}.NAOK {"!=" if m[2] == "!=" else "=="} "{m[4]}"', found)
        return _NUMBERS.sub(lambda m: f"{m[1]}.NAOK {'==' if m[2] == '=' else m[2]} {m[3]}", found)

    def _selected(self, name: str, code: str) -> str:
        # what was not shown is an empty text in XPath, and makes no condition false by itself
        return f'{name}.NAOK == "{code}"' if self.letters.get(name) == "L" else f'{name}_{code}.NAOK == "Y"'

    def structure(self, title: str, sha256: str) -> Structure:
        """The whole form."""
        header: Row = {"sid": "1", "language": "de", "additional_languages": "en", "format": "A"}
        return Structure(
            self.name,
            header,
            {"de": title},
            [{"gid": "1", "group_order": "1"}],
            self.questions,
            self.items,
            self.answers,
            self.wording,
            answer_texts=self.answer_texts,
            sha256=sha256,
        )
