"""A questionnaire that was changed on the server: what changed, and how the study takes it over."""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from bildungsbedarf.codebook import Codebook, read_codebook
from bildungsbedarf.codebook.compare import COLUMNS, LIGHT, SAME, compare_books, light_differences
from bildungsbedarf.codebook.readers.remote import parse_remote
from bildungsbedarf.errors import ConfigError, DataError, Problem
from bildungsbedarf.wave.wave import Wave

_MOST_SHOWN = 20
_STATES = {
    "reworded": "question has other words on the server",
    "rescaled": "question has other options on the server",
    "refiltered": "question or item is shown under another condition on the server",
    "reset": "question has other rules for its answers on the server",
    "swapped": "item has another item's words on the server",
    "new": "question or item is on the server only",
    "gone": "question or item is not on the server",
}


def changed_there(wave: Wave, content: bytes) -> pd.DataFrame:
    """Rows of ``compare_books`` that differ between the questionnaire and what the server asks now.

    Only words, the order of items, and whether a question must be answered.

    Raises
    ------
    DataError
        Options, conditions, rules or items are others: the answers mean something else than the questionnaire says.
    """
    if not content:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    there = _without(parse_remote(content, "server"), wave.config.absent)
    found = compare_books(wave.codebook, there)
    found = pd.concat([found[found["state"] != SAME], light_differences(wave.codebook, there)], ignore_index=True)
    heavy = found[~found["state"].isin(LIGHT)]
    if not heavy.empty:
        remedy = f"bildungsbedarf codebook {wave.study_name} --renew --wave {wave.name} --audience {wave.audience}"
        problems = [
            Problem(
                _STATES[row["state"]],
                f"survey {wave.wave_config.survey_id}, {_called(row)}",
                row["after"] or row["item"] or row["question"],
                row["before"],
                remedy,
            )
            for row in heavy.to_dict("records")
        ]
        raise DataError(problems[:_MOST_SHOWN])
    return found.reset_index(drop=True)


def _called(row: Mapping[Hashable, Any]) -> str:
    return f"question {row['question']}" + (f"[{row['item']}]" if row["item"] else "")


def _without(book: Codebook, absent: list[str]) -> Codebook:
    known = {name for column in book.columns for name in (column.name, column.heading, column.question)}
    return book.without([name for name in absent if name in known])


@dataclass(frozen=True)
class Renewal:
    """The new questionnaire's file in the study's folder, and what became of every question and item."""

    path: Path
    items: pd.DataFrame
    is_new: bool

    @property
    def changed(self) -> pd.DataFrame:
        """Rows of what differs."""
        return self.items[self.items["state"] != SAME]


def renew_questionnaire(wave: Wave, content: bytes, suffix: str = ".json") -> Renewal:
    """Take over a questionnaire for one wave: a file of its own, which the wave's file names from now on.

    The one before stays, as other waves may rest on it. Responses must be imported again afterwards.

    Raises
    ------
    ConfigError
        The wave's file has no section for the audience that could name it.
    DataError
        The content is no questionnaire. Nothing is written then.
    """
    folder, name = wave.files.folder, f"questionnaire_{wave.name}_{wave.audience}{suffix}"
    path = folder / name
    staged = path.with_name(f".new-{name}")
    staged.write_bytes(content)
    try:
        later = read_codebook(staged)
        items = compare_books(wave.codebook, _without(later, wave.config.absent))
        if path.exists() and path.read_bytes() == content and wave.asked_in == name:
            return Renewal(path, items, is_new=False)
        toml = folder / "waves" / f"{wave.name}.toml"
        text = _naming(toml.read_text(encoding="utf-8"), wave.audience, name, toml.name)
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)
    toml.write_text(text, encoding="utf-8")
    return Renewal(path, items, is_new=True)


def _naming(text: str, audience: str, name: str, where: str) -> str:
    """The wave's file with the questionnaire named in the audience's section."""
    section = re.compile(rf"(^\[audience\.{re.escape(audience)}\][^\n]*\n)((?:(?!^\[).*\n?)*)", re.M)
    found = section.search(text)
    if found is None:
        raise ConfigError(
            "wave file has no section of this audience",
            where=where,
            expected=f"[audience.{audience}]",
            remedy=f'add the section with questionnaire = "{name}"',
        )
    rest = re.sub(r"^questionnaire\s*=.*\n?", "", found[2], flags=re.M)
    return f'{text[: found.start()]}{found[1]}questionnaire = "{name}"\n{rest}{text[found.end() :]}'
