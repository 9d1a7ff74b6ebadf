"""The table volume: every closed question by every group of a study, as a workbook; only what passed the gate."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pandas as pd

from bildungsbedarf import needs
from bildungsbedarf.disclosure import agreed, limits_of, records, release
from bildungsbedarf.language import translate
from bildungsbedarf.show import source_line
from bildungsbedarf.show.tables.tables import self_selection
from bildungsbedarf.show.workbooks import new_workbook
from bildungsbedarf.wave import Wave

_WIDTHS = (60, 34)
_LONGEST_SHEET = 31


def volume(wave: Wave) -> bytes:
    """``tables.xlsx``: a sheet for the whole, and one a group with its categories side by side.

    Shares in percent with one decimal, as published; the same snapshot gives the same bytes.
    """
    stream = BytesIO()
    book = new_workbook(stream, source_line(wave))
    formats = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        "share": book.add_format({"num_format": "0.0", "valign": "top"}),
    }
    merged = {rule.source for rule in wave.config.variables.values() if rule.merge}
    voted = {entry.statements for entry in wave.files.config.ballot if entry.audience == wave.audience}
    # finer answers than a variable has, and the votes that a conference's page tells, would give hidden ones back
    variables = [
        name for name in needs.variables(wave) if name not in merged and _source(wave, name).split("_")[0] not in voted
    ]
    sheets = ["", *wave.groups]
    source = {name: _source(wave, name) for name in (*variables, *sheets)}
    rows = {by: [name for name in variables if source[name] != source[by]] for by in sheets}
    found = [release(needs.tabulate(wave, by or None, rows[by]), limits_of(wave)) for by in sheets]
    whose = _Whose(wave)
    told = agreed([(each, whose.keys(each.frame, by)) for each, by in zip(found, sheets, strict=True)])
    for by, each in zip(sheets, told, strict=True):
        _sheet(book, wave, by, rows[by], each.frame, formats)
    book.close()
    return stream.getvalue()


class _Whose:
    """Whom each cell of the volume is of, whatever sheet it stands on and however its variable is called."""

    def __init__(self, wave: Wave) -> None:
        self._wave = wave
        self._known: dict[str, dict[str, frozenset[str]]] = {}

    def keys(self, frame: pd.DataFrame, by: str) -> list[frozenset[tuple[str, frozenset[str]]]]:
        """One key a row: the questions behind it, and which of their answers."""
        groups = frame[by].astype(str) if by else [""] * len(frame)
        return [
            frozenset([self._who(str(variable), str(category)), *([self._who(by, group)] if by else [])])
            for variable, category, group in zip(frame["variable"], frame["category"], groups, strict=True)
        ]

    def _who(self, variable: str, category: str) -> tuple[str, frozenset[str]]:
        derived = self._wave.config.variables.get(variable)
        if derived is None or derived.source not in self._wave.responses.columns or derived.cut:
            return variable, frozenset([category])
        if variable not in self._known:
            pairs = self._wave.responses[[derived.source, variable]].astype("string").dropna().drop_duplicates()
            self._known[variable] = {
                str(name): frozenset(own[derived.source]) for name, own in pairs.groupby(variable, observed=True)
            }
        return derived.source, self._known[variable].get(category, frozenset([category]))


def _source(wave: Wave, name: str) -> str:
    """The question a variable is made from: a group is not crossed with itself."""
    derived = wave.config.variables.get(name)
    return derived.source if derived is not None else name


def _sheet(book: Any, wave: Wave, by: str, variables: list[str], frame: pd.DataFrame, formats: dict[str, Any]) -> None:
    language = wave.language
    title = wave.title(by) if by else translate("All", language)
    sheet = book.add_worksheet(_sheet_name(title, book))
    groups = list(dict.fromkeys(frame[by].astype(str))) if by else [""]
    labels = wave.labels(by) if by else {}
    headings = [labels.get(group, group) if by else title for group in groups]
    sheet.set_column(0, 0, _WIDTHS[0], formats["wrap"])
    sheet.set_column(1, 1, _WIDTHS[1], formats["wrap"])
    sheet.set_column(2, 1 + 2 * len(groups), 12)
    sheet.write_string(0, 0, title, formats["head"])
    notes = [source_line(wave), *([] if wave.allows_inference else self_selection(wave))]
    sheet.write_string(1, 0, " ".join(notes), formats["wrap"])
    heads = [translate("Question", language), translate("Answer", language)]
    for heading in headings:
        heads += [f"{heading} (%)", f"{heading} (n)"]
    for column, text in enumerate(heads):
        sheet.write_string(3, column, text, formats["head"])
    cells = {(str(row["variable"]), str(row["category"]), str(row[by]) if by else ""): row for row in records(frame)}
    categories: dict[str, dict[str, None]] = {}
    for variable, category, _ in cells:
        categories.setdefault(variable, {})[category] = None
    line = 4
    for variable in variables:
        names = {**wave.labels(variable), "True": translate("yes", language), "False": translate("no", language)}
        for category in categories.get(variable, {}):
            sheet.write_string(line, 0, _question(wave, variable), formats["wrap"])
            sheet.write_string(line, 1, names.get(category, category), formats["wrap"])
            for place, group in enumerate(groups):
                _write_cell(sheet, line, 2 + 2 * place, cells.get((variable, category, group)), formats["share"])
            line += 1
    sheet.freeze_panes(4, 2)


def _write_cell(sheet: Any, line: int, column: int, row: dict[str, Any] | None, share: Any) -> None:
    """A share and its base; a dash where it may not be told."""
    if row is None or pd.isna(row["estimate"]):
        sheet.write_string(line, column, "–")
    else:
        sheet.write_number(line, column, round(100 * float(row["estimate"]), 1), share)
    if row is not None and pd.notna(row["n"]):
        sheet.write_number(line, column + 1, int(row["n"]))


def _question(wave: Wave, variable: str) -> str:
    if variable in wave.config.variables:
        return wave.title(variable)
    column = wave.codebook.column(variable)
    question = wave.codebook[column.question]
    item = question.items(wave.language).get(column.item, "")
    return f"{question.text(wave.language)} – {item}" if item else question.text(wave.language)


def _sheet_name(title: str, book: Any) -> str:
    plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in title)[:_LONGEST_SHEET].strip() or "-"
    used = {sheet.get_name().lower() for sheet in book.worksheets()}
    name, number = plain, 2
    while name.lower() in used:
        name = f"{plain[: _LONGEST_SHEET - 4]} ({number})"
        number += 1
    return name
