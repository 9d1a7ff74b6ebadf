"""How the sheets of the table volume are laid out: cover, measures, one a topic of the questionnaire, one a group."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.findings import item_labels, measure_of
from bildungsbedarf.language import day, translate
from bildungsbedarf.show import source_line
from bildungsbedarf.show.tables.notes import self_selection
from bildungsbedarf.show.tables.tables import head_of, title_of
from bildungsbedarf.wave import Wave

HEAD = 3
"""Line (from 0) of the heads of a sheet's table."""
LABELS = 3
"""Columns that say what a row is: code, question, answer."""
_NARROW, _MANY = 9, 12
_LONGEST_NAME = 31
_WIDTHS = {"code": 14, "question": 56, "answer": 34, "number": 12}
_LANDSCAPE_A4 = 9


@dataclass(frozen=True)
class Entry:
    """A sheet in the contents: its name, and what stands on it."""

    name: str
    told: str


class Sheets:
    """A workbook with the formats and words all its sheets share."""

    def __init__(self, book: Any, wave: Wave) -> None:
        self.book, self.wave, self.language = book, wave, wave.language
        self.head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.strong = book.add_format({"bold": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.link = book.add_format({"font_color": "#004488", "underline": 1})
        self.formats = {
            digits: book.add_format({"num_format": f"0.{'0' * digits}" if digits else "#,##0", "valign": "top"})
            for digits in (0, 1, 2)
        }
        self.entries: list[Entry] = []
        self._cover = book.add_worksheet(self._named(self.say("Overview")))

    def say(self, text: str, **values: object) -> str:
        """A text in the report's language."""
        return translate(text, self.language, **values)

    def _named(self, title: str) -> str:
        """A title as Excel takes it for a sheet, none twice."""
        plain = "".join(" " if sign in "[]:*?/\\" else sign for sign in title)[:_LONGEST_NAME].strip() or "-"
        used = {sheet.get_name().lower() for sheet in self.book.worksheets()}
        name, number = plain, 2
        while name.lower() in used:
            name = f"{plain[: _LONGEST_NAME - 4]} ({number})"
            number += 1
        return name

    def _new(self, title: str, told: str, heads: Sequence[str], widths: Sequence[int]) -> Any:
        """A sheet with its title, whose data it is, and the heads of its table; printed on pages as wide as it is."""
        name = self._named(title)
        sheet = self.book.add_worksheet(name)
        self.entries.append(Entry(name, told))
        notes = [source_line(self.wave), *([] if self.wave.allows_inference else self_selection(self.wave))]
        sheet.write_string(0, 0, title, self.strong)
        sheet.write_string(1, 0, " ".join(notes))
        for column, (text, width) in enumerate(zip(heads, widths, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(HEAD, column, text, self.head)
        sheet.set_landscape()
        sheet.set_paper(_LANDSCAPE_A4)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEAD)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def _finish(self, sheet: Any, lines: int, columns: int, fixed: int) -> None:
        if lines > HEAD + 1:
            sheet.autofilter(HEAD, 0, lines - 1, columns - 1)
        sheet.freeze_panes(HEAD + 1, fixed)

    def _write(self, sheet: Any, line: int, column: int, value: Any, digits: int) -> None:
        """A number; a dash where it may not be told, or is not known."""
        if value is None or pd.isna(value):
            sheet.write_string(line, column, "–")
        else:
            sheet.write_number(line, column, round(float(value), digits), self.formats[digits])

    def measures(self, found: Sequence[Released]) -> None:
        """What the pages tell of the battery: every measure with its interval, the newest numbers of this wave."""
        if not found:
            return
        names = ("Measure", "Code", "Question or field", "Value", "from", "to", "Unit", "Persons", "Wave")
        heads = [self.say(name) for name in names]
        widths = (30, _WIDTHS["code"], _WIDTHS["question"], 12, 12, 12, 16, 12, 10)
        sheet = self._new(
            self.say("Needs and barriers"), self.say("Needs, importance, barriers, formats, ranking"), heads, widths
        )
        titles = Counter(title_of(released, self.wave) for released in found)
        line = HEAD + 1
        for released in found:
            facts, measure = released.facts, measure_of(released.facts)
            low, high = facts.ends
            labels = item_labels(measure, self.wave, self.language)
            share, digits = (100, 1) if facts.unit == "share" else (1, 2)
            title = title_of(released, self.wave)
            told = title if titles[title] == 1 else f"{title}: {head_of(released, self.wave)}"
            for row in records(released.frame):
                item = str(row["variable"])
                codes = ", ".join(measure.asks(self.wave, item))
                for column, text in enumerate((told, codes, labels.get(item, item))):
                    sheet.write_string(line, column, text, self.wrap)
                for column, name in enumerate(("estimate", low, high), start=3):
                    value = row.get(name)
                    self._write(sheet, line, column, None if pd.isna(value) else share * float(value), digits)
                sheet.write_string(line, 6, self.say("percent" if facts.unit == "share" else "value"))
                self._write(sheet, line, 7, row["n"], 0)
                sheet.write_string(line, 8, self.wave.name)
                line += 1
        self._finish(sheet, line, len(heads), 3)

    def topic(self, title: str, variables: Sequence[str], frame: pd.DataFrame, ends: tuple[str, str]) -> None:
        """The closed questions of a topic, of all: share, base, interval, wave."""
        heads = [self.say(name) for name in ("Code", "Question", "Answer")]
        heads += [f"{self.say('All')} (%)", f"{self.say('All')} (n)"]
        if self.wave.allows_inference:
            heads += [self.say("from (%)"), self.say("to (%)")]
        heads.append(self.say("Wave"))
        numbers = [_WIDTHS["number"]] * (len(heads) - LABELS)
        widths = [_WIDTHS["code"], _WIDTHS["question"], _WIDTHS["answer"], *numbers]
        sheet = self._new(title, self.say("Closed questions on “{topic}”, of all", topic=title), heads, widths)
        lines = self._rows(sheet, variables, frame, "", [""])
        cells = {(str(row["variable"]), str(row["category"])): row for row in records(frame)}
        fitted = _fitted(self.wave)
        for line, _ in lines:
            sheet.write_string(line, len(heads) - 1, self.wave.name)
        if self.wave.allows_inference:
            for line, key in lines:
                # what the weights were fitted to has no interval that means anything
                row = None if key[0] in fitted else cells.get(key)
                for column, end in enumerate(ends, start=5):
                    is_told = row is not None and pd.notna(row["estimate"]) and pd.notna(row[end])
                    self._write(sheet, line, column, 100 * float(row[end]) if row is not None and is_told else None, 1)
        self._finish(sheet, HEAD + 1 + len(lines), len(heads), LABELS)

    def group(self, by: str, variables: Sequence[str], frame: pd.DataFrame) -> None:
        """Every closed question by a group, its categories side by side."""
        labels = self.wave.labels(by)
        groups = list(dict.fromkeys(frame[by].astype(str)))
        heads = [self.say(name) for name in ("Code", "Question", "Answer")]
        for group in groups:
            heads += [f"{labels.get(group, group)} (%)", f"{labels.get(group, group)} (n)"]
        width = _NARROW if len(groups) > _MANY else _WIDTHS["number"]
        widths = (_WIDTHS["code"], _WIDTHS["question"], _WIDTHS["answer"], *[width] * (2 * len(groups)))
        title = self.wave.title(by)
        sheet = self._new(title, self.say("Every closed question by: {group}", group=title), heads, widths)
        lines = self._rows(sheet, variables, frame, by, groups)
        self._finish(sheet, HEAD + 1 + len(lines), len(heads), LABELS)

    def _rows(
        self, sheet: Any, variables: Sequence[str], frame: pd.DataFrame, by: str, groups: Sequence[str]
    ) -> list[tuple[int, tuple[str, str]]]:
        """A row an answer; the lines with variable and category."""
        cells = {
            (str(row["variable"]), str(row["category"]), str(row[by]) if by else ""): row for row in records(frame)
        }
        categories: dict[str, dict[str, None]] = {}
        for variable, category, _ in cells:
            categories.setdefault(variable, {})[category] = None
        lines: list[tuple[int, tuple[str, str]]] = []
        for variable in variables:
            names = {**self.wave.labels(variable), "True": self.say("yes"), "False": self.say("no")}
            for category in categories.get(variable, {}):
                line = HEAD + 1 + len(lines)
                texts = (variable, question_text(self.wave, variable), names.get(category, category))
                for column, text in enumerate(texts):
                    sheet.write_string(line, column, text, self.wrap)
                for place, group in enumerate(groups):
                    self._share(sheet, line, LABELS + 2 * place, cells.get((variable, category, group)))
                lines.append((line, (variable, category)))
        return lines

    def _share(self, sheet: Any, line: int, column: int, row: Mapping[str, Any] | None) -> None:
        """A share and its base; a dash where it may not be told."""
        told = row is not None and pd.notna(row["estimate"])
        self._write(sheet, line, column, 100 * float(row["estimate"]) if row is not None and told else None, 1)
        if row is not None and pd.notna(row["n"]):
            sheet.write_number(line, column + 1, int(row["n"]), self.formats[0])

    def cover(self) -> None:
        """What the workbook is, a link to each sheet, and what its signs mean; written last, since it names them."""
        sheet, wave, language = self._cover, self.wave, self.language
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        title = wave.config.title.get(language) if wave.config.title else wave.files.config.study.title.get(language)
        sheet.write_string(0, 0, f"{title} {wave.name}", self.title)
        field = wave.wave_config.field
        facts = [(self.say("Data"), source_line(wave))]
        if field is not None:
            asked = self.say("{start} to {end}", start=day(field.start, language), end=day(field.end, language))
            facts.append((self.say("Asked"), asked))
        line = self._pairs(sheet, 2, facts)
        sheet.write_string(line + 1, 0, self.say("Contents"), self.strong)
        line += 2
        for entry in self.entries:
            sheet.write_url(line, 0, f"internal:'{entry.name.replace(chr(39), chr(39) * 2)}'!A1", self.link, entry.name)
            sheet.write_string(line, 1, entry.told, self.wrap)
            line += 1
        sheet.write_string(line + 1, 0, self.say("Signs"), self.strong)
        signs = [
            ("–", self.say("too few people, or not precise enough: nothing is told")),
            ("(%)", self.say("share in percent, weighted where the survey is")),
            ("(n)", self.say("persons a share rests on, counted")),
        ]
        if wave.allows_inference:
            told = "interval of uncertainty: with 95% certainty the value of all lies in it"
            signs.append((self.say("from, to"), self.say(told)))
        self._pairs(sheet, line + 2, signs)
        sheet.set_landscape()
        sheet.set_paper(_LANDSCAPE_A4)
        sheet.fit_to_pages(1, 0)

    def _pairs(self, sheet: Any, line: int, pairs: Sequence[tuple[str, str]]) -> int:
        for name, text in pairs:
            sheet.write_string(line, 0, name, self.wrap)
            sheet.write_string(line, 1, text, self.wrap)
            line += 1
        return line


def _fitted(wave: Wave) -> set[str]:
    """Variables the weights were fitted to, and the questions they are made from."""
    weighting = wave.config.weighting
    names = {name for margin in (weighting.margin if weighting is not None else ()) for name in margin.by}
    sources = {wave.config.variables[name].source for name in names if name in wave.config.variables}
    made = {name for name, rule in wave.config.variables.items() if rule.source in sources}
    return names | sources | made


def question_text(wave: Wave, variable: str) -> str:
    """The wording of a question, with the item it is about; of a derived variable what it is called."""
    if variable in wave.config.variables:
        return wave.title(variable)
    column = wave.codebook.column(variable)
    question = wave.codebook[column.question]
    item = question.items(wave.language).get(column.item, "")
    return f"{question.text(wave.language)} – {item}" if item else question.text(wave.language)
