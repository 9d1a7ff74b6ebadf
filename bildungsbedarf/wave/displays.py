"""What a study and a wave look like in a notebook, and the same as plain text. Not for publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bildungsbedarf.errors import BildungsbedarfError

if TYPE_CHECKING:
    from bildungsbedarf.wave.study import Study
    from bildungsbedarf.wave.wave import Wave


def study_rows(study: Study) -> tuple[str, list[str], list[list[str]]]:
    """Title, heads and a row a wave and audience; nothing is computed for it.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    tuple
        Title, heads, rows.

    Examples
    --------
    >>> study_rows(study)[2][0][:2]
    ['2026', 'erwachsene']
    """
    rows = []
    for wave in study.of_all_audiences:
        field = wave.wave_config.field or wave.wave_config.period
        rows.append(
            [
                wave.name,
                wave.audience,
                wave.config.data,
                _rows_of(wave),
                "" if field is None else f"{field.start} – {field.end}",
                "needs" if wave.has_needs else "",
            ]
        )
    title = study.files.config.study.title.get(study.language)
    return f"{study.name}: {title}", ["wave", "audience", "data", "rows", "field", "battery"], rows


def _rows_of(wave: Wave) -> str:
    try:
        if not wave.has_snapshot and not wave.is_damaged:
            return "none yet"
        return f"{wave.snapshot.manifest.rows:,} in {wave.snapshot.short}"
    except BildungsbedarfError as error:
        return f"cannot be used: {error.problems[0].what}"


def wave_rows(wave: Wave) -> tuple[str, list[list[str]]]:
    """Title and facts: who, when, counted and not, weights, groups.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    tuple
        Title, rows.

    Examples
    --------
    >>> dict(wave_rows(wave)[1])["counted"]
    '1,354 of 1,500'
    """
    title = f"{wave.study_name} {wave.name}, {wave.audience}"
    field = wave.wave_config.field or wave.wave_config.period
    rows = [["who", wave.population[wave.language]], ["sampling", wave.config.sampling]]
    rows += [] if field is None else [["field", f"{field.start} – {field.end}"]]
    try:
        if not wave.has_snapshot and not wave.is_damaged:
            return title, [*rows, ["responses", "none yet: bildungsbedarf import, or pull"]]
        rows.append(["snapshot", wave.snapshot.short])
        if not wave.has_answers:
            return title, [*rows, ["rows", f"{wave.snapshot.manifest.rows:,}"]]
        return title, [*rows, *_counted(wave)]
    except BildungsbedarfError as error:
        return title, [*rows, ["cannot be used", str(error.problems[0])]]


def _fields(wave: Wave) -> str:
    return ", ".join(
        f"{code} {label}" for code, label in wave.codebook[wave.needs.importance].items(wave.language).items()
    )


def _counted(wave: Wave) -> list[list[str]]:
    quality, weights = wave.quality, wave.design.weights
    reasons = ", ".join(f"{name} {count:,}" for name, count in quality.not_counted.items())
    groups = [f"{name} ({len(wave.design.levels(name))})" for name in wave.groups]
    rows = [["counted", f"{quality.counted:,} of {quality.rows:,}"], *([["not counted", reasons]] if reasons else [])]
    method = wave.config.weighting.method
    spread = f"{method}, from {weights.min():.2f} to {weights.max():.2f}, sum {weights.sum():,.0f}"
    rows.append(["weights", "none: everyone counts alike" if method == "none" else spread])
    rows += [["groups", ", ".join(groups)]] if groups else []
    rows += [["fields", _fields(wave)]] if wave.has_needs else []
    return rows
