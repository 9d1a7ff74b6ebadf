"""Who was counted, how the weights were made, and how far they reach: tables of the process."""

from __future__ import annotations

from bildungsbedarf.disclosure import limits_of
from bildungsbedarf.language import day, number, percent, translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.notes import citations, source_line
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.study.config import CROSS, LEAVE_OUT, MERGE, SPLIT, step_parts
from bildungsbedarf.wave import Wave

NOT_COUNTED = {
    "not_eligible": "not eligible (younger than asked for, for example)",
    "eligibility_unknown": "eligibility unknown",
    "stratum_unknown": "municipality unknown or outside the district",
    "broken_off_before_core": "broken off before the core questions",
    "speeding": "answered too fast",
    "straightlining": "same answer throughout",
    "duplicate": "entered twice",
    "out_of_range": "impossible answer to a number",
    "other_reasons": "other reasons",
}
_FLAGS = {
    "speeding": "answered very fast",
    "straightlining": "same answer to every item of a battery",
    "duplicate": "perhaps entered twice",
    "out_of_range": "impossible answer to a number",
}


def counting(wave: Wave) -> Block:
    """From the rows of the export to the persons counted, every difference with its reason.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.counting(wave).kind
    'quality'
    """
    language = wave.language
    minimum = limits_of(wave).minimum_cell
    published = wave.quality.published(minimum)
    rows = [Row(translate("Responses in the export", language), [count_cell(published["rows"], language)])]
    for entry in published["not_counted"]:  # type: ignore[attr-defined]
        label = translate("not counted: {reason}", language, reason=translate(NOT_COUNTED[entry["reason"]], language))
        rows.append(Row(label, [count_cell(entry["count"], language)]))
    rows.append(Row(translate("Counted persons", language), [count_cell(published["counted"], language)]))
    for name, count in published["flagged"].items():  # type: ignore[attr-defined]
        label = translate("of these flagged: {reason}", language, reason=translate(_FLAGS[name], language))
        rows.append(Row(label, [count_cell(count, language)]))
    notes = [_field_note(wave), source_line(wave)]
    return plain_table(
        translate("Who is counted", language),
        translate("Step", language),
        [translate("Persons", language)],
        rows,
        [note for note in notes if note],
        kind="quality",
        language=language,
    )


def weights(wave: Wave) -> Block:
    """What the weights were fitted to and what they cost in precision.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    Block
        Finished HTML with its text and, where it shows a frame, its data.

    Examples
    --------
    >>> show.weights(wave).kind
    'quality'
    """
    language = wave.language
    weighting = wave.weighting
    if weighting.result is None:
        rows = [Row(translate("Weighting", language), [Cell(translate("none", language))])]
        return plain_table(
            translate("Weighting", language),
            translate("Item", language),
            [translate("Value", language)],
            rows,
            kind="quality",
            language=language,
        )
    result = weighting.result
    published = weighting.published(limits_of(wave).minimum_cell)
    margins = "; ".join(" × ".join(wave.title(name) for name in margin["by"]) for margin in weighting.margins)
    coarsened = {"Margins made coarser (too few persons)": Cell(_steps(wave))} if weighting.coarser else {}
    entries = {
        "Fitted to": Cell(margins),
        "Population": Cell(number(weighting.population or 0, language)),
        "Persons without a margin's value (mean weight)": count_cell(published["unallocated_persons"], language),
        "Smallest and largest weight (mean = 1)": Cell(
            f"{number(result.weight_min, language, 2)} – {number(result.weight_max, language, 2)}"
        ),
        **coarsened,
        "Weights trimmed": count_cell(published["result"]["trimmed"], language),
        "Design effect of the weights (Kish)": Cell(number(result.kish_deff, language, 2)),
        "Effective number of persons": Cell(number(result.effective_n, language)),
    }
    files = ", ".join(dict.fromkeys(margin["file"] for margin in weighting.margins))
    note = translate("Totals from the official statistics in data/reference ({files}).", language, files=files)
    rows = [Row(translate(label, language), [cell]) for label, cell in entries.items()]
    note += _without_total(wave)
    return plain_table(
        translate("Weighting", language),
        translate("Item", language),
        [translate("Value", language)],
        rows,
        [note, *citations(wave, [str(margin["file"]) for margin in weighting.margins]), source_line(wave)],
        kind="quality",
        language=language,
    )


def _steps(wave: Wave) -> str:
    """What was done to the margins, in the order of study.toml."""
    words = {MERGE: "few persons merged: {name}", SPLIT: "each alone: {name}", LEAVE_OUT: "left out: {name}"}
    told = []
    for step in wave.weighting.coarser:
        verb, margin = step_parts(step)
        names = CROSS.join(wave.title(name) for name in margin.split(CROSS))
        told.append(translate(words[verb], wave.language, name=names))
    return "; ".join(told)


def _without_total(wave: Wave) -> str:
    """Which answers official statistics have no number for."""
    parts = [
        f"{wave.title(name)}: {', '.join(wave.labels(name).get(value, value) for value in values)}"
        for name, values in wave.weighting.without_total.items()
    ]
    if not parts:
        return ""
    text = translate("The statistics have no total for: {values}.", wave.language, values="; ".join(parts))
    return f" {text}"


def count_cell(value: object, language: str) -> Cell:
    """A count of the process; ``None`` where it is too small to be told."""
    if value is None:
        return Cell(translate("fewer than 5", language))
    return Cell(number(float(str(value)), language))


def _field_note(wave: Wave) -> str:
    language = wave.language
    parts = []
    field = wave.wave_config.field
    if field is not None:
        parts.append(
            translate(
                "Field phase: {start} to {end}.",
                language,
                start=day(field.start, language),
                end=day(field.end, language),
            )
        )
    if wave.wave_config.reached:
        share = wave.quality.rows / wave.wave_config.reached
        parts.append(
            translate(
                "{invited} invitations arrived, {share} answered.",
                language,
                invited=number(wave.wave_config.reached, language),
                share=percent(share, language),
            )
        )
    if wave.quality.median_minutes is not None:
        minutes = number(wave.quality.median_minutes, language, 1)
        parts.append(translate("Median duration: {minutes} minutes.", language, minutes=minutes))
    return " ".join(parts)
