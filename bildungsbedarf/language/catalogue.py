"""Words in the reports' languages from gettext catalogues; numbers and dates as the language writes them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib.resources import files

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from bildungsbedarf.errors import ConfigError

LANGUAGES = ("de", "en")
MINUS = "\N{MINUS SIGN}"
NARROW_SPACE = "\N{NARROW NO-BREAK SPACE}"
"""Between a number and its sign of percent (DIN 5008)."""


@lru_cache(maxsize=len(LANGUAGES))
def _catalogue(language: str) -> dict[str, str]:
    if language not in LANGUAGES:
        raise ConfigError("unknown language", value=language, expected=", ".join(LANGUAGES))
    if language == "en":
        return {}
    with files(__package__).joinpath(f"{language}.po").open("rb") as stream:
        catalogue = read_po(stream, locale=language)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}


def translate(text: str, language: str, **values: object) -> str:
    """``text`` (English, with ``{names}``) in ``language``, names filled in.

    Raises
    ------
    ConfigError
        The catalogue of the language lacks the text: half a page in another language is no page.
    """
    known = _catalogue(language)
    if language != "en" and text not in known:
        raise ConfigError(
            "a text has no words in this language",
            where=f"language/{language}.po",
            value=text,
            remedy="add it to the catalogue",
        )
    translated = known.get(text, text)
    return translated.format(**values) if values else translated


def is_translated(text: str, language: str) -> bool:
    """Whether the catalogue has ``text``."""
    return language == "en" or text in _catalogue(language)


def number(value: float, language: str, digits: int = 0) -> str:
    """``1234.5`` → ``1.234,5``; with a real minus sign."""
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    rounded = round(float(value), digits) + 0.0
    return str(format_decimal(rounded, format=pattern, locale=language)).replace("-", MINUS)


def percent(share: float, language: str, digits: int = 1, *, sign: bool = True) -> str:
    """``0.203`` → ``20,3 %``."""
    text = number(100 * share, language, digits)
    if not sign:
        return text
    return f"{text}{NARROW_SPACE}%" if language == "de" else f"{text}%"


def signed(value: float, language: str, digits: int) -> str:
    """A difference with its sign."""
    text = number(value, language, digits)
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


def points(difference: float, language: str) -> str:
    """A difference of shares in whole percentage points, with its sign: ``−1 point``, ``+3 points``."""
    text = signed(100 * difference, language, 0)
    return translate("{points} point" if text.lstrip(f"+{MINUS}") == "1" else "{points} points", language, points=text)


def day(value: date, language: str) -> str:
    """``2026-03-02`` → ``2. März 2026``."""
    return format_date(value, format="long", locale=language)
