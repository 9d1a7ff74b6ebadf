"""What people wrote: in the responses to read, and in no design.

Texts are made into others in more ways than names of columns could follow, so what this process has read is
remembered: the gate asks ``is_written`` of every name that nobody declared.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import takewhile
from typing import TYPE_CHECKING
from unicodedata import normalize

import pandas as pd

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.survey.frames import texts_among

if TYPE_CHECKING:
    from bildungsbedarf.codebook import Column
    from bildungsbedarf.wave.wave import Wave


def open_answers(wave: Wave) -> list[str]:
    """Columns of what people wrote, and variables copied of them; not those that study.toml takes for codes."""
    if not wave.has_codebook:
        return []
    config, declared = wave.config, {name for one in wave.files.config.needs for name in one.groups}
    declared |= {config.strata, config.clusters, config.fpc, config.weighting.base}
    declared |= {name for margin in config.weighting.margin for name in margin.by}
    there = set(wave.responses.columns) - declared
    written = [column.name for column in wave.codebook.columns if column.is_open]
    copied = [name for name, rule in config.variables.items() if rule.source in written]
    return [name for name in [*written, *copied] if name in there]


def require_closed(column: str, wave: Wave) -> None:
    """Refuse an open answer where categories or numbers are asked for."""
    if column not in wave.open_answers:
        return
    if _is_computed(column, wave):
        raise ConfigError(
            "this text was computed by the questionnaire: it may hold what people wrote",
            value=column,
            expected="a variable of its own",
            remedy=f"wave.with_variables(own=wave[{column!r}]): the gate names its categories of enough persons",
        )
    raise ConfigError(
        "what people wrote is no category: nothing that leaves would show it as it is",
        value=column,
        expected="a closed question, or one of your own",
        remedy=f'needs.words(wave, "{column}") counts its words, needs.themes its themes; '
        f"""wave["{column}"] is it to read, with_variables(written="{column} != ''") who wrote""",
    )


def refuse_written(name: str, made: pd.Series, wave: Wave) -> None:
    """Refuse a variable that is an open answer under another name, while it can still be said which one.

    Whatever is made of what people wrote, the gate names only categories of enough persons (``disclosure.unnamed``).
    """
    if not texts_among(made.to_frame()):
        return
    values = _plain(made.dropna())
    values = values[values != ""]
    for column in wave.open_answers:
        if _is_computed(column, wave):
            continue
        texts = _plain(wave.responses[column].reindex(values.index).astype("string").fillna(""))
        if (values == texts).sum() > len(values) / 2:
            raise ConfigError(
                "these values are what people wrote",
                where=name,
                value=column,
                expected="a condition, or codes of your own",
                remedy=f'needs.words(wave, "{column}") counts its words, needs.themes its themes',
            )


def _is_computed(column: str, wave: Wave) -> bool:
    """An equation's column is text that the questionnaire computed."""
    return any(_is_equation(one, wave) for one in wave.codebook.columns if one.name == column)


def _is_equation(column: Column, wave: Wave) -> bool:
    return wave.codebook[column.question].type.name == "equation"


def _plain(texts: pd.Series) -> pd.Series:
    return texts.astype("str").str.strip().str.casefold()


_READ: dict[str, pd.DataFrame] = {}
"""Open answers by the source of their wave; the columns are the waves' own, nothing is copied."""
_WORDS = 3
_DIGITS = 5


def remember(wave: Wave, table: pd.DataFrame) -> None:
    """Know what people wrote in a wave that has been read."""
    if wave.has_codebook:
        names = [one.name for one in wave.codebook.columns if one.is_open and not _is_equation(one, wave)]
        _READ[wave.source] = table[[name for name in names if name in table.columns]]
        _prose.cache_clear()


def is_written(name: str) -> bool:
    """Whether a name holds an open answer of a wave this process has read, or is a piece of one.

    Compared are letters and digits alone, whatever their case. Answers and pieces of fewer than three words and five
    digits do not count: codes are as short, and what only one person wrote is not named for its own sake.
    """
    texts, joined = _prose()
    bare = _bare(name)
    within = takewhile(lambda text: len(text) <= len(bare), texts)
    return any(text in bare for text in within) or (_is_prose(name) and bare in joined)


@cache
def _prose() -> tuple[list[str], str]:
    """Open answers of some length, bare, shortest first; and all that was written, one behind the other."""
    columns = [column.dropna().astype("str").unique() for table in _READ.values() for _, column in table.items()]
    texts = {str(text) for values in columns for text in values}
    return sorted({_bare(text) for text in texts if _is_prose(text)}, key=len), "\n".join(map(_bare, sorted(texts)))


def _is_prose(text: str) -> bool:
    words = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 1]
    return len(words) >= _WORDS or len(re.findall(r"\d", text)) >= _DIGITS


def _bare(text: str) -> str:
    return "".join(sign for sign in normalize("NFKC", text).casefold() if sign.isalnum())
