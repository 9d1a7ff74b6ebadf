"""Who works in the local education landscape, in which fields, and who of them sat at the table of a conference.

``actors.csv`` in the study's folder has one line an institution, without any name: a word for its group of actors, the
fields of education it works in, phases of life, municipalities, and the conferences it took part in. What is counted
are institutions, never persons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import pandas as pd

from bildungsbedarf.errors import ConfigError, DataError, Problem, nearest
from bildungsbedarf.participation.ballot import ballots
from bildungsbedarf.sources.files import read_bytes
from bildungsbedarf.sources.tables import read_csv_text
from bildungsbedarf.study.reading import ACTORS as FILE
from bildungsbedarf.wave import Study

GROUP = "group"
LISTS = ("fields", "phases", "places", "conferences")
"""Columns that hold several words, separated by ``;``."""
By = Literal["fields", "phases", "places"]


def has_actors(study: Study) -> bool:
    """Whether the study has a list of actors.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    bool
        Whether ``actors.csv`` lies beside study.toml.

    Examples
    --------
    >>> participation.has_actors(study)
    True
    """
    return study.files.actors is not None


def actors(study: Study) -> pd.DataFrame:
    """The institutions of ``actors.csv``, one row each.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    pandas.DataFrame
        ``group``, and ``fields``, ``phases``, ``places``, ``conferences`` as tuples of words; whatever else the file
        has stays out.

    Raises
    ------
    ConfigError
        There is no such file.
    DataError
        It lacks a column, or names a field, phase or conference the study does not have: all at once, with lines.

    Examples
    --------
    >>> participation.actors(study).loc[0, "fields"]
    ('F01', 'F10')
    """
    path = study.files.actors
    if path is None:
        raise ConfigError(
            "there is no list of actors",
            where=f"surveys/{study.name}/{FILE}",
            expected="columns group, fields, conferences; phases and places where they are known",
        )
    table = read_csv_text(read_bytes(path), FILE).astype("str")
    table = table.rename(columns={name: str(name).strip().casefold() for name in table.columns})
    if doubled := [str(name) for name in table.columns[table.columns.duplicated()]]:
        raise DataError("two columns of the list of actors have one name", where=FILE, value=doubled[0])
    if table.empty:
        raise DataError("the list of actors is empty", where=FILE, expected="one line an institution")
    lacking = [name for name in (GROUP, "fields") if name not in table.columns]
    if lacking:
        found = ", ".join(map(str, table.columns))
        raise DataError("the list of actors lacks a column", where=FILE, value=found, expected=", ".join(lacking))
    made = pd.DataFrame({GROUP: table[GROUP].str.strip()})
    for name in LISTS:
        made[name] = table[name].map(_words) if name in table.columns else [()] * len(table)
    _check(made, study)
    return made


def network(study: Study, by: By = "fields") -> pd.DataFrame:
    """Institutions by group of actors and field (or phase of life, or municipality), and how many sat at a table.

    Parameters
    ----------
    study
        The study.
    by
        ``fields``, ``phases`` or ``places``.

    Returns
    -------
    pandas.DataFrame
        One row a combination that occurs: ``group``, ``by``, ``actors``, and ``present``, those who took part in any
        conference: the edges of a bipartite network of groups and fields, without any institution's own.

    Examples
    --------
    >>> participation.network(study).head(2)[["group", "fields", "actors", "present"]].to_numpy().tolist()
    [['FB', 'F01', 3, 2], ['FB', 'F10', 2, 1]]
    """
    table = actors(study)
    table["present"] = table["conferences"].map(len) > 0
    edges = table.explode(by).dropna(subset=by)
    found = edges.groupby([GROUP, by], sort=False)["present"].agg(["size", "sum"]).reset_index()
    return found.rename(columns={"size": "actors", "sum": "present"})


def at_the_table(study: Study, by: By = "fields") -> pd.DataFrame:
    """How many institutions of each field (or phase, or municipality) there are, and how many came to each conference.

    Parameters
    ----------
    study
        The study.
    by
        ``fields``, ``phases`` or ``places``.

    Returns
    -------
    pandas.DataFrame
        One row for every field or phase the study has, also without any actor; of municipalities those that are named:
        ``code``, ``label``, ``actors``, one column for each conference held (its audience; none where nobody noted who
        came), ``missing``: there are actors, and nobody came to any.

    Examples
    --------
    >>> found = participation.at_the_table(study)
    >>> found.loc[found["missing"], "label"].tolist()
    ['Gesundheit und Alltag']
    """
    table = actors(study)
    known = known_labels(study, by) or {one: one for one in sorted({word for words in table[by] for word in words})}
    is_noted = bool(table["conferences"].map(len).sum())
    conferences = [wave.audience for wave in ballots(study)] if is_noted else []
    rows = []
    for code, label in known.items():
        own = table[table[by].map(lambda words, one=code: one in words)]
        came = {name: int(own["conferences"].map(lambda words, one=name: one in words).sum()) for name in conferences}
        is_missing = bool(came) and len(own) > 0 and not any(came.values())
        rows.append({"code": code, "label": label, "actors": len(own), **came, "missing": is_missing})
    return pd.DataFrame(rows, columns=["code", "label", "actors", *conferences, "missing"])


def group_labels(study: Study) -> dict[str, str]:
    """What groups of actors are called, where ``actors.csv`` has the codes of a ballot's question for them."""
    found: dict[str, str] = {}
    for wave in ballots(study):
        group = wave.ballot.group
        derived = wave.config.variables.get(group)
        if group:
            found |= wave.labels(group if derived is None else derived.source)
    return found


def known_labels(study: Study, by: By) -> dict[str, str]:
    """Codes that may stand in a column, with what they are called; none where any word may."""
    if by == "phases":
        pages = study.files.pages
        return {} if pages is None else {one.id: one.title.get(study.language) for one in pages.life_phase}
    if by == "fields":
        asked = [wave for wave in study.of_all_audiences if wave.has_needs]
        book = asked[-1].codebook if asked else None
        return {} if book is None else book[asked[-1].needs.importance].items(study.language)
    return {}


def _words(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for word in map(str.strip, text.split(";")) if word))


def _check(table: pd.DataFrame, study: Study) -> None:
    known: Mapping[str, Sequence[str]] = {
        "fields": list(known_labels(study, "fields")),
        "phases": list(known_labels(study, "phases")),
        "conferences": [entry.audience for entry in study.files.config.ballot],
    }
    problems = []
    for place, row in enumerate(table.to_dict("records"), start=2):
        where, group = f"{FILE}, line {place}", str(row[GROUP])
        if not group:
            problems.append(Problem("an actor without a group", where))
        if "@" in group:
            problems.append(Problem("an address stands where the group of an actor should", where))
        for name, words in known.items():
            unknown = [word for word in row[name] if words and word not in words]
            problems += [Problem(f"unknown in {name}", where, word, nearest(word, words)) for word in unknown]
    if problems:
        raise DataError(problems)
