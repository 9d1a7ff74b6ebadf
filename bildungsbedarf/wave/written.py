"""What people wrote: in the responses to read, in no design, and under no other name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from bildungsbedarf.errors import ConfigError

if TYPE_CHECKING:
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
    if column in wave.open_answers:
        raise ConfigError(
            "what people wrote is no category: nothing that leaves would show it as it is",
            value=column,
            expected="a closed question, or one of your own",
            remedy=f'needs.words(wave, "{column}") counts its words, needs.themes its themes; '
            f"""wave["{column}"] is it to read, with_variables(written="{column} != ''") who wrote""",
        )


def refuse_written(name: str, made: pd.Series, wave: Wave) -> None:
    """Refuse a variable that is what people wrote under another name: its categories would be their texts."""
    is_text = isinstance(made.dtype, pd.CategoricalDtype) or pd.api.types.infer_dtype(made, skipna=True) == "string"
    values = made.dropna().astype(str).str.strip().str.casefold()
    values = values[values != ""]
    if not is_text or values.empty:
        return
    for column in wave.open_answers:
        texts = wave.responses[column].reindex(values.index).astype("string").fillna("").str.casefold()
        within = sum(value in text for value, text in zip(values, texts, strict=True))
        if within > len(values) / 2:
            raise ConfigError(
                "these values are what people wrote",
                where=name,
                value=column,
                expected="a condition, or codes of your own",
                remedy=f'needs.words(wave, "{column}") counts its words, needs.themes its themes',
            )
