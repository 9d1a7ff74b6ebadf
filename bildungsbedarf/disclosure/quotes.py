"""Written answers leave the house only where quotes.toml names them, masked; the others stay with the snapshot."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from bildungsbedarf.disclosure.masking import mask
from bildungsbedarf.errors import ConfigError, Problem
from bildungsbedarf.needs.answers.words import written_answers
from bildungsbedarf.store import RESPONSES
from bildungsbedarf.study.quotes import FILE, Quote
from bildungsbedarf.wave import Study, Wave


@dataclass(frozen=True)
class Quoted:
    """A released answer as it may be shown."""

    question: str
    text: str
    language: str
    """Of the answer."""


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
        None of responses that are not among those counted (any more): who was forgotten is quoted no longer.

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
        written_answers(wave, question)
    found = []
    for one in _released(wave):
        if question in ("", one.question) and (text := _written(wave, one)) is not None:
            language = wave.codebook.language
            found.append(Quoted(one.question, _masked(wave, text, one.mask), language))
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
        One row an answer: ``response`` (its id, for quotes.toml), ``text`` as it was written, ``masked`` as it would be
        shown, ``released``. It holds what people wrote: no gate lets it pass.

    Raises
    ------
    ConfigError
        There is no such open question.

    Examples
    --------
    >>> list(disclosure.quotable(wave, "FEHLT"))
    ['response', 'text', 'masked', 'released']
    """
    texts = written_answers(wave, question).dropna()
    ids = wave.responses.loc[texts.index, "id"].astype("str")
    released = {one.response: one.mask for one in _released(wave) if one.question == question}
    shown = [_masked(wave, text, released.get(own, ())) for own, text in zip(ids, texts, strict=True)]
    columns = {"response": ids, "text": texts, "masked": shown, "released": ids.isin(list(released))}
    return pd.DataFrame(columns).reset_index(drop=True)


def quote_problems(study: Study) -> list[Problem]:
    """Quotes of questions that are not open, of responses that nobody finds, and of empty answers.

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
    declared = study.files.quotes
    problems = []
    for number, one in enumerate(declared.quote if declared is not None else [], start=1):
        wave = study.wave(one.wave, one.audience)
        where = f"{FILE}, quote {number}"
        if wave.config.data != RESPONSES:
            problems.append(Problem("only responses can be quoted", where, wave.config.data))
        elif wave.has_snapshot:
            try:
                text = _written(wave, one)
            except ConfigError as error:
                problems.append(Problem(error.problems[0].what, f"{where}, question", one.question))
                continue
            if text is None:
                problems.append(
                    Problem(
                        "there is no such answer among those counted",
                        f"{where}, response",
                        one.response,
                        "the id of a response that wrote something (disclosure.quotable lists them)",
                        "take the quote out where the person was forgotten",
                    )
                )
    return problems


def _masked(wave: Wave, text: str, words: Iterable[int]) -> str:
    """As it may be shown; the names of the study's municipalities stand as they are."""
    area = wave.files.config.small_area
    is_known = area is not None and area.group in wave.config.variables
    places = wave.labels(area.group).values() if area is not None and is_known else ()
    return mask(text, wave.language, words, list(places))


def _released(wave: Wave) -> Iterator[Quote]:
    declared, first = wave.files.quotes, wave.files.config.first_audience
    for one in declared.quote if declared is not None else ():
        if (one.wave, one.audience or first) == (wave.name, wave.audience):
            yield one


def _written(wave: Wave, one: Quote) -> str | None:
    """What the response wrote; nothing where it is not there, or wrote no letter."""
    texts = written_answers(wave, one.question)
    own = texts[(wave.responses["id"].astype("str") == one.response).to_numpy()].dropna()
    return str(own.iloc[0]) if len(own) else None
