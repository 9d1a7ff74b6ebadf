"""What providers write in a cell, as what it means; ``None`` where nobody can say."""

from __future__ import annotations

import html
import re
from datetime import date, time
from typing import NamedTuple

_FREE = re.compile(r"\b(kostenlos|kostenfrei|gebührenfrei|entgeltfrei|umsonst|gratis|frei|free|ohne gebühr)\b")
_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?|\d+[.,]\d{1,2}|\d+")
_NUMBER = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[.,]\d+)?")
_MONTHS = ("jan", "feb", "mär", "apr", "mai", "jun", "jul", "aug", "sep", "okt", "nov", "dez")
_DAY_FIRST = re.compile(r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4}|\d{2})\b")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH_NAMED = re.compile(r"(\d{1,2})\.\s*([a-zä]{3,9})\.?\s*(\d{4})")
_CLOCK = re.compile(r"\b(\d{1,2})[:.](\d{2})(?=\s*(?:uhr|h\b|-|–|bis|$|[+:z]))|\b(\d{1,2})\s*uhr")
_TAG = re.compile(r"<[^<>]*>")
_YES = {"ja", "j", "yes", "y", "true", "wahr", "1", "x", "vorhanden"}
_NO = {"nein", "n", "no", "false", "falsch", "0", "-", "keine", "nicht vorhanden"}
_WEEKEND = re.compile(r"\b(sa|so|sams|sonn|sat|sun|wochenende)")
WEEKDAYS = 5


class Fee(NamedTuple):
    """What an offer costs, and what it costs at least (reduced, or free for some)."""

    regular: float
    least: float


def plain(text: str) -> str:
    """Without markup, entities and doubled blanks."""
    return " ".join(html.unescape(_TAG.sub(" ", text)).split())


def has_markup(text: str) -> bool:
    """Whether tags stand in it."""
    return bool(_TAG.search(text))


def _value(amount: str) -> float:
    if re.fullmatch(r"\d{1,3}(\.\d{3})+(,\d+)?", amount):
        amount = amount.replace(".", "")
    return float(amount.replace(",", "."))


def fee(text: str) -> Fee | None:
    """``kostenlos/20 €`` costs 20, for some nothing; a reduced price beside the full one is the least.

    >>> fee("kostenlos/20 €")
    Fee(regular=20.0, least=0.0)
    >>> fee("1.250,00 EUR"), fee("nach Vereinbarung")
    (Fee(regular=1250.0, least=1250.0), None)
    """
    amounts = [_value(found) for found in _AMOUNT.findall(text)]
    if _FREE.search(text.casefold()):
        amounts.append(0.0)
    return Fee(max(amounts), min(amounts)) if amounts else None


def number(text: str) -> float | None:
    """A number as German or English tables write it, never negative; ``2 x 3 UE`` is none.

    >>> number("12,5"), number("1.200"), number("-3"), number("ca. 12")
    (12.5, 1200.0, None, None)
    """
    return _value(text.strip()) if _NUMBER.fullmatch(text.strip()) else None


def day(text: str) -> date | None:
    """``1.3.2028``, ``01.03.28``, ``2028-03-01T18:00``, ``1. März 2028``.

    >>> day("1. März 2028"), day("31.02.2028")
    (datetime.date(2028, 3, 1), None)
    """
    lowered = text.casefold()
    if found := _YEAR_FIRST.search(lowered):
        year, month, number_ = (int(part) for part in found.groups())
    elif found := _DAY_FIRST.search(lowered):
        number_, month, year = (int(part) for part in found.groups())
        year += 2000 if year < 100 else 0
    elif (found := _MONTH_NAMED.search(lowered)) and found[2][:3] in _MONTHS:
        number_, month, year = int(found[1]), _MONTHS.index(found[2][:3]) + 1, int(found[3])
    else:
        return None
    try:
        return date(year, month, number_)
    except ValueError:
        return None


def clock(text: str) -> time | None:
    """``18:30``, ``18.30 Uhr``, ``18 Uhr``: the first time of day that is told.

    >>> clock("18 Uhr"), clock("18.30–20.00 Uhr"), clock("abends")
    (datetime.time(18, 0), datetime.time(18, 30), None)
    """
    found = _CLOCK.search(text.casefold().strip())
    if found is None:
        return None
    hour, minute = (int(found[1]), int(found[2])) if found[1] else (int(found[3]), 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def truth(text: str) -> bool | None:
    """Yes or no.

    >>> truth("Ja"), truth("nein"), truth("teilweise")
    (True, False, None)
    """
    lowered = text.strip().casefold()
    return True if lowered in _YES else False if lowered in _NO else None


def is_weekend(text: str) -> bool:
    """Whether a text names Saturday or Sunday."""
    return bool(_WEEKEND.search(text.casefold()))
