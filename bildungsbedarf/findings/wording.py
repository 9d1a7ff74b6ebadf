"""What a measure speaks of: its questions, their wording, items, groups, bases and scales in the report's languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bildungsbedarf.language import translate
from bildungsbedarf.needs.fields.table import CROSS
from bildungsbedarf.wave import Wave

INTERSECTION = "intersection"


def plain(measure: str) -> str:
    """The measure a trend is of; statistics of rankings, formats and hours without what they count."""
    measure = measure.removeprefix("trend_")
    return next((kind for kind in ("ranking", "format", "hours", "barrier") if measure.startswith(kind)), measure)


def questions_of(measure: str, wave: Wave, item: str = "") -> list[str]:
    """Codes of the questions a measure rests on."""
    kind = plain(measure)
    if kind == "agreement":
        return [wave.ballot.statements]
    if kind == "dots":
        return [wave.ballot.points]
    if kind == "scale":
        items = [name for scale in wave.scales if item in ("", scale.id) for name in scale.items]
        return list(dict.fromkeys(wave.codebook.column(name).question for name in items))
    if kind in ("distribution", "steps"):
        return [wave.codebook.column(item).question] if item else []
    needs = wave.needs
    single = {
        "importance": needs.importance,
        "satisfaction": needs.satisfaction,
        "barrier": needs.barriers,
        "ranking": needs.ranking,
        "format": needs.formats,
        "participation": needs.participation,
        "hours": needs.hours,
    }
    return [single[kind]] if kind in single else [needs.importance, needs.satisfaction]


def question_columns(measure: str, questions: Sequence[str], item: str) -> list[str]:
    """``WICHT[F05]``; the question alone where it has no items, or the measure is of several."""
    if plain(measure) in ("participation", "hours", "scale"):
        return list(questions)
    return [f"{question}[{item}]" for question in questions]


def item_labels(measure: str, wave: Wave, language: str) -> dict[str, str]:
    """Item code → label in the measure's question; the written "other" has one too."""
    if measure == "scale":
        return {scale.id: scale.title.get(language) for scale in wave.scales}
    question = questions_of(measure, wave)[0]
    labels = wave.codebook[question].items(language)
    if not labels:
        return {question: wave.codebook[question].text(language)}
    if wave.codebook[question].other:
        labels["other"] = translate("Other reasons", language)
    return labels


def group_of(row: dict[str, Any], by: Sequence[str], wave: Wave, language: str) -> str:
    """``65+ (Altersgruppe), weiblich (Geschlecht)``; nothing for the whole."""
    pairs = [(name, str(row[name])) for name in by]
    if isinstance(row.get("group"), str):
        pairs = list(zip(str(row["by"]).split(CROSS), str(row["group"]).split(CROSS), strict=True))
    return ", ".join(
        f"{wave.labels(name, language).get(value, value)} ({wave.title(name, language)})" for name, value in pairs
    )


def wording_of(wave: Wave, questions: Sequence[str], item: str, language: str) -> str:
    """The wording of all questions, with the item's."""
    texts = []
    for question in questions:
        label = wave.codebook[question].items(language).get(item, "")
        text = wave.codebook[question].text(language)
        texts.append(f"{text} – {label}" if label else text)
    return " / ".join(texts)


def base_of(measure: str, wave: Wave, groups: dict[str, str], language: str) -> str:
    """Whom the estimate speaks of."""
    templates = {
        "barrier": "{people} who were shown the question and passed its page",
        "agreement": "{people} who agreed, disagreed or passed on the statement",
        "dots": "{people} who placed at least one dot",
        "ranking": "{people} who ranked at least one field",
        "people": "{people}",
    }
    kind = plain(measure)
    one_question = ("importance", "satisfaction", "participation", "hours", "format", "scale")
    single = "{people} who answered the question" if kind in one_question else ""
    template = templates.get(kind) or single or "{people} who answered both questions"
    people = wave.population[language] if wave.allows_inference else wave.people(language)
    text = translate(template, language, people=people)
    shown = [
        f"{wave.title(name, language)}: {wave.labels(name, language).get(value, value)}"
        for name, value in groups.items()
    ]
    return "; ".join([text, *shown])


def scale_of(measure: str, item: str, wave: Wave, language: str) -> str:
    """``1 bis 5``: lowest and highest step of the measure's question, without codes that are no values."""
    question = questions_of(measure, wave, item)[0]
    columns = wave.codebook.columns_of(question)
    dropped = {code for rule in wave.config.missing.values() if question in rule.questions for code in rule.codes}
    codes = [code for code in columns[0].codes if code not in dropped]
    return translate("{low} to {high}", language, low=codes[0], high=codes[-1]) if codes else ""
