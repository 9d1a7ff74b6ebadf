"""Glossary, legal pages, plain language and English summary."""

from __future__ import annotations

from collections.abc import Sequence

from bildungsbedarf.findings import Finding
from bildungsbedarf.language import translate
from bildungsbedarf.report.subjects.fields import is_sure
from bildungsbedarf.report.subjects.known import Known, since
from bildungsbedarf.report.subjects.parts import Section, SubjectPage
from bildungsbedarf.report.subjects.protection import protection_sections
from bildungsbedarf.study.model import Language, Words
from bildungsbedarf.study.pages import PagesFile
from bildungsbedarf.wave import Study

GLOSSARY, PLAIN, ENGLISH = "glossar.html", "einfache-sprache.html", "english.html"
ACCESSIBILITY, IMPRINT, PRIVACY = "barrierefreiheit.html", "impressum.html", "datenschutz.html"
_TERMS = {
    "Base": "The people a number is a share of: those who were asked and could answer.",
    "Census": "Everyone was asked. Numbers then hold exactly for those who answered, and have no margin.",
    "Certain": "The margin of uncertainty leaves the other possibility out. Where several things are compared, for all "
    "of them together.",
    "Gap": "How much higher importance is than satisfaction, on the scale of the answers.",
    "Margin of uncertainty": "Not everyone was asked. If another sample were drawn, the value would most likely lie "
    "within the margin: in 95 of 100 samples the margin contains the value of all. In statistics: confidence interval.",
    "Modelled value": "An estimate for a small municipality: its own few answers, weighed against what similar "
    "municipalities suggest.",
    "Percentage point": "The difference of two shares: from 40% to 30% is 10 percentage points less.",
    "Sample": "People drawn by lot from a register, so that those asked stand for all.",
    "Self-selected": "People who found the survey by themselves. Their answers describe them, and nobody else.",
    "Snapshot": "The data as they were fetched at one moment. They are never changed; their hash proves it.",
    "Too few": "So few people stand behind a number that it could tell of single persons, or means nothing. It is not "
    "shown.",
    "Unmet need": "A person finds offers in a field important and is dissatisfied with those nearby.",
    "Wave": "One round of the survey. The same questions are asked again after some time.",
    "Weights": "Some groups answer less often than others. Weights make the answers count as if all groups had "
    "answered alike.",
}


_OF_MARGINS = ("Certain", "Margin of uncertainty", "Sample")
"""Words that no page of a study without a sample has."""


def glossary_page(study: Study) -> SubjectPage:
    """What the words on these pages mean, by alphabet."""
    language = study.language
    has_sample = any(audience.sampling == "probability" for audience in study.files.config.audience.values())
    used = {term: text for term, text in _TERMS.items() if has_sample or term not in _OF_MARGINS}
    terms = sorted((translate(term, language), translate(text, language)) for term, text in used.items())
    title = translate("Glossary", language)
    return SubjectPage(
        GLOSSARY,
        title,
        translate("What the words mean", language),
        translate("Short, and as they are used on these pages.", language),
        [Section("begriffe", translate("Terms", language), terms=terms)],
        title,
    )


def legal_pages(study: Study) -> list[SubjectPage]:
    """Accessibility, imprint, data protection: the texts of pages.toml; what is missing is named."""
    language, pages = study.language, study.files.pages or PagesFile()
    contact = translate("Questions about this report", language)
    address = f"{contact}: {study.files.config.study.contact}"
    accessible = Section(
        "stand",
        translate("What holds", language),
        [
            translate(
                "These pages are written to meet WCAG 2.2, level AA, and EN 301 549. Each run of the tests opens pages "
                "in a browser and checks them by axe, light and dark, wide and narrow. What no program can see, such "
                "as whether a text is understood, is read by people.",
                language,
            ),
            translate(
                "Figures have a text that says what they show, and their numbers as a table. Nothing needs a mouse or "
                "a script; the search field alone uses one, and the list below it does without.",
                language,
            ),
        ],
    )
    return [
        _legal(ACCESSIBILITY, "Accessibility", "accessibility", pages.accessibility, language, address, [accessible]),
        _legal(IMPRINT, "Imprint", "imprint", pages.imprint, language, address),
        _legal(
            PRIVACY,
            "Data protection",
            "data_protection",
            pages.data_protection,
            language,
            address,
            after=protection_sections(study),
        ),
    ]


def _legal(
    path: str,
    title: str,
    key: str,
    words: Words | None,
    language: Language,
    address: str,
    before: Sequence[Section] = (),
    after: Sequence[Section] = (),
) -> SubjectPage:
    name = translate(title, language)
    text = translate("This text is still missing: it belongs into pages.toml, {key}.", language, key=key)
    own = Section("text", name, [address], markdown=text if words is None else words.get(language))
    return SubjectPage(path, name, name, "", [*before, own, *after], name)


def plain_page(known: Known) -> SubjectPage:
    """The most important findings in short sentences; the numbers are those of the register."""
    language = known.language
    pages = known.pages
    lines = [
        known.say("In the district, people were asked: What do you want to learn?"),
        known.say("They were also asked: Are there good courses near you?"),
    ]
    rows = [row for row in known.own("unmet_need") if row["estimate"] is not None]
    for row in rows[:3]:
        label = known.fields[row["item"]]
        text = (
            "{item}: of 100 people who can judge it, {share} say: this is important, but the offers here are not good."
        )
        lines.append(known.say(text, item=label, share=known.whole(100 * row["estimate"])))
    change = known.change(rows[0]["item"]) if rows else None
    if change is not None and is_sure(change):
        text = "That is better than {wave}." if change.estimate < 0 else "That is worse than {wave}."
        lines.insert(3, known.say(text, wave=since(change)))
    barrier = known.finding("barrier.most_frequent")
    if barrier is not None:
        reason = known.labels("barrier").get(barrier.item, barrier.item)
        lines.append(known.say("Why do people not learn? Most often they say: {reason}.", reason=reason))
    if not known.compares:
        lines.append(known.say("The numbers speak only of the people who took part."))
    elif known.survey.config.sampling == "probability":
        lines.append(known.say("Not everyone was asked. So the numbers are not exact."))
    title = translate("Plain language", language)
    sections = [Section("kurz", translate("The most important", language), lines)]
    if pages.plain_language is not None:
        text = pages.plain_language.get(language)
        sections.append(Section("mehr", translate("More", language), markdown=text))
    heading = translate("Where are offers lacking?", language)
    return SubjectPage(PLAIN, title, heading, "", sections, title)


def english_page(known: Known) -> SubjectPage:
    """The headlines in English, for readers of a German site."""
    first = [one for one in known.newest if one.headline]
    titles = known.study.files.config.audience
    said = [f"{_who(titles[one.audience].title, one)}: {one.statement['en']}" for one in _ordered(first)]
    return SubjectPage(
        ENGLISH,
        "English",
        "Summary in English",
        "The most important findings, as registered, with their margin of uncertainty where they have one.",
        [Section("findings", "Findings", said)],
        "English",
        spoken="en",
    )


def _who(title: Words | None, one: Finding) -> str:
    return f"{title.get('en') if title is not None else one.audience} {one.wave}"


def _ordered(found: list[Finding]) -> list[Finding]:
    return sorted(found, key=lambda one: (bool(one.groups), one.audience, one.id))
