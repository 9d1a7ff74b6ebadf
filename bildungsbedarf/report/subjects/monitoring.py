"""The page of the education monitoring: what official series say, in the order of the guideline."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf import monitoring
from bildungsbedarf.findings import Finding, newest
from bildungsbedarf.language import translate
from bildungsbedarf.report.subjects.known import Address
from bildungsbedarf.report.subjects.parts import Link, Said, Section, SubjectPage, Table
from bildungsbedarf.show.evidence.monitoring import THEME_WORDS
from bildungsbedarf.study.indicators import Theme
from bildungsbedarf.wave import Study

PATH = "bildungsmonitoring.html"


def monitoring_page(study: Study, found: Sequence[Finding], address: Address) -> SubjectPage | None:
    """A section a theme, with what each indicator means and where it comes from.

    Parameters
    ----------
    study
        The study.
    found
        Findings of the register.
    address
        Where a finding stands in the site.

    Returns
    -------
    SubjectPage or None
        None where the register has nothing of official statistics.
    """
    language = study.language
    own = {one.id: one for one in newest(found) if one.kind == "indicator"}
    if not own or study.files.indicators is None:
        return None
    sections = [section for theme in monitoring.THEMES if (section := _theme(study, theme, own, address)) is not None]
    first = next(iter(own.values()))
    page = address(first).partition("#")[0]
    if page:
        link = Link(translate("All series over the years", language), page)
        sections.append(Section("reihen", translate("Read on", language), links=[link]))
    name = translate("Education monitoring", language)
    return SubjectPage(
        PATH,
        name,
        translate("What official statistics say of education in the district", language),
        translate(
            "Counted for everyone, by the statistical offices; what they mean for education is not in them.", language
        ),
        sections,
        name,
    )


def _theme(study: Study, theme: Theme, own: dict[str, Finding], address: Address) -> Section | None:
    language = study.language
    said, rows = [], []
    for name in monitoring.names(study, theme):
        config = monitoring.indicator(study, name)
        told = [own[key] for key in (f"indicator.{name}", f"trend_indicator.{name}") if key in own]
        said += [Said(one.statement[language], address(one), "statistics") for one in told]
        if told:
            rows.append([config.title.get(language), config.definition.get(language), told[0].base[language]])
    if not said:
        return None
    heads = [translate(text, language) for text in ("Indicator", "Definition", "Source")]
    return Section(theme, translate(THEME_WORDS[theme], language), said=said, table=Table(heads, rows))
