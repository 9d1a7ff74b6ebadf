"""The pages of the education monitoring: one a theme of the guideline, official series beside what the study found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bildungsbedarf import monitoring
from bildungsbedarf.findings import Finding, newest
from bildungsbedarf.language import translate
from bildungsbedarf.report.sentences import short
from bildungsbedarf.report.subjects.known import Address, source_of
from bildungsbedarf.report.subjects.parts import Link, Said, Section, SubjectPage, Table, neighbours
from bildungsbedarf.show.evidence.monitoring import THEME_WORDS
from bildungsbedarf.study.indicators import IndicatorsFile, Theme
from bildungsbedarf.study.model import Language
from bildungsbedarf.wave import Study

PATH = "bildungsmonitoring.html"
_MEANING: dict[Theme, str] = {
    "context": "What surrounds education: who lives here, and how.",
    "input": "What goes into education: offers, places, people.",
    "process": "How education runs: how people come to it, and what keeps them away.",
    "output": "What comes out of it at once: who takes part, who leaves with what.",
    "outcome": "What comes out of it in the long run.",
}


def theme_path(theme: Theme) -> str:
    """Where the page of a theme lies in the site."""
    return f"bildungsmonitoring/{theme}.html"


def monitoring_pages(study: Study, found: Sequence[Finding], address: Address) -> list[SubjectPage]:
    """The overview, and a page for each theme of which something is known.

    Parameters
    ----------
    study
        The study.
    found
        Findings of all registers.
    address
        Where a finding stands in the site.

    Returns
    -------
    list of SubjectPage
        Empty where the registers have nothing of official statistics.
    """
    file = study.files.indicators
    own = newest(found)
    series = {one.id: one for one in own if one.kind == "indicator"}
    if not series or file is None:
        return []
    themes = [theme for theme in monitoring.THEMES if monitoring.names(study, theme) or _beside(file, theme, own)]
    links = [_link(study.language, theme) for theme in themes]
    pages = [
        _page(study, file, theme, series, own, address, *beside)
        for theme, beside in zip(themes, neighbours(links), strict=True)
    ]
    return [_overview(study, links, series, address), *pages]


def _link(language: Language, theme: Theme) -> Link:
    return Link(translate(THEME_WORDS[theme], language), theme_path(theme), translate(_MEANING[theme], language))


def _overview(study: Study, links: list[Link], series: Mapping[str, Finding], address: Address) -> SubjectPage:
    language = study.language
    sections = [Section("themen", translate("The themes", language), links=links)]
    page = address(next(iter(series.values()))).partition("#")[0]
    if page:
        all_series = Link(translate("All series over the years", language), page)
        sections.append(Section("reihen", translate("Read on", language), links=[all_series]))
    name = translate("Education monitoring", language)
    return SubjectPage(
        PATH,
        name,
        translate("What official statistics say of education in the district", language),
        translate(
            "In the order of the guideline of municipal education monitoring. Official statistics are counted for "
            "everyone; what they mean for education is not in them. Beside them stands what the study itself found.",
            language,
        ),
        sections,
        name,
    )


def _page(
    study: Study,
    file: IndicatorsFile,
    theme: Theme,
    series: Mapping[str, Finding],
    own: Sequence[Finding],
    address: Address,
    previous: Link | None,
    following: Link | None,
) -> SubjectPage:
    language = study.language
    name = translate(THEME_WORDS[theme], language)
    sections = [_statistics(study, theme, series, address), _found(study, _beside(file, theme, own), address)]
    return SubjectPage(
        theme_path(theme),
        translate("Education monitoring", language),
        name,
        translate(_MEANING[theme], language),
        [section for section in sections if not section.is_empty],
        name,
        previous=previous,
        following=following,
    )


def _statistics(study: Study, theme: Theme, series: Mapping[str, Finding], address: Address) -> Section:
    """What each series says, what it means, and where it comes from."""
    language = study.language
    heading = translate("What official statistics say", language)
    said, rows = [], []
    for name in monitoring.names(study, theme):
        config = monitoring.indicator(study, name)
        told = [series[key] for key in (f"indicator.{name}", f"trend_indicator.{name}") if key in series]
        said += [Said(one.statement[language], address(one), "statistics") for one in told]
        if told:
            rows.append([config.title.get(language), config.definition.get(language), told[0].base[language]])
    if not said:
        none = translate("No official series of this theme was entered.", language)
        return Section("statistik", heading, [none])
    heads = [translate(text, language) for text in ("Indicator", "Definition", "Source")]
    return Section("statistik", heading, said=said, table=Table(heads, rows))


def _found(study: Study, beside: Sequence[Finding], address: Address) -> Section:
    language = study.language
    said = [Said(short(one, language), address(one), source_of(study, one)) for one in beside]
    return Section("befunde", translate("What the study found", language), said=said)


def _beside(file: IndicatorsFile, theme: Theme, own: Sequence[Finding]) -> list[Finding]:
    """Findings that indicators.toml assigns to a theme, in the order it names them."""
    return [one for name in file.findings.get(theme, ()) for one in own if name in (one.id, one.measure)]
