"""Written answers leave the house only where quotes.toml names them, masked; the others stay with the snapshot."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

import pandas as pd
import simplemma

from bildungsbedarf.disclosure.masking import mask, plain
from bildungsbedarf.errors import ConfigError, Problem, nearest
from bildungsbedarf.needs.answers.words import written_answers
from bildungsbedarf.store import RESPONSES
from bildungsbedarf.study.quotes import FILE, Quote
from bildungsbedarf.wave import Study, Wave

_SIGNS = 4
"""Signs of a fingerprint: enough to notice another text, too few to try names on one that is masked."""


@dataclass(frozen=True)
class Quoted:
    """A released answer as it may be shown."""

    question: str
    text: str
    language: str
    """German, or English where more of its words are."""


def quotes(wave: Wave, question: str = "") -> list[Quoted]:
    """The answers of a wave that quotes.toml releases, masked, in its order.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of an open question; default: all.

    Returns
    -------
    list of Quoted
        None of responses that are not among those counted (any more), and none whose text is not the one that was
        read: who was forgotten is quoted no longer. ``check`` names them.

    Raises
    ------
    ConfigError
        There is no such open question.

    Examples
    --------
    >>> disclosure.quotes(wave, "FEHLT")[0].text
    'Kurse zu "KI" im Alltag, 100 % kostenlos'
    """
    if question:
        _require_open(wave, question)
    found = []
    for one in wave.files.quotes_of(wave.name, wave.audience):
        if question in ("", one.question) and isinstance(answer := _answer(wave, one), _Answer):
            found.append(Quoted(one.question, _masked(wave, answer.text, one.mask), answer.language))
    return found


def quotable(wave: Wave, question: str) -> pd.DataFrame:
    """The answers to an open question, for work in the house: what a quote of each would look like.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of an open question.

    Returns
    -------
    pandas.DataFrame
        One row an answer: ``response`` and ``wording`` (for quotes.toml), ``text`` as it was written, ``masked`` as it
        would be shown, ``numbered`` (its words with their numbers, for ``mask``), ``released``. It holds what people
        wrote: no gate lets it pass, and a notebook that shows it holds it too.

    Raises
    ------
    ConfigError
        There is no such open question.

    Examples
    --------
    >>> list(disclosure.quotable(wave, "FEHLT"))
    ['response', 'wording', 'text', 'masked', 'numbered', 'released']
    """
    _require_open(wave, question)
    texts = written_answers(wave, question).dropna()
    ids = wave.responses.loc[texts.index, "id"].astype("str")
    released = {
        one.response: one.mask for one in wave.files.quotes_of(wave.name, wave.audience) if one.question == question
    }
    columns = {
        "response": ids,
        "wording": texts.map(wording),
        "text": texts,
        "masked": [_masked(wave, text, released.get(own, ())) for own, text in zip(ids, texts, strict=True)],
        "numbered": [" ".join(f"{place}:{word}" for place, word in enumerate(plain(t).split(), 1)) for t in texts],
        "released": ids.isin(list(released)),
    }
    return pd.DataFrame(columns).reset_index(drop=True)


def wording(text: str) -> str:
    """Four signs that go with a text, for quotes.toml.

    Examples
    --------
    >>> len(wording("Mehr Abendkurse"))
    4
    """
    return sha256(plain(text).encode()).hexdigest()[:_SIGNS]


def quote_problems(study: Study) -> list[Problem]:
    """Entries of quotes.toml that are not shown, and why.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    list of Problem
        None where nothing has come in yet: nobody can say then.

    Examples
    --------
    >>> quote_problems(study)
    []
    """
    declared, first = study.files.quotes, study.files.config.first_audience
    problems = []
    known: set[tuple[str, str, str, str]] = set()
    for number, one in enumerate(declared.quote if declared is not None else [], start=1):
        where, waves = f"{FILE}, quote {number}", study.files.waves
        if one.wave not in waves:
            problems.append(Problem("there is no such wave", f"{where}, wave", one.wave, nearest(one.wave, waves)))
            continue
        if (audience := one.audience or first) not in waves[one.wave].audience:
            known_ones = nearest(audience, waves[one.wave].audience)
            problems.append(Problem("the wave has no such audience", f"{where}, audience", audience, known_ones))
            continue
        wave = study.wave(one.wave, audience)
        key = (one.wave, one.audience or first, one.question, one.response)
        if key in known:
            problems.append(Problem("this answer is quoted twice", where, one.response))
        known.add(key)
        if wave.config.data != RESPONSES:
            problems.append(Problem("only responses can be quoted", where, wave.config.data))
        elif wave.has_snapshot and isinstance(found := _answer(wave, one), Problem):
            problems.append(Problem(found.what, f"{where}, {found.where}", found.value, found.expected, found.remedy))
    return problems


def _open_columns(wave: Wave) -> list[str]:
    """What people wrote themselves: no texts that the questionnaire computed."""
    book = wave.codebook
    return [one.name for one in book.columns if one.is_open and book[one.question].type.name != "equation"]


def _require_open(wave: Wave, question: str) -> None:
    known = _open_columns(wave)
    if question not in known:
        raise ConfigError("there is no such open question", value=question, expected=nearest(question, known))


@dataclass(frozen=True)
class _Answer:
    text: str
    language: str


def _answer(wave: Wave, one: Quote) -> _Answer | Problem:
    """What a response wrote; why it cannot be quoted, where it cannot."""
    known = _open_columns(wave)
    if one.question not in known:
        return Problem("there is no such open question", "question", one.question, nearest(one.question, known))
    texts = written_answers(wave, one.question)
    ids = wave.responses["id"].astype("str")
    own = texts[(ids == one.response).to_numpy()].dropna()
    if own.empty:
        return Problem(
            "there is no such answer among those counted",
            "response",
            one.response,
            "the id of a response that wrote something, as disclosure.quotable lists it",
            "take the quote out where the person was forgotten",
        )
    text = str(own.iloc[0])
    if wording(text) != one.wording:
        return Problem(
            "this is not the text that was read when the quote was released",
            "wording",
            one.wording,
            "the signs that disclosure.quotable has for the text as it is now",
            "read it, and release it again",
        )
    count = len(plain(text).split())
    if beyond := [word for word in one.mask if word > count]:
        return Problem("the answer has no such word", "mask", beyond[0], f"numbers from 1 to {count}")
    scores = dict(simplemma.langdetect(text, lang=("de", "en")))
    return _Answer(text, "en" if scores["en"] > scores["de"] else "de")


def _masked(wave: Wave, text: str, words: Iterable[int]) -> str:
    """As it may be shown; the names of the study's municipalities stand as they are."""
    area = wave.files.config.small_area
    is_known = area is not None and area.group in wave.config.variables
    places = wave.labels(area.group).values() if area is not None and is_known else ()
    return mask(text, wave.language, words, list(places))
