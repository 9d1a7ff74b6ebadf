"""Answers as texts instead of codes, brought back to codes with the codebook: one reading a column."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from bildungsbedarf.codebook import OTHER_CODE, Codebook, Column
from bildungsbedarf.errors import DataError, Problem
from bildungsbedarf.limesurvey.numbers import to_numbers
from bildungsbedarf.limesurvey.words import FALSE, NO, NOTHING, OTHER, TRUE, YES
from bildungsbedarf.sources.folded import folded

Reading = Literal["", "codes", "labels"]
TICKED, NOT_TICKED = "Y", "N"
"""What a box holds; nothing stands where it was left empty or not seen, and the export does not say which."""
DATES = ("submitdate", "startdate", "datestamp")
"""When people answered."""
_MOST_SHOWN = 10
_GERMAN_DATE = r"(\d{1,2})\.(\d{1,2})\.(\d{4})(?:,?\s+(\d{1,2}:\d{2}(?::\d{2})?))?"


@dataclass(frozen=True)
class _Column:
    """The different answers of a column, and what each is where they are codes, and where they are texts."""

    column: Column
    codes: dict[str, str]
    labels: dict[str, str]

    @property
    def fits(self) -> list[Reading]:
        """Readings under which every answer means something."""
        known = len(self.codes.keys() | self.labels.keys())
        found: list[Reading] = []
        if len(self.codes) == known:
            found.append("codes")
        if len(self.labels) == known:
            found.append("labels")
        return found

    @property
    def is_open(self) -> bool:
        """An answer is the code of one option and the text of another."""
        return any(self.codes[text] != self.labels[text] for text in self.codes.keys() & self.labels.keys())

    @property
    def is_same(self) -> bool:
        """Both readings say the same."""
        return self.codes == self.labels


def with_codes_as_answers(
    table: pd.DataFrame, codebook: Codebook, name: str, reading: Reading = "", *, by_hand: bool = False
) -> tuple[pd.DataFrame, bool]:
    """Every column with answer options as codes, whether it holds codes or texts in any language.

    A column is read as a whole, one way or the other. Where both ways fit and say different things ("3" is the code of
    one step and the text of another), ``reading`` decides, else the other columns of an export; of a table kept
    ``by_hand`` nothing does: its columns may each be of another kind, and one may hold both, where no answer is both.

    Returns
    -------
    (table, whether anything was a text)

    Raises
    ------
    DataError
        A text stands for several codes; a column that holds codes and texts, or could be either.
    """
    found: list[_Column] = []
    problems: list[Problem] = []
    for column in codebook.columns:
        if column.heading in table.columns and column.codes and column.values != "checkbox":
            texts = f"{column.question}[other]"
            has_other = texts in table.columns and bool((table[texts] != "").any())
            read, wrong = _read(table[column.heading], column, codebook, name, has_other)
            found.append(read)
            problems += wrong
    telling = [read for read in found if len(read.fits) == 1 and not read.is_same and read.codes | read.labels]
    decided: set[Reading] = {read.fits[0] for read in telling}
    boxes, has_words = _boxes(table, codebook)
    if has_words:
        decided.add("labels")
    by_file: Reading = next(iter(decided)) if len(decided) == 1 and not by_hand else ""
    whole = reading or by_file
    changed = dict(boxes)
    had_labels = has_words
    for read in found:
        fits = read.fits
        chosen = fits[0] if len(fits) == 1 or read.is_same else whole
        if fits and chosen not in fits:
            problems.append(_undecided(read, name))
            continue
        if not fits and read.is_open:
            problems.append(_mixed(read, name))
            continue
        mapping = {"codes": read.codes, "labels": read.labels}.get(chosen if fits else "", read.labels | read.codes)
        if any(text != code for text, code in mapping.items()):
            heading = read.column.heading
            changed[heading] = table[heading].replace({text: code for text, code in mapping.items() if text != code})
            had_labels |= not fits or chosen == "labels"
    if problems:
        raise DataError(problems[:_MOST_SHOWN])
    return table.assign(**changed, **(_written(table, codebook) if had_labels else {})), had_labels


def _written(table: pd.DataFrame, codebook: Codebook) -> dict[str, pd.Series]:
    """Texts without the words that an export with words writes where nobody wrote anything."""
    found = {}
    for column in codebook.columns:
        if column.is_open and column.heading in table.columns:
            is_box = column.role == "other" and codebook[column.question].type.values == "checkbox"
            nothing = {NOTHING, *NO} if is_box else {NOTHING}
            found[column.heading] = table[column.heading].mask(table[column.heading].isin(nothing), "")
    return found


def _read(
    values: pd.Series, column: Column, codebook: Codebook, name: str, has_other: bool
) -> tuple[_Column, list[Problem]]:
    """What each different answer would be; problems where a text that is no code has several.

    ``has_other``: somebody wrote what "other" is, so that an option of the same name may be either.

    What is neither code nor text is left to the check of the whole export.
    """
    by_code, by_label, exactly = _codes(column), _labels(column, codebook), _exactly(column, codebook)
    if has_other and OTHER_CODE in column.codes:
        for text in {folded(text) for text in OTHER} & by_label.keys():
            by_label[text] |= {OTHER_CODE}
            exactly = {own: codes for own, codes in exactly.items() if folded(own) != text}
    codes: dict[str, str] = {}
    labels: dict[str, str] = {}
    problems: list[Problem] = []
    for text in map(str, values.unique()):
        if text == "":
            continue
        if text in by_code:
            codes[text] = by_code[text]
        # of options that differ in large and small letters only, the one written alike
        # pandas and spreadsheets keep the text 7 as 7.0
        meant = exactly.get(text, set()) or by_label.get(folded(text), set()) or by_label.get(_whole(text), set())
        if len(meant) == 1:
            labels[text] = next(iter(meant))
        elif len(meant) > 1 and text not in by_code:
            problems.append(
                Problem(
                    "text stands for several codes",
                    f"{name}, column {column.heading}",
                    text,
                    f"one of {', '.join(sorted(meant))}",
                    "export again with 'answer codes'",
                )
            )
        if text == NOTHING and text not in codes and text not in labels:
            codes[text] = labels[text] = ""
    return _Column(column, codes, labels), problems


def _whole(text: str) -> str:
    return text.removesuffix(".0") if text.removesuffix(".0").lstrip("-").isdigit() else ""


def _codes(column: Column) -> dict[str, str]:
    """Ways to write a code: statistics programs and spreadsheets keep 003 as 3, and 3 as 3.0."""
    found: dict[str, str] = {}
    numbers = [str(int(code)) for code in column.codes if code.lstrip("-").isdigit()]
    for code in column.codes:
        # of 3 and 03 nobody knows which one 3.0 was
        if code.lstrip("-").isdigit() and numbers.count(str(int(code))) == 1:
            number = str(int(code))
            found |= {f"{number}.0": code, number: code}
    if set(column.codes) <= {TICKED, NOT_TICKED, "U"}:
        found |= {**dict.fromkeys(TRUE, TICKED), **dict.fromkeys(FALSE, NOT_TICKED)}
    return found | {code: code for code in column.codes}


def _labels(column: Column, codebook: Codebook) -> dict[str, set[str]]:
    """Folded text → codes it is a label of."""
    question = codebook[column.question]
    found: dict[str, set[str]] = {}
    for answer in question.answers:
        if answer.code in column.codes and (question.type.axes != "dual" or answer.scale == column.scale):
            # an answer without a text is exported as its code
            for text in {folded(text) for text in answer.texts.values()} - {""} or {folded(answer.code)}:
                found.setdefault(text, set()).add(answer.code)
    # words of the interface only where the questionnaire's own do not say what they mean
    words = {OTHER_CODE: (*OTHER, OTHER_CODE)} if OTHER_CODE in column.codes else {}
    if set(column.codes) <= {"Y", "N", "U"}:
        words |= {TICKED: tuple(YES), NOT_TICKED: tuple(NO)}
    own = set(found)
    for code, texts in words.items():
        for text in {folded(text) for text in texts} - own:
            found.setdefault(text, set()).add(code)
    return found


def by_value_labels(labels: Mapping[str, str], column: Column, codebook: Codebook, name: str) -> dict[str, str]:
    """Value → code of a column of a statistics file, by what its values are called there.

    Parameters
    ----------
    labels
        Value as text → its label in the file.
    column
        A column with codes.
    codebook
        Its questionnaire.
    name
        Of the file, for messages.

    Returns
    -------
    dict
        Only of values that are no codes, and are called like one option.

    Raises
    ------
    DataError
        A value is the code of one option and is called like another: every answer would be somebody else's.
    """
    codes, options = _codes(column), _labels(column, codebook)
    found = {}
    for value, label in labels.items():
        meant = options.get(folded(label), set())
        if len(meant) != 1:
            continue
        code = next(iter(meant))
        if value not in codes:
            found[value] = code
        elif codes[value] != code:
            raise DataError(
                "a value has the label of another option",
                where=f"{name}, column {column.heading}",
                value=f"{value} = {label}",
                expected=f"{code} = {label}, as in the questionnaire",
                remedy="export again with answer codes, or correct the labels of the file",
            )
    return found


def _exactly(column: Column, codebook: Codebook) -> dict[str, set[str]]:
    """Texts as they are written → codes."""
    found: dict[str, set[str]] = {}
    question = codebook[column.question]
    for answer in question.answers:
        if answer.code in column.codes and (question.type.axes != "dual" or answer.scale == column.scale):
            for text in answer.texts.values():
                found.setdefault(text, set()).add(answer.code)
    return {text: codes for text, codes in found.items() if len(codes) == 1}


def _mixed(read: _Column, name: str) -> Problem:
    """Some answers are codes only, others texts only."""
    only = [next(iter(one.keys() - other.keys())) for one, other in _both_ways(read)]
    return Problem(
        "column holds codes and texts",
        f"{name}, column {read.column.heading}",
        ", ".join(only),
        "codes only, or texts only",
        "export again with 'answer codes'",
    )


def _undecided(read: _Column, name: str) -> Problem:
    """Codes and texts both fit and say different things."""
    text = next(text for text in read.codes if read.codes[text] != read.labels.get(text))
    return Problem(
        "column can be read as codes and as texts, which say different things",
        f"{name}, column {read.column.heading}",
        text,
        f"code {read.codes[text]}, or the text of code {read.labels[text]}",
        "say which: import … --answers codes, or --answers labels",
    )


def _both_ways(read: _Column) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    yield read.codes, read.labels
    yield read.labels, read.codes


_BOX_WORDS = {
    **{folded(word): TICKED for word in (*YES, *TRUE, TICKED, "1", "1.0", "x", "✓")},
    **{folded(word): NOT_TICKED for word in (*NO, *FALSE, NOT_TICKED, "0", "0.0")},
    folded(NOTHING): "",
}
_BOX_CODES = ("", TICKED, NOT_TICKED, "1", "0", "1.0", "0.0", *TRUE, *FALSE)


def _boxes(table: pd.DataFrame, codebook: Codebook) -> tuple[dict[str, pd.Series], bool]:
    """Boxes as ``Y`` or nothing, and whether any was a word.

    Where an export says "No", persons without a word in any box of the question were not asked it: then ``N`` stands
    in the boxes that others left empty. Where nobody is without, ``N`` says nothing that an empty box does not.
    """
    found: dict[str, pd.Series] = {}
    has_words = False
    for question in codebook.questions:
        if question.type.values != "checkbox":
            continue
        headings = [column.heading for column in codebook.columns_of(question.code) if column.heading in table.columns]
        boxes = table[headings]
        texts = {str(text) for heading in headings for text in boxes[heading].unique()}
        meant = {text: _BOX_WORDS[folded(text)] for text in texts if folded(text) in _BOX_WORDS}
        has_words |= any(text not in _BOX_CODES for text in meant)
        if all(text == code for text, code in meant.items()) and NOT_TICKED not in texts:
            continue
        boxes = boxes.replace(meant)
        says_no = (boxes == NOT_TICKED).any(axis=None)
        seen = (boxes != "").any(axis=1)
        for heading in headings:
            empty = boxes[heading].isin(["", NOT_TICKED])
            no = NOT_TICKED if says_no and not seen.all() else ""
            found[heading] = boxes[heading].mask(empty & seen, no)
    return found, has_words


def with_points(table: pd.DataFrame, codebook: Codebook, name: str, *, by_hand: bool) -> pd.DataFrame:
    """Numbers as ``3.5`` where they are written ``3,5`` (or ``1.234,5``), column by column.

    LimeSurvey writes decimals with a point. In a table that people keep (``by_hand``), 12.345 may be twelve thousand;
    12,345 may be so in any, as a spreadsheet wrote it.

    Raises
    ------
    DataError
        Every number with a point in a column of such a table could be one of thousands.
    """
    changed = {}
    problems = []
    for column in codebook.columns:
        if column.values != "number" or column.role != "answer" or column.heading not in table.columns:
            continue
        values = table[column.heading]
        filled = values[values != ""]
        if is_thousands(filled, ".," if by_hand else ","):
            problems.append(
                Problem(
                    "numbers can be read as decimals and as thousands",
                    f"{name}, column {column.heading}",
                    next(value for value in filled if not value.isdigit()),
                    "12345 for twelve thousand, 12.3450 for twelve",
                    "write thousands without a sign between them",
                )
            )
        if filled.empty or to_numbers(filled).notna().all():
            continue
        if filled.str.fullmatch(r"-?(\d+|\d{1,3}(\.\d{3})+)(,\d+)?").all():
            changed[column.heading] = values.str.replace(".", "", regex=False).str.replace(",", ".", regex=False)
    if problems:
        raise DataError(problems[:_MOST_SHOWN])
    return table.assign(**changed)


def with_dates(table: pd.DataFrame, codebook: Codebook) -> pd.DataFrame:
    """Dates as ``2026-03-01 10:30`` where a column writes all of them ``1.3.2026 10:30``; when people answered, too."""
    changed = {}
    asked = [column.heading for column in codebook.columns if column.values == "date"]
    for heading in [*asked, *DATES]:
        if heading in table.columns:
            values = table[heading]
            filled = values[values != ""]
            if len(filled) and filled.str.fullmatch(_GERMAN_DATE).all():
                parts = values.str.extract(_GERMAN_DATE)
                days = parts[2] + "-" + parts[1].str.zfill(2) + "-" + parts[0].str.zfill(2)
                times = (" " + parts[3].str.zfill(5)).fillna("")
                changed[heading] = (days + times).fillna("")
    return table.assign(**changed)


def is_thousands(texts: pd.Series, signs: str = ".,") -> bool:
    """Whether every number with a point (or a comma) could be one of thousands (12.345), and there is one."""
    for sign in signs:
        signed = texts[texts.str.contains(sign, regex=False)]
        if len(signed) and signed.str.fullmatch(rf"-?[1-9]\d{{0,2}}(\{sign}\d{{3}})+").all():
            return True
    return False
