"""The words of an open question: how many of those who wrote used each, a first look before answers are coded.

Words are counted by their basic form (simplemma, German or English as the questionnaire), once a person; function words
do not count. Nothing else of an answer is looked at: no order, no negation ("kein Kurs" counts as *Kurs*).
"""

from __future__ import annotations

import re
from unicodedata import normalize

import pandas as pd
import simplemma

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.survey.frames import Names
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_NO_WORDS = re.compile(r"<(script|style)\b.*?</\1>|\S+@\S+|https?://\S+|<[^>]*>|^\s*=\S+", re.DOTALL | re.IGNORECASE)
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
def words(wave: Wave, question: str, by: Names | None = None) -> pd.DataFrame:
    """How many of those who wrote an answer used each word, weighted like any other share.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of an open question, or the column of a written "other" (``BARR_other``).
    by
        Grouping variables: one row for every combination of their categories.

    Returns
    -------
    pandas.DataFrame
        The family frame with ``variable`` = basic form of a word, most frequent first; at most a hundred, and only
        those that as many people used as study.toml's ``disclosure.minimum_cell``. The gate decides what may be shown.

    Raises
    ------
    ConfigError
        There is no such column, it holds no texts, or no word was used often enough to be told.

    Examples
    --------
    >>> needs.words(wave, "FEHLT")["variable"].head(2).tolist()
    ['bus', 'deutschkurs']
    """
    return estimate_family(wave.design, word_flags(wave, question), by, "words", details={"question": question})


def word_flags(wave: Wave, question: str) -> pd.DataFrame:
    """One boolean column a word that enough people used: who used it, of those who wrote; most frequent first.

    Raises
    ------
    ConfigError
        There is no such column, it holds no texts, or no word was used often enough to be told.
    """
    texts = written_answers(wave, question)
    language = language_of(wave)
    used = texts.map(lambda text: _lemmas(str(text), language), na_action="ignore")
    counts = used.explode().value_counts()
    least = wave.files.config.disclosure.minimum_cell
    told = [str(word) for word in sorted(counts.index[counts >= least], key=lambda word: (-counts[word], word))][:_MOST]
    if not told:
        raise ConfigError(
            "no word was used by enough people to be told",
            where=f"question {question}",
            value=f"{int(texts.notna().sum())} answers",
            expected=f"a word that {least} people used",
        )
    wrote = texts.notna()
    return pd.DataFrame(
        {word: used.map(lambda own, word=word: word in own, na_action="ignore").astype("boolean") for word in told}
    ).where(wrote)


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
    return [simplemma.lemmatize(token, lang=language).casefold() for token in _tokens(text)]


def _tokens(text: str) -> list[str]:
    return _WORD.findall(_NO_WORDS.sub(" ", normalize("NFC", text)))


def _lemmas(text: str, language: str) -> frozenset[str]:
    """Basic forms of the words of one answer."""
    plain = basic_forms(text, language)
    kept = {word for word, token in zip(plain, _tokens(text), strict=True) if token.casefold() not in FUNCTION_WORDS}
    return frozenset(word for word in kept if len(word) >= _SHORTEST and word not in FUNCTION_WORDS)
