"""How the field work went: who began and finished, where people broke off, when answers came, how long they took."""

from __future__ import annotations

from datetime import date, timedelta

from bildungsbedarf.disclosure import limits_of
from bildungsbedarf.language import day, number, percent, translate
from bildungsbedarf.prepare.quality import OTHER_REASONS, merge_small
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.process.counting import count_cell
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.notes import source_line
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.wave import Wave


def field_work(wave: Wave) -> Block:
    """Outcomes, break-off by page, returns by week and times by page; small counts are merged.

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
    >>> show.field_work(wave).kind
    'quality'
    """
    language = wave.language
    rows = [*_outcomes(wave), *_breaks(wave), *_returns(wave), *_times(wave)]
    notes = []
    if wave.wave_config.invited:
        text = (
            "Response rates by AAPOR's Standard Definitions (RR1, RR2); every invitation that arrived counts as "
            "eligible."
        )
        notes.append(translate(text, language))
    return plain_table(
        translate("How the field work went", language),
        translate("Item", language),
        [translate("Value", language)],
        rows,
        [*notes, source_line(wave)],
        kind="quality",
        language=language,
    )


def _outcomes(wave: Wave) -> list[Row]:
    quality, language = wave.quality, wave.language
    rows = [_row(wave, "Interviews begun", quality.rows)]
    if quality.submitted is None:
        unknown = translate("the export does not say", language)
        rows.append(Row(translate("of these finished", language), [Cell(unknown, hidden=True)]))
    else:
        rows.append(_row(wave, "of these finished", quality.submitted))
    rows += [_row(wave, "of these counted though not finished", quality.partial)] if quality.partial else []
    if wave.wave_config.reached:
        sent = wave.wave_config
        rows = [_row(wave, "Invitations sent", sent.invited or 0), *rows]
        rows[1:1] = [_row(wave, "of these came back", sent.returned)] if sent.returned else []
        rates = quality.outcome_rates(wave.wave_config.reached)
        for name, label in (("RR1", "Response rate RR1 (finished)"), ("RR2", "Response rate RR2 (and in part)")):
            if name not in rates:
                continue
            rows.append(Row(translate(label, language), [Cell(percent(rates[name], language))]))
    return rows


def _breaks(wave: Wave) -> list[Row]:
    minimum, language = limits_of(wave).minimum_cell, wave.language
    merged, _ = merge_small(wave.quality.broken_off, minimum)
    rows: list[Row] = []
    for page, count in merged.items():
        label = translate("broken off on other pages", language)
        if page != OTHER_REASONS:
            label = translate("broken off after page {page} of {pages}", language, page=page, pages=_pages(wave))
        rows.append(Row(label, [count_cell(count, wave.language)]))
    return rows


def _returns(wave: Wave) -> list[Row]:
    """Finished interviews by week; a week begins on Monday."""
    language = wave.language
    weeks: dict[str, int] = {}
    for text, count in wave.quality.daily.items():
        known = date.fromisoformat(text)
        monday = known - timedelta(days=known.weekday())
        weeks[monday.isoformat()] = weeks.get(monday.isoformat(), 0) + count
    if list(weeks) == ["1979-12-31"]:  # a survey without date stamps
        return []
    merged, _ = merge_small(weeks, limits_of(wave).minimum_cell)
    rows = []
    for week, persons in merged.items():
        label = translate("finished in other weeks", language)
        if week != OTHER_REASONS:
            start = day(date.fromisoformat(week), language)
            label = translate("finished in the week from {start}", language, start=start)
        rows.append(Row(label, [count_cell(persons, wave.language)]))
    return rows


def _times(wave: Wave) -> list[Row]:
    language = wave.language
    published = wave.quality.published(limits_of(wave).minimum_cell)
    found: dict[str, object] = {translate("Median duration in minutes", language): published["median_minutes"]}
    for page, minutes in published["page_minutes"].items():  # type: ignore[attr-defined]
        found[translate("Median minutes on page {page}", language, page=page)] = minutes
    return [Row(label, [Cell(number(float(str(m)), language, 1))]) for label, m in found.items() if m is not None]


def _pages(wave: Wave) -> int:
    return wave.codebook.page_count


def _row(wave: Wave, label: str, count: int) -> Row:
    minimum = limits_of(wave).minimum_cell
    return Row(translate(label, wave.language), [count_cell(None if 0 < count < minimum else count, wave.language)])
