"""What open answers are about: themes by a dictionary that people edit, and by what coders decided of single answers.

A theme's words are looked for as basic forms (as ``needs.words`` counts them), as beginnings (``digital*``) or beside
each other (``vor ort``). What a person decided of an answer stands above the dictionary. Answers with the same basic
forms are one answer: who decides of one decides of all of them. Negation is not read: "keine Kurse" is about courses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import combinations

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.needs.about.answers import NO_THEME
from bildungsbedarf.needs.answers.words import basic_forms, language_of, written_answers
from bildungsbedarf.needs.family import estimate_family
from bildungsbedarf.study.themes import Codes, Theme, read_codes, write_codes
from bildungsbedarf.survey.frames import Names
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable

_STATES = ("open", "disputed", "proposed", "decided")


@recomputable
def themes(wave: Wave, question: str, by: Names | None = None) -> pd.DataFrame:
    """How many of those who wrote an answer wrote of each theme of themes.toml, weighted like any other share.

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
        The family frame with ``variable`` = id of a theme, and ``no_theme`` for answers about none of them; an answer
        may be about several.

    Raises
    ------
    ConfigError
        There is no themes.toml, or no such open question.

    Examples
    --------
    >>> needs.themes(wave, "FEHLT")[["variable", "count"]].head(2).values.tolist()
    [['digitales', 193], ['kurse', 280]]
    """
    answers = _answers(wave, question)
    names = [one.id for one in answers.themes]
    about = answers.about
    flags = pd.DataFrame(
        {name: about.map(lambda own, name=name: name in own, na_action="ignore").astype("boolean") for name in names}
    )
    flags[NO_THEME] = about.map(lambda own: not own, na_action="ignore").astype("boolean")
    return estimate_family(wave.design, flags, by, "themes", details={"question": question})


def open_questions(wave: Wave) -> list[str]:
    """Open questions of an audience that have a page of themes, as themes.toml says.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    list of str
        Question codes.

    Examples
    --------
    >>> needs.open_questions(wave)
    ['FEHLT']
    """
    declared = wave.files.themes
    return [] if declared is None else list(declared.questions.get(wave.audience, []))


def coding(wave: Wave, question: str) -> pd.DataFrame:
    """The answers themselves, for work in the house: what the dictionary proposes, what people decided, what is open.

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of an open question.

    Returns
    -------
    pandas.DataFrame
        One row for answers of the same basic forms: ``key``, ``text`` (as the first wrote it), ``persons``,
        ``proposed``, ``decided`` (what all coders chose), ``state``: ``open`` (no theme, nobody looked), ``disputed``
        (coders differ), ``proposed``, ``decided``. In this order, the most frequent first: where a decision changes
        most. It holds what people wrote: no gate lets it pass.

    Examples
    --------
    >>> needs.coding(wave, "FEHLT")["state"].iloc[0]
    'open'
    """
    return _listed(_answers(wave, question))


def _listed(answers: _Answers) -> pd.DataFrame:
    kept = answers.texts.dropna()
    table = pd.DataFrame({"key": answers.keys.loc[kept.index], "text": kept})
    rows = table.groupby("key", sort=False, observed=True)["text"].agg(["first", "size"]).reset_index()
    found = []
    for key, text, persons in rows.itertuples(index=False):
        proposed, decided = answers.proposed[key], answers.codes.agreed(key)
        looked = key in answers.codes.by_key
        state = "decided" if decided is not None else "disputed" if looked else "proposed" if proposed else "open"
        words = "" if decided is None else " ".join(sorted(decided)) or NO_THEME
        found.append((key, text, int(persons), " ".join(sorted(proposed)), words, state))
    frame = pd.DataFrame(found, columns=["key", "text", "persons", "proposed", "decided", "state"])
    order = pd.DataFrame(
        {"state": frame["state"].map(_STATES.index), "persons": -frame["persons"], "key": frame["key"]}
    )
    return frame.loc[order.sort_values(["state", "persons", "key"]).index].reset_index(drop=True)


def decide(wave: Wave, question: str, decisions: Mapping[str, Iterable[str]], coder: str) -> pd.DataFrame:
    """Keep what a person decided: ``codes/<question>.csv`` in the study's folder, without what people wrote.

    Parameters
    ----------
    wave
        One audience in one wave; the decisions hold for every wave in which somebody writes the same.
    question
        Code of an open question.
    decisions
        Key of an answer (``needs.coding``) → themes; none where it is about none of them.
    coder
        Who decided, in short.

    Returns
    -------
    pandas.DataFrame
        ``needs.coding`` after it.

    Raises
    ------
    ConfigError
        A key or theme is unknown, or the coder has no name.

    Examples
    --------
    >>> needs.decide(wave, "FEHLT", {}, coder="ab")["key"].is_unique
    True
    """
    answers = _answers(wave, question)
    names = [one.id for one in answers.themes]
    if not coder.strip() or len(coder.split()) > 1:
        raise ConfigError("a coder needs a name", value=coder, expected="one word, such as ab")
    merged = {key: dict(own) for key, own in answers.codes.by_key.items()}
    for key, chosen in decisions.items():
        if isinstance(chosen, str):
            raise ConfigError("themes of an answer are a list", value=chosen, expected=f'["{chosen}"]')
        if key not in answers.proposed:
            raise ConfigError("nobody wrote such an answer", value=key, expected=nearest(key, answers.proposed))
        own = frozenset(chosen)
        for name in sorted(own - set(names)):
            raise ConfigError("there is no such theme", value=name, expected=nearest(name, names))
        merged.setdefault(key, {})[coder] = own
    codes = Codes(merged)
    if decisions:
        write_codes(wave.files.folder, question, codes)
    return _listed(replace(answers, codes=codes))


def kappa(wave: Wave, question: str) -> pd.DataFrame:
    """How far coders agree beyond chance on each theme (Cohen 1960, *Educational and Psychological Measurement* 20).

    Parameters
    ----------
    wave
        One audience in one wave.
    question
        Code of an open question.

    Returns
    -------
    pandas.DataFrame
        One row a pair of coders and theme: ``coder``, ``other``, ``theme``, ``n`` answers both decided on, ``agreed``
        (share), ``kappa``; missing where both always said the same of all answers.

    Raises
    ------
    ConfigError
        Fewer than two people coded.

    Examples
    --------
    >>> needs.kappa(wave, "FEHLT")
    Traceback (most recent call last):
    bildungsbedarf.errors.ConfigError: ...
    """
    answers = _answers(wave, question)
    if len(answers.codes.coders) < 2:
        raise ConfigError(
            "agreement is between two coders",
            value=", ".join(answers.codes.coders) or "nobody",
            remedy="needs.decide(…, coder=…) by a second person, on the same answers",
        )
    rows = []
    for one, other in combinations(answers.codes.coders, 2):
        both = [own for own in answers.codes.by_key.values() if one in own and other in own]
        for theme in answers.themes:
            first = np.array([theme.id in own[one] for own in both], dtype=bool)
            second = np.array([theme.id in own[other] for own in both], dtype=bool)
            rows.append((one, other, theme.id, len(both), *cohen(first, second)))
    return pd.DataFrame(rows, columns=["coder", "other", "theme", "n", "agreed", "kappa"])


def cohen(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """Share of cases on which two agree, and Cohen's kappa of it."""
    if not len(first):
        return float("nan"), float("nan")
    agreed = float((first == second).mean())
    chance = float(first.mean() * second.mean() + (1 - first.mean()) * (1 - second.mean()))
    return agreed, float("nan") if chance == 1 else (agreed - chance) / (1 - chance)


@dataclass(frozen=True)
class _Answers:
    """An open question's answers: text and key of each person, what the dictionary and people say of each key."""

    texts: pd.Series
    keys: pd.Series
    proposed: dict[str, frozenset[str]]
    themes: list[Theme]
    codes: Codes

    @property
    def about(self) -> pd.Series:
        """The themes of each person's answer; missing where nothing was written."""

        def decided(key: str) -> frozenset[str]:
            agreed = self.codes.agreed(key)
            return self.proposed[key] if agreed is None else agreed

        return self.keys.map(decided, na_action="ignore")


def _answers(wave: Wave, question: str) -> _Answers:
    declared = wave.files.themes
    known = [] if declared is None else declared.theme
    texts = written_answers(wave, question)
    if not known:
        raise ConfigError(
            "no themes are declared",
            where="themes.toml in the study's folder",
            expected="[[theme]] with id, title, words",
            remedy=f'needs.words(wave, "{question}") shows which words people use',
        )
    language = language_of(wave)
    keys, proposed = {}, {}
    for text in texts.dropna().unique():
        forms = basic_forms(str(text), language)
        key = sha256(" ".join(sorted(set(forms))).encode()).hexdigest()[:12]
        keys[text] = key
        if key not in proposed:
            proposed[key] = frozenset(one.id for one in known if _is_about(one, forms, language))
    codes = read_codes(wave.files.folder, question, [one.id for one in known])
    return _Answers(texts, texts.map(keys, na_action="ignore"), proposed, known, codes)


def _is_about(theme: Theme, forms: list[str], language: str) -> bool:
    """Whether one of a theme's words is among an answer's basic forms, in their order."""
    return any(_stands_in(word, forms, language) for word in theme.words)


def _stands_in(word: str, forms: list[str], language: str) -> bool:
    """Whether the words stand beside each other, as they are written in themes.toml or in their basic form."""
    if word.endswith("*"):
        return any(form.startswith(word[:-1]) for form in forms)
    wanted = [{part, *basic_forms(part, language)} for part in word.split()]
    return any(
        all(form in one for form, one in zip(forms[at:], wanted, strict=False))
        for at in range(len(forms) - len(wanted) + 1)
    )
