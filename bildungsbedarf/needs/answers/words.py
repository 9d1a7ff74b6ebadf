"""The words of an open question: how many of those who wrote used each, a first look before answers are coded.

Words are counted by their basic form (simplemma, German or English as the questionnaire), once a person; function words
do not count. Nothing else of an answer is looked at: no order, no negation ("kein Kurs" counts as *Kurs*).
"""

from __future__ import annotations

import re
from collections import Counter
from unicodedata import normalize

import pandas as pd
import simplemma

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.survey.frames import Names, as_list
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_WORDS = re.compile(
    r"<(script|style)\b.*?</\1>|\S+@\S+|https?://\S+|<[^>]*>|^\s*(?:=|@\w+\()\S*", re.DOTALL | re.IGNORECASE
)
"""Addresses, markup and formulas of spreadsheets are no words."""
_SHORTEST = 3
_MOST = 100
FUNCTION_WORDS = frozenset(
    """
    aber alle allem allen aller alles als also am an ander andere auch auf aus außerdem bei beide beim bin bis bisher
    bitte da dabei dadurch dafür damit dann das dass dazu dein dem den denn der des deshalb die dies diese dieser doch
    dort du durch eher ein eine einem einen einer eines einfach einige einmal er es etwas euer für gar gerade gern gerne
    gibt geben haben hat hier ich ihr ihre im immer in ins ist ja je jede jeder jedes jedoch jetzt kann kein keine
    können könnte leider machen man manche mehr mein meine mich mir mit müssen nach nicht nichts noch nun nur ob oder
    oft ohne schon sehr sein seine seit selbst sich sie sind so sogar sollen sollte sondern sonst sowie über um und uns
    unser unter viel viele vielleicht vom von vor wäre warum was weil weiter wenig wenige wenn wer werden wie wieder
    wir wird wo wohl wollen würde wurde zu zum zur zwar zwischen bzw usw etc
    about all also and any are because but can could for from have here how into its just like more most much not only
    other our out over should some such than that the their them there these they this too very was were what when
    where which who will with would you your
    """.casefold().split()
)


@recomputable
def words(wave: Wave, question: str, by: Names | None = None, without: Names = ()) -> pd.DataFrame:
    """How many of those who wrote an answer used each word, weighted like any other share.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of an open question, or the column of a written "other" (``BARR_other``).
    by
        Grouping variables: one row for every combination of their categories.
    without
        Words that are not counted: names of persons, words of the question.

    Returns
    -------
    pandas.DataFrame
        The family frame with ``variable`` = basic form of a word, as it was mostly written, largest share first; at
        most a hundred, and only those that as many people used as study.toml's ``disclosure.minimum_cell``. The gate
        decides what may be shown; names of persons that many wrote are words too: leave them out with ``without``.

    Raises
    ------
    ConfigError
        There is no such column, it holds no texts, or no word was used often enough to be told.

    Examples
    --------
    >>> needs.words(wave, "FEHLT")["variable"].head(2).tolist()
    ['Bus', 'Deutschkurs']
    """
    flags = word_flags(wave, question, without)
    # all words have one base: the larger sum of weights is the larger share; of equal ones the counts' order stays
    sums = flags.astype("Float64").fillna(0.0).mul(wave.design.weights, axis=0).sum()
    flags = flags[sums.sort_values(ascending=False, kind="stable").index]
    return estimate_family(wave.design, flags, by, "words", details={"question": question})


def word_flags(wave: Wave, question: str, without: Names = ()) -> pd.DataFrame:
    """One boolean column a word that enough people used: who used it, of those who wrote; most frequent first.

    Raises
    ------
    ConfigError
        There is no such column, it holds no texts, or no word was used often enough to be told.
    """
    texts = written_answers(wave, question)
    language = language_of(wave)
    used = [None if pd.isna(text) else _forms(str(text), language) for text in texts]
    left_out = {form for word in as_list(without) for form in (word.casefold(), *basic_forms(word, language))}
    counts = Counter(word for own in used if own is not None for word in own if word not in left_out)
    least = wave.files.config.disclosure.minimum_cell
    often = [word for word, count in counts.items() if count >= least]
    told = sorted(often, key=lambda word: (-counts[word], word))[:_MOST]
    if not told:
        raise ConfigError(
            "no word was used by enough people to be told",
            where=f"question {question}",
            value=f"{int(texts.notna().sum())} answers",
            expected=f"a word that {least} people used",
        )
    flags = {}
    for word in told:
        written = Counter(own[word] for own in used if own is not None and word in own)
        mostly = max(written, key=lambda form: (written[form], form))
        # a word must not take the place of a column that people are grouped by
        name = next(form for form in (mostly, word, word.title(), f"“{word}”") if form not in wave.responses.columns)
        flags[name] = pd.array([pd.NA if own is None else word in own for own in used], dtype="boolean")
    return pd.DataFrame(flags, index=texts.index)


def written_answers(wave: Wave, question: str) -> pd.Series:
    """What people wrote; missing where nobody wrote a letter."""
    own = [column for column in wave.codebook.columns if question in (column.name, column.question)]
    written = [column.name for column in own if column.is_open]
    if question in written:
        written = [question]
    if len(written) != 1:
        known = [column.name for column in wave.codebook.columns if column.is_open]
        raise ConfigError(
            "this is not one open question" if own else "there is no such question",
            where="open answers",
            value=question,
            expected=nearest(question, known),
        )
    texts = wave.responses[written[0]].astype("string")
    return texts.where(texts.str.contains(r"[^\W\d_]", regex=True).fillna(value=False))


def language_of(wave: Wave) -> str:
    """The language people wrote in: English or German, as the questionnaire."""
    return "en" if wave.codebook.language == "en" else "de"


def basic_forms(text: str, language: str) -> list[str]:
    """Basic forms of all words of a text, in their order."""
    return [form.casefold() for form in _as_written(text, language)]


def _as_written(text: str, language: str) -> list[str]:
    """The same in capitals and small letters: German nouns have a capital."""
    return [simplemma.lemmatize(token, lang=language) for token in _tokens(text)]


def _tokens(text: str) -> list[str]:
    return _WORD.findall(_NO_WORDS.sub(" ", normalize("NFC", text)))


def _forms(text: str, language: str) -> dict[str, str]:
    """Basic forms of the words of one answer, in small letters, and how each was written first."""
    found: dict[str, str] = {}
    for form, token in zip(_as_written(text, language), _tokens(text), strict=True):
        word = form.casefold()
        if len(word) >= _SHORTEST and not {word, token.casefold()} & FUNCTION_WORDS:
            found.setdefault(word, form)
    return found
