"""Of which part of the people numbers are, in the words of the questionnaire."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bildungsbedarf.errors import ConfigError
from bildungsbedarf.estimates import CHOSEN_ROWS
from bildungsbedarf.expression import Expression
from bildungsbedarf.language import number, translate
from bildungsbedarf.wave import Wave

_SIDE = re.compile(r"^[ab]: ")
_CHOSEN = re.compile(rf"^{CHOSEN_ROWS}(?: and )?|(?: and ){CHOSEN_ROWS}")
_BOX = {"1": "True", "0": "False"}


def part_words(part: str, wave: Wave) -> str:
    """A domain's condition with titles and labels instead of codes; a mask says nothing in words.

    Parameters
    ----------
    part
        As the facts of a frame have it.
    wave
        Whose words they are.

    Returns
    -------
    str
        In the report's language; a condition that names other columns than the wave has stays as it is.

    Examples
    --------
    >>> from bildungsbedarf.show.tables.domains import part_words
    >>> part_words("altersgruppe == '65+' and GESCHL == 'w'", wave)
    'Altersgruppe: 65+ und „Welches Geschlecht haben Sie?“: weiblich'
    """
    return "; ".join(dict.fromkeys(_condition_words(_SIDE.sub("", one), wave) for one in part.split("; ")))


def _condition_words(condition: str, wave: Wave) -> str:
    plain = _CHOSEN.sub("", condition)
    chosen = [translate(CHOSEN_ROWS, wave.language)] if plain != condition else []
    told = [_told(plain, wave), *chosen] if plain else chosen
    return ", ".join(told)


def _told(condition: str, wave: Wave) -> str:
    speaker = _Words(wave)
    try:
        parsed = Expression(condition)
    except ConfigError:
        # a part that another program named
        return condition
    if not all(name in speaker.columns for name in parsed.among(speaker.columns)):
        return condition
    return parsed.in_words(speaker)


@dataclass(frozen=True)
class _Words:
    """The words of a wave."""

    wave: Wave

    @property
    def columns(self) -> frozenset[str]:
        return frozenset(map(str, self.wave.responses.columns))

    def title(self, column: str) -> str:
        called = self.wave.title(column)
        # a question's wording needs its marks, a variable of study.toml has a name
        is_named = column in self.wave.config.variables or " " not in called
        return called if is_named else translate("“{item}”", self.wave.language, item=called)

    def label(self, column: str, text: str) -> str:
        labels = self.wave.labels(column)
        return labels.get(text) or labels.get(_BOX.get(text, ""), "")

    def plain(self, text: str) -> str:
        return number(float(text), self.wave.language, len(text.partition(".")[2])) if _is_number(text) else text

    def say(self, text: str, **named: str) -> str:
        return translate(text, self.wave.language, **named)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None
