"""Official series: an overview along the guideline, and each as lines over the years with its numbers."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.ticker import FuncFormatter, MaxNLocator

from bildungsbedarf import monitoring
from bildungsbedarf.findings.indicators import value_text
from bildungsbedarf.language import translate
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.show.figures import marks, style
from bildungsbedarf.show.figures.drawing import figure_block
from bildungsbedarf.show.tables.cells import Cell
from bildungsbedarf.show.tables.tables import Row, plain_table
from bildungsbedarf.study.indicators import Indicator, Theme
from bildungsbedarf.wave import Study

THEME_WORDS: dict[Theme, str] = {
    "context": "Context",
    "input": "Input",
    "process": "Process",
    "output": "Output",
    "outcome": "Outcome",
}
_LEAST_GAP = 0.055
"""Labels at the end of lines are at least this part of the axis apart."""


def indicator_overview(study: Study, *, title: str = "") -> Block:
    """Each indicator's last value, its change since the last break, and the region it is compared with last.

    Parameters
    ----------
    study
        The study, with its indicators.toml.
    title
        Default: what the table is called.

    Returns
    -------
    Block
        Finished HTML with its text.

    Examples
    --------
    >>> show.indicator_overview(study).kind
    'table'
    """
    language = study.language
    rows = []
    for row in monitoring.overview(study).to_dict("records"):
        config = monitoring.indicator(study, row["indicator"])
        change = "–"
        if pd.notna(row["change"]):
            points = value_text(row["change"], config.unit, language, is_change=True)
            change = translate("{change} since {since}", language, change=points, since=row["since"])
        beside = "–" if pd.isna(row["beside"]) else value_text(row["beside"], config.unit, language)
        cells = [
            Cell(translate(THEME_WORDS[config.theme], language)),
            Cell(value_text(row["value"], config.unit, language), str(row["period"])),
            Cell(change),
            Cell(beside, _last_name(study, config) if beside != "–" else ""),
        ]
        rows.append(Row(config.title.get(language), cells))
    headings = [translate(text, language) for text in ("Theme", "Last value", "Change", "Beside it")]
    title = title or translate("Indicators of the education monitoring", language)
    notes = [translate("Official statistics as published; no sample, no interval.", language)]
    return plain_table(title, translate("Indicator", language), headings, rows, notes, language=language)


def _last_name(study: Study, config: Indicator) -> str:
    return str(monitoring.series(study, config.id)["name"].iloc[-1])


def indicator(study: Study, name: str, *, title: str = "") -> Block:
    """A series over the years: the district in bold, other regions beside it; broken where it is counted otherwise.

    Parameters
    ----------
    study
        The study.
    name
        Id of an indicator.
    title
        Default: what the indicator is called.

    Returns
    -------
    Block
        Finished HTML with its text; its data are the series.

    Raises
    ------
    ConfigError, DataError
        As of ``monitoring.series``.

    Examples
    --------
    >>> show.indicator(study, "arbeitslosenquote").payload["name"]
    'indicator-arbeitslosenquote'
    """
    config, language = monitoring.indicator(study, name), study.language
    found = monitoring.series(study, name)
    title = title or config.title.get(language)
    shown = found.dropna(subset=["value"])
    chart = _lines(shown, config, language)
    twin = _numbers(study, config, found, title)
    notes = [
        config.definition.get(language),
        *(
            translate("From {period} on counted otherwise: {reason}", language, period=one.period, reason=reason)
            for one in config.breaks
            for reason in [one.reason.get(language)]
        ),
        _source_note(study, config),
    ]
    return figure_block(chart, f"indicator-{name}", title, _told(shown, config, title, language), twin, notes, language)


def scenario(study: Study, name: str, until: int = 0, years: int = 5, *, title: str = "") -> Block:
    """The district's series going on as in the last years, dashed: a scenario, not a forecast.

    Parameters
    ----------
    study
        The study.
    name
        Id of an indicator.
    until
        Last year of the scenario; default: as many years ahead as are continued.
    years
        Years whose mean change is continued (``monitoring.scenario``).
    title
        Default: what the indicator is called, and until when.

    Returns
    -------
    Block
        Finished HTML with its text.

    Raises
    ------
    ConfigError
        As of ``monitoring.scenario``.

    Examples
    --------
    >>> show.scenario(study, "arbeitslosenquote", 2023).payload["name"]
    'szenario-arbeitslosenquote'
    """
    config, language = monitoring.indicator(study, name), study.language
    found = monitoring.scenario(study, name, until, years)
    called, until = config.title.get(language), int(found["period"].max())
    title = title or translate("{name}: what if it went on so until {until}", language, name=called, until=until)
    chart, axes = style.wide_figure()
    last = found[found["kind"] == "observed"].tail(1)
    ahead = pd.concat([last, found[found["kind"] == "scenario"]]).assign(part="scenario")
    observed = found[found["kind"] == "observed"].assign(part="observed")
    marks.lines(axes, observed, "period", "value", "part", marker="o", pointsize=5, color=style.DARK, linewidth=2.6)
    look = {"color": style.GREY, "linewidth": 1.8, "linestyle": "--"}
    marks.lines(axes, ahead, "period", "value", "part", marker="o", pointsize=4, fillcolor="white", **look)
    axes.set_ylim(0, float(found["value"].max()) * 1.1 or 1.0)
    _label_axes(axes, config, language)
    words = {"observed": translate("counted", language), "scenario": translate("scenario", language)}
    rows = [
        Row(str(row["period"]), [Cell(value_text(row["value"], config.unit, language)), Cell(words[row["kind"]])])
        for row in found.to_dict("records")
    ]
    heads = [translate(head, language) for head in ("Value", "Kind")]
    note = translate(
        "A scenario, not a forecast: it continues the mean yearly change of the last {years} years. Nothing speaks for "
        "its coming true but that it has been so, and how far it may be off is not known.",
        language,
        years=years,
    )
    first = found[found["kind"] == "scenario"].tail(1)
    told = "" if first.empty else value_text(float(first["value"].iloc[0]), config.unit, language)
    alt = translate("{title}. Dashed: {value} in {until}.", language, title=title, value=told, until=until)
    twin = plain_table(title, translate("Year", language), heads, rows, language=language)
    return figure_block(chart, f"szenario-{name}", title, alt, twin, [note, _source_note(study, config)], language)


def _source_note(study: Study, config: Indicator) -> str:
    language = study.language
    sources = study.files.config.sources
    source = sources[config.file].get(language) if config.file in sources else config.file
    return translate("Source: {parts}.", language, parts=f"{source}, {config.table}")


def _label_axes(axes: Any, config: Indicator, language: str) -> None:
    axes.set_xlabel("")
    axes.set_ylabel("")
    axes.xaxis.set_major_locator(MaxNLocator("auto", integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: value_text(value, config.unit, language)))


def _lines(shown: pd.DataFrame, config: Indicator, language: str) -> Any:
    chart, axes = style.wide_figure()
    ends: list[tuple[float, str, bool]] = []
    for place, (_, own) in enumerate(shown.groupby("region", sort=False)):
        is_own = place == 0
        look = {"color": style.DARK if is_own else style.GREY, "linewidth": 2.6 if is_own else 1.2}
        each = own.assign(part=own["part"].astype(str))
        marks.lines(axes, each, "period", "value", "part", marker="o", pointsize=5 if is_own else 3, **look)
        ends.append((float(own["value"].iloc[-1]), str(own["name"].iloc[-1]), is_own))
    highest = float(shown["value"].max()) * 1.1 or 1.0
    axes.set_ylim(0, highest)
    last = float(shown["period"].max())
    for at, (_, name, is_own) in zip(_apart([end[0] for end in ends], highest), ends, strict=True):
        axes.annotate(
            name,
            (last, at),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            fontsize=9.5,
            weight="bold" if is_own else "normal",
            color=style.DARK if is_own else style.TEXT,
        )
    for one in config.breaks:
        axes.axvline(one.period - 0.5, color=style.TEXT, linewidth=1, linestyle="--")
    _label_axes(axes, config, language)
    return chart


def _apart(values: list[float], highest: float) -> list[float]:
    """Heights of labels near their values, none on another."""
    order = sorted(range(len(values)), key=lambda place: values[place])
    placed = list(values)
    below = float("-inf")
    for place in order:
        placed[place] = max(placed[place], below + _LEAST_GAP * highest)
        below = placed[place]
    return placed


def _told(shown: pd.DataFrame, config: Indicator, title: str, language: str) -> str:
    """The figure in words: first and last value of each region."""
    parts = []
    for _, own in shown.groupby("region", sort=False):
        first, last = own.iloc[0], own.iloc[-1]
        parts.append(
            translate(
                "{name}: {first} in {since}, {last} in {period}",
                language,
                name=last["name"],
                first=value_text(float(first["value"]), config.unit, language),
                since=first["period"],
                last=value_text(float(last["value"]), config.unit, language),
                period=last["period"],
            )
        )
    return f"{title}. {'; '.join(parts)}."


def _numbers(study: Study, config: Indicator, found: pd.DataFrame, title: str) -> Block:
    """Exactly what is drawn: a row a year, a column a region."""
    language = study.language
    names = found.drop_duplicates("region")
    values = found.set_index(["period", "region"])["value"]
    rows = [
        Row(
            str(period),
            [
                Cell("–" if pd.isna(value) else value_text(float(value), config.unit, language))
                for value in (values.get((period, region)) for region in names["region"])
            ],
        )
        for period in sorted(found["period"].unique())
    ]
    return plain_table(
        title, translate("Year", language), [str(name) for name in names["name"]], rows, language=language
    )
