"""themes.toml: what open answers are about, by words; and codes/: what people decided of single answers."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from bildungsbedarf.errors import ConfigError, DataError, Problem, nearest
from bildungsbedarf.study.model import Code, Model, Words, words_from_text

FILE, CODES = "themes.toml", "codes"
_HEAD = ("key", "coder", "themes")


class Theme(Model):
    """``[[theme]]``: what an answer may be about."""

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    title: Words
    words: Annotated[list[str], Field(min_length=1)]
    """Basic forms (``kurs``), beginnings (``digital*``), or words that stand beside each other (``vor ort``)."""

    _title = field_validator("title", mode="before")(words_from_text)

    @field_validator("words")
    @classmethod
    def _words_say_something(cls, words: list[str]) -> list[str]:
        plain = [" ".join(word.casefold().split()) for word in words]
        if empty := [word for word in plain if not word.strip("* ") or "*" in word.removesuffix("*")]:
            raise ValueError(f"{empty[0]!r} is no word: letters, at most one * at the end")
        return plain


class ThemesFile(Model):
    """themes.toml."""

    questions: dict[Code, list[Code]] = {}
    """Audience → open questions that have a page of themes."""
    theme: Annotated[list[Theme], Field(min_length=1)]

    @model_validator(mode="after")
    def _ids_differ(self) -> ThemesFile:
        ids = [one.id for one in self.theme]
        if doubled := [one for one in ids if ids.count(one) > 1]:
            raise ValueError(f"theme {doubled[0]!r} stands twice")
        return self


@dataclass(frozen=True)
class Codes:
    """What people decided: key of an answer → coder → themes (none: the answer is about none of them)."""

    by_key: Mapping[str, Mapping[str, frozenset[str]]]

    def agreed(self, key: str) -> frozenset[str] | None:
        """The themes all who looked at an answer chose; None where nobody did, or they differ."""
        chosen = set(self.by_key.get(key, {}).values())
        return next(iter(chosen)) if len(chosen) == 1 else None

    @property
    def coders(self) -> list[str]:
        """Who coded, sorted."""
        return sorted({coder for one in self.by_key.values() for coder in one})


def read_codes(folder: Path, question: str, known: Iterable[str]) -> Codes:
    """The codes of a question, from ``codes/<question>.csv`` of the study's folder; none where there is no such file.

    Raises
    ------
    DataError
        A line names no key or coder, a theme that is not in themes.toml, or stands twice.
    """
    path, themes = folder / CODES / f"{question}.csv", sorted(known)
    if not path.is_file():
        return Codes({})
    rows = csv.DictReader(StringIO(path.read_text(encoding="utf-8-sig"), newline=""))
    where = f"{CODES}/{path.name}"
    if tuple(rows.fieldnames or ()) != _HEAD:
        raise DataError("this is no file of codes", where=where, value=rows.fieldnames, expected=", ".join(_HEAD))
    problems: list[Problem] = []
    found: dict[str, dict[str, frozenset[str]]] = {}
    for row in rows:
        line, chosen = f"{where}, line {rows.line_num}", frozenset(str(row["themes"] or "").split())
        if not row["key"] or not row["coder"]:
            problems.append(Problem("a line has no key or no coder", line))
        problems += [Problem("there is no such theme", line, one, nearest(one, themes)) for one in chosen - set(themes)]
        own = found.setdefault(str(row["key"]), {})
        if row["coder"] in own:
            problems.append(Problem("one coder decided twice on one answer", line, row["coder"]))
        own[str(row["coder"])] = chosen
    if problems:
        raise DataError(problems)
    return Codes(found)


def write_codes(folder: Path, question: str, codes: Codes) -> Path:
    """Write ``codes/<question>.csv``: keys and themes, and no word of what people wrote.

    Raises
    ------
    ConfigError
        The file cannot be written.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_HEAD)
    for key, by_coder in sorted(codes.by_key.items()):
        writer.writerows([key, coder, " ".join(sorted(themes))] for coder, themes in sorted(by_coder.items()))
    path = folder / CODES / f"{question}.csv"
    try:
        path.parent.mkdir(exist_ok=True)
        staged = path.with_suffix(".tmp")
        staged.write_text(text.getvalue(), encoding="utf-8")
        staged.replace(path)
    except OSError as error:
        raise ConfigError(f"codes cannot be written: {error.strerror}", where=f"{CODES}/{path.name}") from None
    return path
