"""How reliably scales measure, with what was published of them."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bildungsbedarf.disclosure import Released, records
from bildungsbedarf.language import number, translate
from bildungsbedarf.needs.answers.scales import ALPHA, SPEARMAN_BROWN
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.labels import require_released
from bildungsbedarf.show.tables.notes import source_notes
from bildungsbedarf.show.tables.readings import unread
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.wave import Wave

_NAMES = {ALPHA: "Cronbach's alpha", SPEARMAN_BROWN: "Spearman–Brown"}


def reliability(parts: Sequence[Released], wave: Wave) -> Block:
    """One row a scale and coefficient (frames of ``needs.reliability``); published values stand below.

    Parameters
    ----------
    parts
        Released frames.
    wave
        One audience in one wave.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.reliability([disclosure.release(needs.reliability(wave, "vertrauen"))], wave).kind
    'table'
    """
    for part in parts:
        require_released(part, wave)
    language = wave.language
    scales = {scale.id: scale for scale in wave.scales}
    found = [row for part in parts for row in records(part.frame)]
    rows = []
    for row in found:
        title = scales[str(row["category"])].title.get(language)
        label = f"{title}: {translate(_NAMES[str(row['variable'])], language)}"
        if pd.isna(row["estimate"]):
            rows.append(Row(label, [Cell("–", hidden=True), Cell("–", hidden=True)]))
            continue
        value = number(row["estimate"], language, 2)
        bounds = [number(row[side], language, 2) for side in ("ci_low", "ci_high") if pd.notna(row[side])]
        rows.append(Row(label, [Cell(value, "–".join(bounds)), Cell(number(row["n"], language))]))
    shown = {str(name) for part in parts for name in part.frame["category"].dropna()}
    references = [
        f"{scale.title.get(language)}: {scale.reference.get(language)}"
        for scale in wave.scales
        if scale.id in shown and scale.reference is not None
    ]
    headings = [translate("Coefficient", language), translate("Persons", language)]
    title = translate("Reliability of the scales", language)
    weak = [
        str(row["category"])
        for row in found
        if row["variable"] == ALPHA and row["estimate"] < scales[str(row["category"])].least_alpha
    ]
    notes = [*references, *unread(weak, wave), *source_notes(list(parts), wave)]
    return plain_table(title, translate("Scale", language), headings, rows, notes, language=language)
