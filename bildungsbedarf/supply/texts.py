"""What providers write in a cell, as what it means; ``None`` where it can be read otherwise, or not at all.

Whole cells are matched, never parts of them: ``3 x 20 €`` is no fee of 20, ``01.03.–05.04.2028`` no day in April.
"""

from __future__ import annotations

import html
import re
from datetime import date, time
from typing import NamedTuple

from bildungsbedarf.sources.offers.rows import local_text

_FREE = {"kostenlos", "kostenfrei", "gebührenfrei", "entgeltfrei", "unentgeltlich", "gratis", "frei", "free", "keine"}
_FREE |= {"ohne gebühr", "ohne gebühren"}
_AMOUNT = re.compile(
    r"(?:ab|bis|ca\.|nur|regulär|normal|ermäßigt|erm\.|mitglieder)?:?\s*"
    r"(?:€|eur|euro)?\s*"
    r"(\d{1,3}(?:\.\d{3})+(?:,\d{2})?|\d+(?:,\d{1,2})?|\d+\.\d{1,2})(?:,-{1,2}|,–)?\s*"
    r"(?:€|eur|euro)?\s*(?:ermäßigt|erm\.|regulär|/?\s*(?:pro |im |je )?(?:monat|kurs|termin|person))?"
)
_BETWEEN = re.compile(
    r"\s*(?:/(?!\s*(?:monat|kurs|termin|person))|;|\||\boder\b|\bbis\b|(?<=[\d€])\s*[-–](?=\s*\d)|,\s|[()])\s*"
)
_TWO_WAYS = re.compile(r"\d{1,3}[.,]\d{3}")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+|\d+(?:[.,]\d+)?")
_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_LONG_MONTHS = (
    *("januar", "februar", "märz", "april", "mai", "juni", "juli"),
    *("august", "september", "oktober", "november", "dezember"),
)
_WEEKDAY = r"(?:(?:mo|di|mi|do|fr|sa|so)[a-z]*\.?,?\s+)?"
_DAY_FIRST = re.compile(_WEEKDAY + r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?:[\s,]+(?:um\s+|ab\s+)?(.*))?")
_YEAR_FIRST = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[t ](\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?\s?(?:z|[+-]\d{2}:?\d{2})?)?"
)
_MONTH_NAMED = re.compile(_WEEKDAY + r"(\d{1,2})\.\s?([a-zä]+)\.?\s(\d{4})(?:[\s,]+(?:um\s+|ab\s+)?(.*))?")
_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:uhr|h)?(?:\s*(?:-|–|bis)\s*\d{1,2}(?:[:.]\d{2})?\s*(?:uhr|h)?)?")
_SEVERAL = re.compile(r"\s*(?:,|/|\bund\b)\s*")
_TAG = re.compile(r"</?[a-zA-Z!][^<>]*>")
_YES = {"ja", "j", "yes", "y", "true", "wahr", "1", "1.0", "x", "✓", "vorhanden"}
_NO = {"nein", "n", "no", "false", "falsch", "0", "0.0", "keine", "nicht vorhanden"}
_DAYS = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
_WEEKEND = {"samstag", "sonntag", "sonnabend", "wochenende", "we", "sa", "so"}
_KNOWN_DAYS = {*_DAYS, *(name[:2] for name in _DAYS), *_WEEKEND, "täglich"}
_FIRST_YEAR, _LAST_YEAR, _CENTURY = 2000, 2100, 70
WEEKDAYS = 5


class Fee(NamedTuple):
    """What an offer costs, and what it costs at least (reduced, or free for some)."""

    regular: float
    least: float


class Moment(NamedTuple):
    """A day, and the hour where it is told."""

    day: date
    clock: time | None


def plain(text: str) -> str:
    """Without markup, entities, characters that print nothing, and doubled blanks."""
    shown = "".join(letter if letter.isprintable() else " " for letter in html.unescape(_TAG.sub(" ", text)))
    return " ".join(shown.split())


def has_markup(text: str) -> bool:
    """Whether tags stand in it."""
    return bool(_TAG.search(text))


def _value(amount: str) -> float:
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", amount):
        amount = amount.replace(".", "")
    return float(amount.replace(",", "."))


def fee(text: str) -> Fee | None:
    """``kostenlos/20 €`` costs 20, for some nothing; a reduced price beside the full one is the least.

    >>> fee("kostenlos/20 €"), fee("48 € / ermäßigt 24 €")
    (Fee(regular=20.0, least=0.0), Fee(regular=48.0, least=24.0))
    >>> fee("1.250,00 EUR"), fee("3 x 20 €"), fee("nach Vereinbarung")
    (Fee(regular=1250.0, least=1250.0), None, None)
    """
    amounts = []
    for part in filter(None, _BETWEEN.split(text.lower().strip())):
        if part in _FREE:
            amounts.append(0.0)
        elif found := _AMOUNT.fullmatch(part):
            amounts.append(_value(found[1]))
        else:
            return None
    return Fee(max(amounts), min(amounts)) if amounts else None


def number(text: str) -> float | None:
    """A number as German or English tables write it, never negative; what can be read in two ways is none.

    >>> number("12,5"), number("1.200,5"), number("1.125"), number("-3"), number("ca. 12")
    (12.5, 1200.5, None, None, None)
    """
    text = text.strip()
    return _value(text) if _NUMBER.fullmatch(text) and not _TWO_WAYS.fullmatch(text) else None


def moment(text: str) -> Moment | None:
    """``1.3.2028``, ``01.03.28, 18 Uhr``, ``2028-03-01T18:00``, ``Mi, 1. März 2028``; of two days neither.

    A time of 00:00 is one that nobody wrote: spreadsheets add it to a day. A time with a zone is told in German time.

    >>> moment("1. März 2028"), moment("31.02.2028"), moment("1.3.2028 - 5.4.2028")
    (Moment(day=datetime.date(2028, 3, 1), clock=None), None, None)
    """
    lowered = local_text(text).lower().strip()
    if found := _YEAR_FIRST.fullmatch(lowered):
        year, month, number_ = (int(part) for part in found.groups()[:3])
    elif found := _DAY_FIRST.fullmatch(lowered):
        number_, month, year = (int(part) for part in found.groups()[:3])
        year += 2000 if len(found[3]) == len("28") and year < _CENTURY else 0
    elif (found := _MONTH_NAMED.fullmatch(lowered)) and (found[2] in _MONTHS or found[2] in _LONG_MONTHS):
        number_, month, year = int(found[1]), _MONTHS.index(found[2][:3]) + 1, int(found[3])
    else:
        return None
    rest = found[4] or ""
    told = clock(rest) if rest else None
    if (rest and told is None) or not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        return Moment(date(year, month, number_), None if told == time() else told)
    except ValueError:
        return None


def clock(text: str) -> time | None:
    """``18:30``, ``18.30 Uhr``, ``19 - 21 Uhr``, ``18:30 und 20:30``: when it begins, of several the first.

    >>> clock("18 Uhr"), clock("9 bis 18 Uhr"), clock("abends")
    (datetime.time(18, 0), datetime.time(9, 0), None)
    """
    matches = [_CLOCK.fullmatch(part) for part in _SEVERAL.split(text.lower().strip())]
    first = matches[0]
    if first is None or any(one is None for one in matches):
        return None
    hour, minute = int(first[1]), int(first[2] or 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def truth(text: str) -> bool | None:
    """Yes or no.

    >>> truth("Ja"), truth("nein"), truth("teilweise")
    (True, False, None)
    """
    lowered = text.strip().lower()
    return True if lowered in _YES else False if lowered in _NO else None


def is_weekend(text: str) -> bool | None:
    """Whether a text names Saturday or Sunday; None where it names no days.

    >>> is_weekend("Sa, So"), is_weekend("montags"), is_weekend("nach Absprache")
    (True, False, None)
    """
    parts = re.split(r"[\s,/+&–-]+|\bund\b|\bbis\b", text.lower())
    words = {word for part in parts if (word := part.rstrip("s."))}
    if not words or words - _KNOWN_DAYS:
        return None
    return bool(words & {*_WEEKEND, "täglich"})
