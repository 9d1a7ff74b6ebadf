"""Who works in which field, and who of them sat at the table: counts of institutions."""

from __future__ import annotations

from bildungsbedarf.language import number, translate
from bildungsbedarf.participation import at_the_table as _at_the_table
from bildungsbedarf.participation import network as _network
from bildungsbedarf.participation.network import By, group_labels, known_labels
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.wave import Study

_CORNERS = {"fields": "Field", "phases": "Phase of life", "places": "Municipality"}
_TITLES = {
    "fields": "Who came to the conferences, by field",
    "phases": "Who came to the conferences, by phase of life",
    "places": "Who came to the conferences, by municipality",
}
_NOTE = "Institutions as the list of actors has them; who works in several is counted in each. No persons."


def at_the_table(study: Study, by: By = "fields", *, title: str = "") -> Block:
    """Institutions of each field, phase of life or municipality, and how many of them came to each conference.

    Parameters
    ----------
    study
        A study with ``actors.csv``.
    by
        ``fields``, ``phases`` or ``places``.
    title
        Default: what is counted.

    Returns
    -------
    Block
        Finished HTML with its text and its data.

    Examples
    --------
    >>> show.at_the_table(study).content.rows[-2]
    ['Gesundheit und Alltag', '2', '0', '0']
    """
    language, frame = study.language, _at_the_table(study, by)
    names = [str(name) for name in frame.columns if name not in ("code", "label", "actors", "missing")]
    config = study.files.config.audience
    heads = [config[name].called(name, language) for name in names]
    rows = [
        Row(str(row["label"]), [Cell(number(int(row[name]), language)) for name in ("actors", *names)])
        for row in frame.to_dict("records")
    ]
    lacks = [
        translate(text, language, labels="; ".join(map(str, labels)))
        for text, labels in (
            ("Nobody came from: {labels}.", frame.loc[frame["missing"], "label"]),
            ("No institution in the list: {labels}.", frame.loc[frame["actors"] == 0, "label"]),
        )
        if len(labels)
    ]
    notes = [*lacks, translate(_NOTE, language)]
    corner = translate(_CORNERS[by], language)
    headings = [translate("Institutions", language), *heads]
    return plain_table(title or translate(_TITLES[by], language), corner, headings, rows, notes, language=language)


def network(study: Study, *, title: str = "") -> Block:
    """Groups of actors by the fields they work in: institutions, and of these how many came to a conference.

    Parameters
    ----------
    study
        A study with ``actors.csv``.
    title
        Default: what is counted.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.network(study).content.rows[0]
    ['Frühe Bildung', 'Frühe Bildung und Kita 3 (2); Familie und Erziehung 2 (1)']
    """
    language = study.language
    rows, called, labels = [], group_labels(study), known_labels(study, "fields")
    for group, own in _network(study).groupby("group", sort=False):
        most = own.sort_values("actors", ascending=False, kind="stable").to_dict("records")
        told = [f"{labels.get(row['fields'], row['fields'])} {row['actors']} ({row['present']})" for row in most]
        rows.append(Row(called.get(str(group), str(group)), [Cell("; ".join(told))]))
    note = translate("Institutions in each field; in brackets, how many of them came to a conference.", language)
    title = title or translate("Groups of actors by the fields they work in", language)
    heads, notes = [translate("Fields", language)], [note, translate(_NOTE, language)]
    return plain_table(title, translate("Group of actors", language), heads, rows, notes, language=language)
