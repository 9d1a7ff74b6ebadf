"""For the data protection officer: what lies where, what leaves, how long, deletion, and the register of processing."""

from __future__ import annotations

from bildungsbedarf.disclosure import limits_of
from bildungsbedarf.language import number, translate
from bildungsbedarf.report.subjects.parts import Section, Table
from bildungsbedarf.study.model import Words
from bildungsbedarf.study.pages import PagesFile
from bildungsbedarf.wave import Study, Wave

_OWNER = "the owner of the folder alone"
_IN_SNAPSHOTS = "data/waves on the education office's computer"
_STORED = [
    (
        "Answers and votes with their running number; e-mail, IP address and the like are left out when they come in",
        _IN_SNAPSHOTS,
        _OWNER,
    ),
    ("Exact counts of who was not counted, and why", _IN_SNAPSHOTS, _OWNER),
    ("Running numbers of those counted at the last release, and of those who were forgotten", _IN_SNAPSHOTS, _OWNER),
    (
        "Settings, questionnaires, decisions on open answers without their wording, running numbers of released quotes",
        "surveys",
        "whoever may read the project",
    ),
    ("Exports for research", "where the person who asked for them said", _OWNER),
    ("Pages, tables, register of findings, open data", "results", "everybody, once they are published"),
]
_DELETION = [
    "A person can ask for erasure with the running number of the response, or by what was answered. The response is "
    "deleted on the survey server, and by the command forget in every data file; it is kept out of whatever is brought "
    "in later.",
    "Published numbers are of groups and name nobody; they stay. A wave that was released is not published anew while "
    "so few persons have changed that both versions together would show what one of them answered.",
    "A quote is withdrawn by taking it out of quotes.toml; it is gone from all pages with the next run.",
]  # fmt: skip


def protection_sections(study: Study) -> list[Section]:
    """What can be said of every study, from its files; what only the office knows is named as missing.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    list of Section
        For the page on data protection.
    """
    language, pages = study.language, study.files.pages or PagesFile()
    return [
        _stored(study),
        _leaves(study),
        _told(study, "aufbewahrung", "How long data are kept", "retention", pages.retention),
        Section("loeschung", translate("Erasure", language), [translate(text, language) for text in _DELETION]),
        *_register(study, pages),
    ]


def _stored(study: Study) -> Section:
    language = study.language
    rows = [[translate(text, language) for text in row] for row in _STORED]
    heads = [translate(text, language) for text in ("What", "Where", "Who can read it")]
    return Section("wo", translate("What is stored where", language), table=Table(heads, rows))


def _leaves(study: Study) -> Section:
    language, limits = study.language, limits_of(study.files.config)
    quoted = len(study.files.quotes.quote) if study.files.quotes is not None else 0
    told = [
        translate(
            "Numbers of groups leave the house, and never what one person answered from question to question.", language
        ),
        translate("A number of fewer than {persons} persons is not shown.", language, persons=limits.minimum_base),
        translate(
            "A count below {persons} persons is not shown, nor what would give it away.",
            language,
            persons=limits.minimum_cell,
        ),
        translate(
            "What people wrote in their own words stays in the house, but for answers that the education office "
            "released one by one, with names and addresses replaced. Released now: {count}.",
            language,
            count=number(quoted, language),
        ),
        translate(
            "Before pages are put in place, every display is checked for having passed these rules; the command audit "
            "attacks the published files as an outsider would.",
            language,
        ),
    ]
    return Section("hinaus", translate("What leaves the house", language), told)


def _told(study: Study, anchor: str, heading: str, key: str, words: Words | None) -> Section:
    """What only the education office can say."""
    return Section(anchor, translate(heading, study.language), markdown=_own(study, key, words))


def _own(study: Study, key: str, words: Words | None) -> str:
    missing = translate("This text is still missing: it belongs into pages.toml, {key}.", study.language, key=key)
    return missing if words is None else words.get(study.language)


def _register(study: Study, pages: PagesFile) -> list[Section]:
    """One table an audience: what Article 30 of the General Data Protection Regulation asks for."""
    asked: dict[str, list[Wave]] = {}
    for wave in study.of_all_audiences:
        if wave.has_answers:
            asked.setdefault(wave.audience, []).append(wave)
    intro = translate("What Article 30 GDPR asks for, as far as the files of the study say it.", study.language)
    heading = translate("Register of processing", study.language)
    sections = [Section("verzeichnis", heading, [intro])] if asked else []
    for audience, waves in asked.items():
        title = waves[-1].config.called(audience, study.language)
        sections.append(Section(f"verzeichnis-{audience}", title, table=Table([], _entries(study, waves, pages))))
    return sections


def _entries(study: Study, waves: list[Wave], pages: PagesFile) -> list[list[str]]:
    language, wave = study.language, waves[-1]

    def say(text: str, **values: object) -> str:
        return translate(text, language, **values)

    book = list(wave.codebook) if wave.has_codebook else []
    asked = [question.code for question in book if question.type.name != "equation"]
    open_ones = (
        [column for column in wave.codebook.columns if column.is_open and column.question in asked] if book else []
    )
    written = [say("“{item}”", item=wave.title(column.name)) for column in open_ones]
    left_out = sorted({name for one in waves if one.has_snapshot for name in one.snapshot.manifest.left_out})
    kinds = say("answers to {count} questions", count=number(len(asked), language))
    if written:
        kinds += "; " + say("of these in people's own words: {questions}", questions=", ".join(written))
    rows = [
        ("Responsible", study.files.config.study.contact),
        ("Purpose", study.files.config.study.title.get(language)),
        ("Legal basis", _own(study, "legal_basis", pages.legal_basis)),
        ("People concerned", wave.population[language]),
        ("Waves", ", ".join(one.name for one in waves)),
        ("Kinds of data", kinds),
        ("Left out when they came in", ", ".join(left_out) or say("nothing")),
        ("Recipients", say("nobody; published are numbers of groups alone")),
        ("Other countries", say("nothing is transferred by this program")),
        ("Kept until", say("see above: how long data are kept")),
        (
            "Protection",
            say(
                "files for their owner alone, no passwords in files or notebooks, rules against disclosure before "
                "anything is published"
            ),
        ),
    ]
    return [[say(head), text] for head, text in rows]
