"""What leitbild.toml names and there is not: looked up in the raw file, so that everything is told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
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


def unfitting(raw: Entry, config: StudyConfig, waves: Collection[str]) -> list[Unfitting]:
    """Ids that stand twice, names of nothing, goals that are part of each other."""
    tables = {name: _entries(raw.get(name)) for name in _TABLES}
    return [
        *(found for name in _TABLES for found in _doubles(name, tables[name])),
        *_named("goal", "principle", tables["goal"], tables["principle"]),
        *_named("goal", "field_of_action", tables["goal"], tables["field_of_action"]),
        *_named("goal", "part_of", tables["goal"], tables["goal"]),
        *_named("action", "goal", tables["action"], tables["goal"]),
        *_circles(tables["goal"]),
        *(found for number, goal in enumerate(tables["goal"]) for found in _of_study(number, goal, config, waves)),
    ]


def _entries(table: Any) -> list[Entry]:
    return [entry if isinstance(entry, Mapping) else {} for entry in table] if isinstance(table, list) else []


def _texts(value: Any) -> list[str]:
    """A list of texts; anything else is said to be none by the model."""
    return [entry for entry in value if isinstance(entry, str)] if isinstance(value, list) else []


def _ids(entries: Iterable[Entry]) -> list[str]:
    return [str(entry["id"]) for entry in entries if "id" in entry]


def _doubles(name: str, entries: list[Entry]) -> Iterator[Unfitting]:
    """Ids and titles that stand twice; ids name pages, which some disks tell apart by more than capitals."""
    seen: dict[str, str] = {}
    ids: set[str] = set()
    titles: set[str] = set()
    for number, entry in enumerate(entries):
        own, title = str(entry.get("id", "")), str(_german(entry.get("title")))
        if own and own in ids:
            yield Unfitting((name, number, "id"), f"{name} {own!r} is defined twice", own)
        elif own and own.casefold() in seen:
            what = f"{name} {own!r} and {seen[own.casefold()]!r} differ by capitals alone"
            yield Unfitting((name, number, "id"), what, own, "ids that differ otherwise too")
        elif title and title in titles:
            yield Unfitting((name, number, "title"), f"two entries of {name} have one title", title)
        seen.setdefault(own.casefold(), own)
        ids.add(own)
        titles.add(title)


def _german(title: Any) -> Any:
    return title.get("de", "") if isinstance(title, Mapping) else title or ""


def _named(table: str, key: str, entries: list[Entry], among: list[Entry]) -> Iterator[Unfitting]:
    known = dict.fromkeys(_ids(among))
    for number, entry in enumerate(entries):
        value = str(entry.get(key, ""))
        if value and value not in known:
            what = f"{table} {entry.get('id', '')!r} names the {key.replace('_', ' ')} {value!r}, which is not defined"
            yield Unfitting((table, number, key), what, value, nearest(value, known))


def _circles(goals: list[Entry]) -> Iterator[Unfitting]:
    """Goals that are, over others, a part of themselves: each circle once."""
    # of an id that stands twice what it is a part of anywhere
    above: dict[str, str] = {}
    for goal in goals:
        if "id" in goal:
            above[str(goal["id"])] = str(goal.get("part_of", "")) or above.get(str(goal["id"]), "")
    place = {str(goal.get("id")): number for number, goal in enumerate(goals)}
    seen: set[str] = set()
    for first in above:
        path: dict[str, None] = {}
        name = first
        while name and name in above and name not in seen and name not in path:
            path[name] = None
            name = above[name]
        if name in path:
            circle = list(path)[list(path).index(name) :]
            what = "goals are part of each other"
            yield Unfitting(("goal", place[circle[0]], "part_of"), what, " → ".join([*circle, circle[0]]))
        seen.update(path)


def _of_study(number: int, goal: Entry, config: StudyConfig, waves: Collection[str]) -> Iterator[Unfitting]:
    """Concepts, audiences, groups and waves that the study does not have."""
    name = repr(goal.get("id", ""))
    for concept in _texts(goal.get("concepts")):
        if concept not in config.concept:
            expected = nearest(concept, config.concept)
            yield Unfitting(("goal", number, "concepts"), f"goal {name} names a concept of nothing", concept, expected)
    target = goal.get("target")
    targets = [target] if isinstance(target, Mapping) else []
    for entry in [*_entries(goal.get("evidence")), *targets]:
        audience = str(entry.get("audience", ""))
        if audience and audience not in config.audience:
            expected = nearest(audience, config.audience)
            yield Unfitting(("goal", number), f"goal {name} cites a finding of an unknown audience", audience, expected)
    for entry in targets:
        baseline = str(entry.get("baseline", ""))
        if baseline and baseline not in waves:
            expected = nearest(baseline, waves)
            yield Unfitting(("goal", number, "target"), f"goal {name} begins with an unknown wave", baseline, expected)
    yield from _said_twice(number, goal, name)
    for group in _texts(goal.get("groups")):
        if expected := _no_group(group, config):
            yield Unfitting(("goal", number, "groups"), f"goal {name} names a group of nothing", group, expected)


def _said_twice(number: int, goal: Entry, name: str) -> Iterator[Unfitting]:
    """Groups, and findings in one role, that a goal names more than once."""
    groups = _texts(goal.get("groups"))
    for group in dict.fromkeys(group for place, group in enumerate(groups) if group in groups[:place]):
        yield Unfitting(("goal", number, "groups"), f"goal {name} names a group twice", group)
    cited = [
        tuple(str(entry.get(key, "")) for key in ("role", "finding", "audience"))
        for entry in _entries(goal.get("evidence"))
    ]
    for place, one in enumerate(cited):
        if one[1] and one in cited[:place]:
            what = f"goal {name} cites a finding twice in one role"
            yield Unfitting(("goal", number, "evidence", place, "finding"), what, one[1], "each once, with one limit")


def _no_group(group: str, config: StudyConfig) -> str:
    """What was expected instead of a group; "" where it is one, as far as study.toml says."""
    variable, sign, category = group.partition("=")
    rules = [audience.variables[variable] for audience in config.audience.values() if variable in audience.variables]
    if not sign or not category:
        return "variable=category, altersgruppe=65+"
    if not rules:
        return nearest(variable, {name for audience in config.audience.values() for name in audience.variables})
    known = [str(name) for rule in rules for name in (*(rule.labels or ()), *(rule.merge or ()), *rule.people)]
    return nearest(category, known) if known and category not in known else ""
