"""Offers as one typed table, with everything that a provider should mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar, get_args
from weakref import WeakKeyDictionary

import pandas as pd

from bildungsbedarf.errors import nearest
from bildungsbedarf.study.offers import Format, OffersFile
from bildungsbedarf.supply import texts
from bildungsbedarf.supply.places import Gazetteer, municipalities
from bildungsbedarf.supply.rules import rules_of
from bildungsbedarf.wave import Wave

T = TypeVar("T")
_LINKS = ("https://", "http://")
FORMATS: tuple[Format, ...] = get_args(Format)
COLUMNS = (
    *("title", "provider", "actor_group", "field", "life_phase", "place", "online", "evening", "weekend"),
    *("start", "end", "hours", "fee", "least_fee", "language", "accessible", "childcare", "places", "booked"),
    *("url", "double_of", "in_period"),
)


@dataclass(frozen=True)
class Offers:
    """What a district's providers offer.

    ``table`` has one row an offer, by id: ``COLUMNS``; what is not known is missing. ``problems`` has one row a thing
    to mend: ``id``, ``provider``, ``column``, ``value``, ``what``, ``expected``.
    """

    table: pd.DataFrame
    problems: pd.DataFrame
    rules: OffersFile

    @cached_property
    def counted(self) -> pd.DataFrame:
        """Offers of the period, each once."""
        return self.table[self.table["in_period"] & self.table["double_of"].isna()]

    @property
    def is_complete(self) -> bool:
        """Whether what is not in the table does not exist."""
        return self.rules.coverage == "complete"


def offers(wave: Wave) -> Offers:
    """The offers of an audience whose data are records, read by the rules of offers.toml.

    Nothing is guessed: a category that nobody assigned to a field, a place that no municipality is called, a fee in
    words stay unknown, and are listed. Offers outside the wave's period (``period`` in waves/<wave>.toml) and doubles
    (the same title, place, first day and hour) stay in the table, marked, and are not counted.

    Parameters
    ----------
    wave
        The audience of offers in one wave.

    Returns
    -------
    Offers
        Table, problems, rules.

    Raises
    ------
    ConfigError
        There is no offers.toml, or it is of another audience.

    Examples
    --------
    >>> found = supply.offers(provided)
    >>> bool(found.table.index.is_unique)
    True
    """
    if wave not in _READ:
        _READ[wave] = _read_once(wave)
    kept = _READ[wave]
    return replace(kept, table=kept.table.copy(), problems=kept.problems.copy())


_READ: WeakKeyDictionary[Wave, Offers] = WeakKeyDictionary()
"""Of each wave in the hand its offers: every measure begins with them."""


def _read_once(wave: Wave) -> Offers:
    rules = rules_of(wave)
    table = municipalities(wave)
    # offers.toml is no part of what the wave is keyed by
    depends = [rules.model_dump_json(), table.to_csv(), wave.wave_config.period, wave.files.config.study.region]
    return wave.once("offers", depends, lambda: _offers_of(wave, rules, table))


def _offers_of(wave: Wave, rules: OffersFile, table: pd.DataFrame) -> Offers:
    raw = wave.records.set_index("id")
    notes = _Notes(_column(raw, "provider"))
    made = pd.DataFrame(index=raw.index)
    _add_names(made, raw, notes)
    _add_assigned(made, raw, rules, notes)
    made["place"] = _places(wave, table, _column(raw, "place").map(texts.plain), rules, notes)
    _add_times(made, raw, rules, notes)
    _add_numbers(made, raw, notes)
    made["in_period"] = _in_period(made, wave)
    notes.add(_column(raw, "start"), "start", ~made["in_period"], "outside the period, not counted", "")
    made["double_of"] = _doubles(made)
    same = made["double_of"].notna()
    notes.add(made["double_of"].fillna(""), "id", same, "the same offer as another, counted once", "")
    words = dict.fromkeys(("title", "provider", "actor_group", "field", "life_phase", "place"), "string")
    return Offers(made[list(COLUMNS)].astype({**words, "fee": "Float64", "least_fee": "Float64"}), notes.table(), rules)


class _Notes:
    """Things to mend, in the order they were found."""

    def __init__(self, providers: pd.Series) -> None:
        self._providers = providers
        self._rows: list[dict[str, str]] = []

    def add(self, values: pd.Series, column: str, where: pd.Series, what: str, expected: str) -> None:
        """One row an offer."""
        for name in values.index[where.to_numpy(dtype=bool)]:
            self._add(str(name), str(self._providers[name]), column, str(values[name]), what, expected)

    def once(
        self, values: pd.Series, column: str, where: pd.Series, what: str, expected: str | Callable[[str], str]
    ) -> None:
        """One row a different value: what a person assigns once for all offers."""
        odd = values[where.to_numpy(dtype=bool)]
        for value, name in odd[odd != ""].drop_duplicates().pipe(lambda one: zip(one, one.index, strict=True)):
            told = expected(value) if callable(expected) else expected
            self._add(str(name), str(self._providers[name]), column, str(value), what, told)

    def _add(self, *cells: str) -> None:
        self._rows.append(dict(zip(("id", "provider", "column", "value", "what", "expected"), cells, strict=True)))

    def table(self) -> pd.DataFrame:
        """All of them."""
        columns = ["id", "provider", "column", "value", "what", "expected"]
        return pd.DataFrame(self._rows, columns=columns, dtype="str")


def _column(raw: pd.DataFrame, name: str) -> pd.Series:
    """A column as text without blanks around it; empty where there is none."""
    return raw[name].str.strip() if name in raw.columns else pd.Series("", index=raw.index, dtype="str")


def _mapped(values: pd.Series, read: Callable[[str], T | None]) -> pd.Series:
    """What each different text means, read once."""
    places, different = pd.factorize(values)
    known = [read(str(text)) for text in different]
    return pd.Series([known[place] for place in places], index=values.index, dtype="object")


def _read(
    values: pd.Series, read: Callable[[str], Any], column: str, what: str, expected: str, notes: _Notes
) -> pd.Series:
    found = _mapped(values, lambda text: read(text) if text else None)
    notes.add(values, column, found.isna() & (values != ""), what, expected)
    return found


def _declared(values: pd.Series, assigned: Mapping[Any, Sequence[str]]) -> pd.Series:
    """Our word for each of the providers' words, where a person assigned it; of words with several of ours none."""
    known = {word.strip().casefold(): str(own) for own, words in assigned.items() for word in words}
    known |= {str(own).casefold(): str(own) for own in assigned}

    def own(text: str) -> str | None:
        if text.casefold() in known:
            return known[text.casefold()]
        parts = [part.strip().casefold() for part in text.replace(";", ",").split(",")]
        found = {known[part] for part in parts if part in known}
        # of several nobody said which
        return found.pop() if len(found) == 1 else None

    return _mapped(values, own)


def _add_names(made: pd.DataFrame, raw: pd.DataFrame, notes: _Notes) -> None:
    """``title``, ``provider``, ``language``, ``url`` as plain text."""
    for name in ("title", "provider", "language", "url"):
        made[name] = _column(raw, name).map(texts.plain)
    titles = _column(raw, "title")
    notes.add(titles, "title", titles.map(texts.has_markup), "HTML in a title", "plain text")
    notes.add(made["title"], "title", made["title"] == "", "an offer without a title", "a title")
    odd = (made["url"] != "") & ~made["url"].str.startswith(_LINKS)
    notes.add(made["url"], "url", odd, "not a web address", "https://…")
    made["url"] = made["url"].mask(odd, "")


def _add_assigned(made: pd.DataFrame, raw: pd.DataFrame, rules: OffersFile, notes: _Notes) -> None:
    """``actor_group``, ``field``, ``life_phase``: what a person assigned to the providers' words."""
    made["actor_group"] = _declared(made["provider"], rules.actor_groups)
    lacking = made["actor_group"].isna() & bool(rules.actor_groups)
    what = "a provider that no actor group has"
    notes.once(made["provider"], "provider", lacking, what, "[actor_groups] in offers.toml")
    category = _column(raw, "category").map(texts.plain)
    made["field"] = _declared(category, rules.fields)
    known = [word for words in rules.fields.values() for word in words]
    what = "a category that no field has, or several"
    notes.once(category, "category", made["field"].isna(), what, lambda text: nearest(text, known))
    notes.add(category, "category", category == "", "an offer without a category", "a category")
    meant = _column(raw, "audience").map(texts.plain)
    made["life_phase"] = _declared(meant, rules.life_phases)
    lacking = made["life_phase"].isna() & bool(rules.life_phases)
    notes.once(meant, "audience", lacking, "a target group that no phase of life has", "[life_phases] in offers.toml")


def _add_numbers(made: pd.DataFrame, raw: pd.DataFrame, notes: _Notes) -> None:
    """Fees, hours, places, and what is answered with yes or no."""
    fees = _read(_column(raw, "fee"), texts.fee, "fee", "a fee that is no amount", "20 €, or kostenlos", notes)
    made["fee"], made["least_fee"] = (fees.map(lambda one, at=at: one[at], na_action="ignore") for at in (0, 1))
    for name in ("hours", "places", "booked"):
        read = _read(_column(raw, name), texts.number, name, "no number", "a number, not negative", notes)
        made[name] = read.astype("Float64")
    for name in ("accessible", "childcare"):
        read = _read(_column(raw, name), texts.truth, name, "neither yes nor no", "ja or nein", notes)
        made[name] = read.astype("boolean")
    over = (made["booked"] > made["places"]).fillna(False).astype(bool)
    notes.add(_column(raw, "booked"), "booked", over, "more booked than there are places", "waiting lists left out")


def _places(wave: Wave, table: pd.DataFrame, values: pd.Series, rules: OffersFile, notes: _Notes) -> pd.Series:
    gazetteer = Gazetteer(table, rules.places, wave.files.config.study.region, rules.postcodes)
    found = _mapped(values, lambda text: gazetteer.find(text) if text else None)
    names = sorted(gazetteer.names.values())
    what = "a place that is no municipality of the district"
    notes.once(values, "place", found.isna(), what, lambda text: nearest(text, names))
    return found


def _add_times(made: pd.DataFrame, raw: pd.DataFrame, rules: OffersFile, notes: _Notes) -> None:
    """Days and the hour; ``online``, ``evening``, ``weekend`` by the declared words, by the hour and by the day."""
    moments = {
        name: _read(_column(raw, name), texts.moment, name, "a date nobody can read", "1.3.2028 or 2028-03-01", notes)
        for name in ("start", "end")
    }
    for name, found in moments.items():
        made[name] = found.map(lambda one: one.day, na_action="ignore")
    backwards = (made["end"] < made["start"]).fillna(False).astype(bool)
    notes.add(_column(raw, "end"), "end", backwards, "an offer that ends before it begins", "")
    begins = _read(_column(raw, "time"), texts.clock, "time", "a time nobody can read", "18:30", notes)
    begins = begins.where(begins.notna(), moments["start"].map(lambda one: one.clock, na_action="ignore"))
    formats = _column(raw, "format").map(texts.plain)
    told = {name: {word.strip().casefold() for word in rules.formats.get(name, [])} | {name} for name in FORMATS}
    words = _mapped(formats, lambda text: {part.strip().casefold() for part in text.replace(";", ",").split(",")})
    said = {name: words.map(lambda own, known=known: bool(own & known)).astype(bool) for name, known in told.items()}
    unsaid = ~pd.DataFrame(said).any(axis=1)
    notes.once(formats, "format", unsaid, "a format that offers.toml does not name", "[formats] in offers.toml")
    weekday = made["start"].map(lambda one: one.weekday(), na_action="ignore")
    by_day = weekday.map(lambda one: one >= texts.WEEKDAYS, na_action="ignore")
    named = _column(raw, "weekday")
    days = _read(named, texts.is_weekend, "weekday", "no day of the week", "Montag, or Sa", notes)
    by_day = by_day.where(named == "", days)
    late = begins.map(lambda one: one.hour >= rules.rules.evening_from, na_action="ignore")
    # what has a place, or a format of another kind, is held somewhere; of the rest nobody knows
    is_somewhere = made["place"].notna() | ~unsaid
    made["online"] = said["online"].astype("boolean").mask(~said["online"] & ~is_somewhere)
    made["weekend"] = _either(said["weekend"], by_day)
    made["evening"] = _either(said["evening"], late) & ~made["weekend"].fillna(False)
    made["time"] = begins.astype("string").fillna("")


def _either(said: pd.Series, shown: pd.Series) -> pd.Series:
    """Said in words, or shown by hour or day; unknown where neither tells."""
    known = shown.astype("boolean")
    return known.mask(said, True)


def _in_period(made: pd.DataFrame, wave: Wave) -> pd.Series:
    """Whether an offer falls into the wave's period; offers without a date do."""
    period = wave.wave_config.period
    if period is None:
        return pd.Series(True, index=made.index)
    start, end = made["start"], made["end"].where(made["end"].notna(), made["start"])
    too_late = start.map(lambda one: one > period.end, na_action="ignore").fillna(False)
    too_early = end.map(lambda one: one < period.start, na_action="ignore").fillna(False)
    return ~(too_late.astype(bool) | too_early.astype(bool))


def _doubles(made: pd.DataFrame) -> pd.Series:
    """The id of the offer that each repeats: same title, place, first day and hour; the hour may be unknown."""
    keys = pd.DataFrame(
        {
            "title": made["title"].str.casefold(),
            "place": made["place"],
            "start": made["start"].astype("string"),
            "time": made["time"],
        }
    )
    whole = keys.notna().all(axis=1) & (keys["title"] != "")
    first = made.index.to_series().where(whole)
    same = keys[whole].groupby(["title", "place", "start", "time"], sort=False).ngroup()
    firsts = first[whole].groupby(same).transform("first").astype("string")
    return firsts.mask(firsts == first[whole]).reindex(made.index)
