"""Mask what names a person in a written answer: names, addresses, telephone numbers, links, plates, dates of birth.

Rules for German, written for this library; how much they find is printed by ``tests/disclosure/test_masking.py``. They
are no reason not to read an answer before it is quoted: a name that is a word too ("Wicke kann das"), or a person who
is described ("die einzige Hebamme im Dorf"), is not found. Words with a capital that no dictionary has, and that are
not made of words it has, count as names: a rare word too many is masked rather than a name too few.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable
from functools import lru_cache

import simplemma

from bildungsbedarf.disclosure.names import FAMILY_NAMES, FIRST_NAMES
from bildungsbedarf.language import translate
from bildungsbedarf.needs.answers.words import FUNCTION_WORDS

_LEFT_OUT = "[…]"
_KEPT, _UNSEEN = "\n\t", ("Cc", "Cf", "Cs", "Co")
"""Signs that control, turn or hide what stands beside them are taken out."""
_UPPER = "A-ZÄÖÜÇŞŁĆİÉ"
_NAME = rf"[{_UPPER}][\w'’-]+"
_PARTICLE = r"(?:von|van|vom|zu|zur|de|del|der|den|di|da|al|el|bin|ibn)"
_TITLES = (
    r"Herrn?|Hr|Frau|Fr|Fräulein|Familie|Fam|Eheleute|Dr|Prof|Doktor|Professor(?:in)?|Pfarrer(?:in)?|Pastor(?:in)?|"
    r"Pater|Bürgermeister(?:in)?|Landrat|Landrätin|Dezernent(?:in)?|Amtsleiter(?:in)?"
)
_RELATIONS = (
    r"Schwester|Bruder|Tante|Onkel|Oma|Opa|Mutter|Vater|Mama|Papa|Freund(?:in)?|Nachbar(?:n|in)?|Kolleg(?:e|en|in)|"
    r"Sohn|Tochter|Mann|Ehemann|Ehefrau|Partner(?:in)?|Enkel(?:in|kind)?|Cousin(?:e)?|Neffe|Nichte|Lehrer(?:in)?|"
    r"Klassenlehrer(?:in)?|Rektor(?:in)?|Schulleiter(?:in)?|Trainer(?:in)?|Betreuer(?:in)?|Leiter(?:in)?|Chef(?:in)?|"
    r"Meister(?:in)?|Arzt|Ärztin|Hausarzt|Hebamme|Vermieter(?:in)?|Sachbearbeiter(?:in)?|Dozent(?:in)?|"
    r"Kursleiter(?:in)?|Erzieher(?:in)?|Tagesmutter|Vorsitzende[rn]?"
)
_INTRODUCED = r"(?:hei(?:ß|ss)(?:e|t|en)|Name ist|Namen ist|namens|genannt|nennt sich|gez\.?)"
_GREETING = r"(?:Gru(?:ß|ss)|Grü(?:ß|ss)en?|Gruesse|LG|VG|MfG|Mfg|mfg|Ihre?|Eure?|Unterschrift|Absender(?:in)?:?|Danke)"
_STREET = r"(?:stra(?:ß|ss)e|str\.|gasse|allee|chaussee)"
_WITH_NUMBER = r"(?:weg|platz|ring|ufer|damm|steig|pfad|winkel|hof|berg|markt|graben|tor|feld|garten|anger)"
_NUMBER = r"\s?\d{1,3}\s?[a-z]?\b(?:\s?[-/]\s?\d{1,3}\s?[a-z]?\b)?"
_LOWER_NAME = 4
"""Letters of a first name that is found in small letters too."""

_FOLLOWING = rf"(?:(?:\s+{_PARTICLE}){{0,2}}\s+{_NAME})"
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember"
_DAY = r"\b(?:0?[1-9]|[12]\d|3[01])\.\s?"
_AT = r"\s?(?:@|\(at\)|\[at\]|\{at\}|\(ät\)|\sat\s|\sät\s)\s?"
_DOT = r"\s?(?:\.|\(punkt\)|\[punkt\]|\(dot\)|\[dot\]|\spunkt\s)\s?"
_BEFORE_A_PLACE = (
    r"Am|An der|An den|Auf dem|Auf der|Im|In der|In den|Zum|Zur|Unter den|Unter der|Hinter der|Hinter dem|Vor dem|"
    r"Vor der|Bei der"
)
_ENDINGS = r"ski|sky|ska|wicz|czyk|enko|oglu|oğlu|ović|ovic|idis|opoulos"
_RULES: list[tuple[str, re.Pattern[str]]] = [
    ("link", re.compile(r"(?:https?://|www\.)\S+", re.I)),
    ("e-mail", re.compile(rf"[\w.+-]+{_AT}[\w-]+{_DOT}[a-z]{{2,}}(?:\.[a-z]{{2,}})*", re.I)),
    ("link", re.compile(r"\b[\w-]+(?:\.[\w-]+)*\.(?:de|com|org|net|eu|info|at|ch|tv|io)(?:/\S*)?(?!\w)", re.I)),
    ("handle", re.compile(r"(?<!\w)@[\w.]{2,}")),
    ("account", re.compile(r"\b[A-Z]{2}\d{2}(?:\s?\d{4}){3,5}(?:\s?\d{1,4})?\b")),
    ("date", re.compile(rf"{_DAY}(?:0?[1-9]|1[0-2])\.\s?(?:19|20)?\d{{2}}\b")),
    ("date", re.compile(rf"{_DAY}(?:{_MONTHS})\s(?:19|20)\d{{2}}\b")),
    ("telephone", re.compile(r"(?<![\w.,])(?:\+\s?\d{1,3}|00\d{1,3}|\(?0)[\d\s()/.-]{4,}\d(?!\w|,\d)")),
    (
        "telephone",
        re.compile(
            r"\b(?:Tel|Telefon|Handy|Mobil|Fax|Nummer|Nr|Durchwahl)[.:]*\s*(?:ist\s|lautet\s)?"
            r"(?P<own>\d[\d\s()/-]{2,}\d)",
            re.I,
        ),
    ),
    ("plate", re.compile(r"\b[A-ZÄÖÜ]{1,3}(?:\s?-\s?[A-Z]{1,2}\s?\d{1,4}|\s[A-Z]{1,2}\s?\d{2,4})\s?[EH]?\b")),
    ("address", re.compile(rf"\b(?:[{_UPPER}][\w-]*\s)?[{_UPPER}][\w-]*?(?:{_STREET}|-Str\.)(?:{_NUMBER})?")),
    (
        "address",
        re.compile(rf"\b(?:[{_UPPER}][\w.-]*\s){{1,3}}(?:Straße|Strasse|Str\.|Gasse|Allee|Weg|Platz|Ring){_NUMBER}"),
    ),
    ("address", re.compile(rf"\b[{_UPPER}][\w-]*{_WITH_NUMBER}{_NUMBER}")),
    ("address", re.compile(rf"\b(?:{_BEFORE_A_PLACE})(?:\s[{_UPPER}][\w-]+){{1,2}}{_NUMBER}")),
    ("address", re.compile(rf"\b(?:D-)?\d{{5}}\s+[{_UPPER}][\w-]+")),
    ("number", re.compile(r"(?<![\w.,])\d[\d-]{5,}\d(?!\w|,\d)")),
    (
        "name",
        re.compile(
            rf"\b(?:(?:{_TITLES})\b\.?\s+)+(?P<own>(?:{_PARTICLE}\s+)?{_NAME}(?:\s+{_PARTICLE})?(?:\s+{_NAME})?)"
        ),
    ),
    ("name", re.compile(rf"\b(?:{_INTRODUCED})\s+(?P<own>{_NAME}{_FOLLOWING}{{0,2}})")),
    (
        "name",
        re.compile(
            rf"\b{_GREETING}[,:!]?\s+(?:von\s+|aus\s+\w+[,:]?\s+)?(?P<own>{_NAME}(?:\s+{_NAME})?)[.!]?\s*$", re.M
        ),
    ),
    ("name", re.compile(rf"\b(?:{_RELATIONS}),?\s+(?P<own>{_NAME}(?:\s+(?:{_PARTICLE}\s+)?{_NAME})?)")),
    ("name", re.compile(rf"(?<!z\.\s)(?<!z\.)(?<!u\.\s)(?<!d\.\s)\b(?:[{_UPPER}]\.\s?){{1,2}}{_NAME}")),
    ("name", re.compile(rf"\b[{_UPPER}]\w*(?:{_ENDINGS})\b")),
]
"""What is masked as what: a pattern's group ``own`` where it has one, for what stands before a name stays."""
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LABELS = {
    "address": "[address]",
    "account": "[account]",
    "date": "[date]",
    "e-mail": "[e-mail]",
    "handle": "[user name]",
    "link": "[link]",
    "name": "[name]",
    "number": "[number]",
    "plate": "[number plate]",
    "telephone": "[telephone]",
}


def mask(text: str, language: str = "de", words: Iterable[int] = (), places: Collection[str] = ()) -> str:
    """A written answer with what names a person replaced by what it was.

    Parameters
    ----------
    text
        As it was written, in German.
    language
        ``de`` or ``en``: of the words that stand in place of what is masked.
    words
        Numbers of further words to be masked, counted from 1.
    places
        Names that may stand as they are: of municipalities.

    Returns
    -------
    str
        With ``[Name]``, ``[E-Mail]`` … in place of what was found, and ``[…]`` in place of ``words``.

    Examples
    --------
    >>> disclosure.mask("Ich heiße Erika Mustermann, Tel. 0561 1234567, rufen Sie mich an")
    'Ich heiße [Name], Tel. [Telefon], rufen Sie mich an'
    """
    chosen = set(words)
    plain = unicodedata.normalize("NFC", text)
    plain = "".join(sign for sign in plain if sign in _KEPT or unicodedata.category(sign) not in _UNSEEN)
    parts = re.split(r"(\s+)", plain.strip())
    text = "".join(
        _LEFT_OUT if not place % 2 and place // 2 + 1 in chosen else part for place, part in enumerate(parts)
    )
    spans: list[tuple[int, int, str]] = []
    for kind, pattern in _RULES:
        own = "own" if "own" in pattern.groupindex else 0
        spans += [(*found.span(own), kind) for found in pattern.finditer(text)]
    spans += _of_words(text, {part.casefold() for place in places for part in place.split()})
    return _replaced(text, spans, language)


def _of_words(text: str, places: Collection[str]) -> list[tuple[int, int, str]]:
    """First names with the family name that follows, family names alone, and what no dictionary has."""
    found: list[tuple[int, int, str]] = []
    words = list(_WORD.finditer(text))
    for place, word in enumerate(words):
        if word[0].casefold() in places or not (_is_name(word[0]) or _is_foreign(text, word)):
            continue
        end = place
        while end + 1 < len(words) and end - place < 3 and _goes_on(text, words[end], words[end + 1], word[0]):
            end += 1
        if words[end][0].casefold() in _PARTICLES:
            end -= 1
        found.append((word.start(), words[end].end(), "name"))
    return found


_PARTICLES = frozenset(
    ["von", "van", "vom", "zu", "zur", "de", "del", "der", "den", "di", "da", "al", "el", "bin", "ibn"]
)


def _is_name(word: str) -> bool:
    parts = word.casefold().replace("’", "-").replace("'", "-").split("-")
    if word[0].isupper():
        bare = word.casefold().removesuffix("s")
        return any(part in FIRST_NAMES or part in FAMILY_NAMES for part in (*parts, bare))
    return len(word) >= _LOWER_NAME and word in FIRST_NAMES


_OF_PLACES = re.compile(
    r"(?:\b(?:in|nach|aus|bis|ab|um|über|Richtung|Raum|Stadt|Gemeinde|Ortsteil|Kreis|Landkreis|Bad|Sankt|St\.)\s+)$",
    re.I,
)
_SHORTEST, _OF_COMPOUNDS = 3, 4
"""Letters of a name, and of each part of a word that is made of two."""


def _is_foreign(text: str, word: re.Match[str]) -> bool:
    """Whether a word with a capital is in no dictionary, and stands where no place is told."""
    own = word[0]
    is_capital = own[0].isupper() and own[1:].islower() and len(own) >= _SHORTEST
    return is_capital and not _is_german(own) and not _OF_PLACES.search(text[: word.start()])


@lru_cache(maxsize=4096)
def _is_german(word: str) -> bool:
    """In the dictionary, or made of two words that are, with or without what joins them."""
    if simplemma.is_known(word, lang="de"):
        return True
    for cut in range(_OF_COMPOUNDS, len(word) - _OF_COMPOUNDS + 1):
        first, last = word[:cut], word[cut:].capitalize()
        joined = {first, first.removesuffix("s"), first.removesuffix("n"), first.removesuffix("en"), f"{first}e"}
        if simplemma.is_known(last, lang="de") and any(simplemma.is_known(part, lang="de") for part in joined):
            return True
    return False


def _goes_on(text: str, word: re.Match[str], following: re.Match[str], first: str) -> bool:
    """Whether the next word belongs to the name: it stands right behind it, with a capital, or is *von*."""
    if text[word.end() : following.start()].strip(" ") or "\n" in text[word.end() : following.start()]:
        return False
    if following[0].casefold() in _PARTICLES:
        rest = _WORD.match(text, following.end() + 1)
        return rest is not None and rest[0][0].isupper()
    is_capital = following[0][0].isupper() and following[0].casefold() not in FUNCTION_WORDS
    return is_capital or (first.islower() and following[0] in FAMILY_NAMES)


def _replaced(text: str, spans: list[tuple[int, int, str]], language: str) -> str:
    """Spans in their place by their labels; where they overlap, the first, and as far as any of them reaches."""
    merged: list[tuple[int, int, str]] = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and start < merged[-1][1]:
            first, last, told = merged[-1]
            merged[-1] = (first, max(last, end), told)
        else:
            merged.append((start, end, kind))
    for start, end, kind in reversed(merged):
        text = f"{text[:start]}{translate(_LABELS[kind], language)}{text[end:]}"
    return text
