"""Offers as one typed table, with everything that a provider should mend."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.study.offers import OffersFile
from bildungsbedarf.supply import texts
from bildungsbedarf.supply.places import Gazetteer, municipalities
from bildungsbedarf.wave import Wave

T = TypeVar("T")
_LINKS = ("https://", "http://")
COLUMNS = (
    *(
        "title",
        "provider",
        "actor_group",
        "field",
        "life_phase",
        "place",
        "online",
        "evening",
        "weekend",
        "start",
        "end",
    ),
    *("hours", "fee", "least_fee", "language", "accessible", "childcare", "places", "booked", "url", "double_of"),
    "in_period",
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

    @property
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
    (the same title, place and first day) stay in the table, marked, and are not counted.

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
    rules = rules_of(wave)
    raw = wave.records
    raw = raw.set_index("id")
    notes = _Notes(raw.get("provider", pd.Series("", index=raw.index)))
    made = pd.DataFrame(index=raw.index)
    for name in ("title", "provider", "language", "url"):
        made[name] = _column(raw, name).map(texts.plain)
    notes.add(
        _column(raw, "title"), "title", _column(raw, "title").map(texts.has_markup), "HTML in a title", "plain text"
    )
    notes.add(made["title"], "title", made["title"] == "", "an offer without a title", "a title")
    odd = (made["url"] != "") & ~made["url"].str.startswith(_LINKS)
    notes.add(made["url"], "url", odd, "not a web address", "https://…")
    made["url"] = made["url"].mask(odd, "")
    made["actor_group"] = _declared(made["provider"], rules.actor_groups)
    lacking = made["actor_group"].isna() & (made["provider"] != "") & bool(rules.actor_groups)
    notes.once(
        made["provider"], "provider", lacking, "a provider that no actor group has", "[actor_groups] in offers.toml"
    )
    category = _column(raw, "category").map(texts.plain)
    made["field"] = _declared(category, rules.fields)
    known = [word for words in rules.fields.values() for word in words]
    notes.once(
        category, "category", made["field"].isna(), "a category that no field has", lambda text: nearest(text, known)
    )
    made["life_phase"] = _declared(_column(raw, "audience").map(texts.plain), rules.life_phases)
    made["place"] = _places(wave, _column(raw, "place").map(texts.plain), rules, notes)
    for name in ("start", "end"):
        made[name] = _read(
            _column(raw, name), texts.day, name, "a date nobody can read", "1.3.2028 or 2028-03-01", notes
        )
    _add_times(made, raw, rules)
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
    backwards = (made["end"] < made["start"]).fillna(False).astype(bool)
    notes.add(_column(raw, "end"), "end", backwards, "an offer that ends before it begins", "")
    made["in_period"] = _in_period(made, wave)
    notes.add(_column(raw, "start"), "start", ~made["in_period"], "outside the period, not counted", "")
    made["double_of"] = _doubles(made)
    notes.add(
        made["double_of"].fillna(""), "id", made["double_of"].notna(), "the same offer as another, counted once", ""
    )
    typed = made.astype(dict.fromkeys(("title", "provider", "actor_group", "field", "life_phase", "place"), "string"))
    return Offers(typed[list(COLUMNS)].astype({"fee": "Float64", "least_fee": "Float64"}), notes.table(), rules)


def rules_of(wave: Wave) -> OffersFile:
    """offers.toml, for the audience it is of.

    Raises
    ------
    ConfigError
        There is none, or it is of another audience.
    """
    rules = wave.files.offers
    if rules is None or rules.audience != wave.audience:
        raise ConfigError(
            "there is no offers.toml for this audience",
            where=f"audience {wave.audience}",
            expected=rules.audience if rules is not None else f"surveys/{wave.study_name}/offers.toml",
        )
    return rules


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
    """Our word for each of the providers' words, where a person assigned it; of several the first that is known."""
    known = {word.strip().casefold(): str(own) for own, words in assigned.items() for word in words}
    known |= {str(own).casefold(): str(own) for own in assigned}

    def own(text: str) -> str | None:
        parts = [text, *text.replace(";", ",").split(",")]
        return next((known[key] for part in parts if (key := part.strip().casefold()) in known), None)

    return _mapped(values, own)


def _places(wave: Wave, values: pd.Series, rules: OffersFile, notes: _Notes) -> pd.Series:
    gazetteer = Gazetteer(municipalities(wave), rules.places)
    found = _mapped(values, lambda text: gazetteer.find(text) if text else None)
    names = sorted(gazetteer.names.values())
    what = "a place that is no municipality of the district"
    notes.once(values, "place", found.isna(), what, lambda text: nearest(text, names))
    return found


def _add_times(made: pd.DataFrame, raw: pd.DataFrame, rules: OffersFile) -> None:
    """``online``, ``evening``, ``weekend``: by the declared words, by the hour and by the day; missing if unknown."""
    formats = _column(raw, "format").map(texts.plain)
    told = {name: {word.strip().casefold() for word in rules.formats.get(name, [])} | {name} for name in _FORMATS}
    words = _mapped(formats, lambda text: {part.strip().casefold() for part in text.replace(";", ",").split(",")})
    said = {name: words.map(lambda own, known=known: bool(own & known)).astype(bool) for name, known in told.items()}
    begins = _mapped(_column(raw, "time").where(_column(raw, "time") != "", _column(raw, "start")), texts.clock)
    weekday = made["start"].map(lambda one: one.weekday(), na_action="ignore")
    by_day = weekday.map(lambda one: one >= texts.WEEKDAYS, na_action="ignore")
    named = _column(raw, "weekday")
    by_day = by_day.where(named == "", named.map(texts.is_weekend))
    late = begins.map(lambda one: one.hour >= rules.rules.evening_from, na_action="ignore")
    made["online"] = said["online"].astype("boolean").mask(~said["online"] & (formats == "") & made["place"].isna())
    made["weekend"] = _either(said["weekend"], by_day)
    made["evening"] = _either(said["evening"], late) & ~made["weekend"].fillna(False)


_FORMATS: tuple[Literal["online", "evening", "weekend"], ...] = ("online", "evening", "weekend")


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
    """The id of the offer that each repeats: same title, place and first day, where all three are known."""
    keys = pd.DataFrame(
        {"title": made["title"].str.casefold(), "place": made["place"], "start": made["start"].astype("string")}
    )
    whole = keys.notna().all(axis=1) & (keys["title"] != "")
    first = made.index.to_series().where(whole)
    same = keys[whole].groupby(["title", "place", "start"], sort=False).ngroup()
    firsts = first[whole].groupby(same).transform("first").astype("string")
    return firsts.mask(firsts == first[whole]).reindex(made.index)
