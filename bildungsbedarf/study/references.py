"""What leitbild.toml names and there is not: looked up in the raw file, so that everything is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bildungsbedarf.errors import nearest
from bildungsbedarf.study.config import StudyConfig

Entry = Mapping[str, Any]
_TABLES = ("principle", "field_of_action", "goal", "action")


@dataclass(frozen=True)
class Unfitting:
    """Something that does not fit, and its place in the file."""

    place: tuple[str | int, ...]
    what: str
    value: object
    expected: str = ""


def unfitting(raw: Entry, config: StudyConfig) -> list[Unfitting]:
    """Ids that stand twice, names of nothing, goals that are part of each other."""
    tables = {name: _entries(raw.get(name)) for name in _TABLES}
    return [
        *(found for name in _TABLES for found in _doubles(name, tables[name])),
        *_named("goal", "principle", tables["goal"], tables["principle"]),
        *_named("goal", "field_of_action", tables["goal"], tables["field_of_action"]),
        *_named("goal", "part_of", tables["goal"], tables["goal"]),
        *_named("action", "goal", tables["action"], tables["goal"]),
        *_circles(tables["goal"]),
        *(found for number, goal in enumerate(tables["goal"]) for found in _of_study(number, goal, config)),
    ]


def _entries(table: Any) -> list[Entry]:
    return [entry if isinstance(entry, Mapping) else {} for entry in table] if isinstance(table, list) else []


def _ids(entries: Iterable[Entry]) -> list[str]:
    return [str(entry["id"]) for entry in entries if "id" in entry]


def _doubles(name: str, entries: list[Entry]) -> Iterator[Unfitting]:
    seen: set[str] = set()
    for number, entry in enumerate(entries):
        own = str(entry.get("id", ""))
        if own and own in seen:
            yield Unfitting((name, number, "id"), f"{name} {own!r} is defined twice", own)
        seen.add(own)


def _named(table: str, key: str, entries: list[Entry], among: list[Entry]) -> Iterator[Unfitting]:
    known = _ids(among)
    for number, entry in enumerate(entries):
        value = str(entry.get(key, ""))
        if value and value not in known:
            what = f"{table} {entry.get('id', '')!r} names the {key.replace('_', ' ')} {value!r}, which is not defined"
            yield Unfitting((table, number, key), what, value, nearest(value, known))


def _circles(goals: list[Entry]) -> Iterator[Unfitting]:
    """Goals that are, over others, a part of themselves: each circle once."""
    above = {str(goal.get("id", "")): str(goal.get("part_of", "")) for goal in goals}
    told: set[str] = set()
    for number, goal in enumerate(goals):
        path = [str(goal.get("id", ""))]
        while (following := above.get(path[-1], "")) and following not in path:
            path.append(following)
        if following and following == path[0] and path[0] not in told:
            told.update(path)
            yield Unfitting(("goal", number, "part_of"), "goals are part of each other", " → ".join([*path, path[0]]))


def _of_study(number: int, goal: Entry, config: StudyConfig) -> Iterator[Unfitting]:
    """Concepts, audiences and groups that study.toml does not have."""
    name = repr(goal.get("id", ""))
    for concept in goal.get("concepts", ()):
        if concept not in config.concept:
            expected = nearest(str(concept), config.concept)
            yield Unfitting(("goal", number, "concepts"), f"goal {name} names a concept of nothing", concept, expected)
    target = goal.get("target")
    cited = [*_entries(goal.get("evidence")), *([target] if isinstance(target, Mapping) else [])]
    for entry in cited:
        audience = str(entry.get("audience", ""))
        if audience and audience not in config.audience:
            expected = nearest(audience, config.audience)
            yield Unfitting(("goal", number), f"goal {name} cites a finding of an unknown audience", audience, expected)
    variables = {variable for audience in config.audience.values() for variable in audience.variables}
    for group in goal.get("groups", ()):
        variable, sign, category = str(group).partition("=")
        if not (sign and category and variable in variables):
            expected = nearest(variable, variables) if sign else "variable=category, altersgruppe=65+"
            yield Unfitting(("goal", number, "groups"), f"goal {name} names a group of nothing", group, expected)
