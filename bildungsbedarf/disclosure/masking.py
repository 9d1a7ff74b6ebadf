"""Mask what names a person in a written answer: names, addresses, telephone numbers, links, plates, dates of birth.

Rules for German, written for this library; how much they find is printed by ``tests/disclosure/test_masking.py``. They
are no reason not to read an answer before it is quoted: a name that is a word too ("Wicke kann das"), or a person who
is described ("die einzige Hebamme im Dorf"), is not found. Words with a capital that no dictionary has, and that are
not made of words it has, count as names: a rare word too many is masked rather than a name too few.

Every pattern is bounded, and begins where a word begins: the time grows with the length of the answer, not its square.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import lru_cache

import simplemma

from bildungsbedarf.disclosure.names import FAMILY_NAMES, FIRST_NAMES
from bildungsbedarf.language import translate
from bildungsbedarf.needs.answers.words import FUNCTION_WORDS

_LEFT_OUT = "left out"
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
    "script": "[another script]",
    "telephone": "[telephone]",
    _LEFT_OUT: "[…]",
}
Span = tuple[int, int, str]

_UPPER = "A-ZÄÖÜÇŞŁĆİÉ"
_NAME = rf"[{_UPPER}][\w'’-]{{1,40}}"
_PARTICLE = r"(?:von|van|zu|zur|de|del|der|den|di|da|al|el|bin|ibn|te|ter|v\.)"
_WHOLE = rf"(?:{_PARTICLE}\s){{0,2}}{_NAME}(?:\s(?:{_PARTICLE}\s){{0,2}}{_NAME})?"
_TITLES = (
    r"Herrn?|Hr|Hrn|Frau|Fr|Frl|Fräulein|Familie|Fam|Eheleute|Ehepaar|Mister|Mr|Mrs|Dr|Prof|Doktor|Professor(?:in)?|"
    r"Pfarrer(?:in)?|Pastor(?:in)?|Pater|Imam|Bürgermeister(?:in)?|Ortsvorsteher(?:in)?|Landrat|Landrätin|Stadtrat|"
    r"Stadträtin|Kreisrat|Abgeordneter?|Dezernent(?:in)?|Direktor(?:in)?|Amtsleiter(?:in)?|Dozent(?:in|en)?|Kollegen"
)
_RELATIONS = (
    r"Schwester|Bruder|Tante|Onkel|Oma|Opa|Mutter|Vater|Mama|Papa|Schwager|Schwägerin|Schwieger(?:mutter|vater|sohn)|"
    r"Schwiegertochter|Patenkind|Freund(?:in)?|Nachbar(?:n|in)?|Kolleg(?:e|in)|Sohn|Tochter|Mann|Ehemann|Ehefrau|"
    r"Partner(?:in)?|Enkel(?:in|kind)?|Cousin(?:e)?|Neffe|Nichte|(?:Klassen)?[Ll]ehrer(?:in)?|Rektor(?:in)?|"
    r"Schulleit(?:er|erin|ung)|Vorstand|Trainer(?:in)?|Betreuer(?:in)?|Leiter(?:in)?|Chef(?:in)?|Meister(?:in)?|Arzt|"
    r"Ärztin|Hausarzt|Zahnarzt|Hebamme|Vermieter(?:in)?|Sachbearbeiter(?:in)?|Kursleit(?:er|erin|ung)|Erzieher(?:in)?|"
    r"Tagesmutter|Vorsitzende[rn]?"
)
_GAP = r"(?:\.|[.:,]?[\s„“\"'(*]{1,3})"
_DEGREES = r"(?:(?:med|phil|rer|nat|jur|Dipl|Ing|Dr|Prof)\b[.-]{0,2}\s?){0,3}"
_TITLE = rf"(?<!\w)(?i:{_TITLES})(?!\w){_GAP}(?i:{_DEGREES})"
_OTHERS = rf"(?:(?:\s?,|\s(?:und|oder)|\s?[/&])\s(?!(?i:{_TITLES})(?!\w)){_NAME}){{0,3}}"
_FORM = (
    r"(?<!\w)(?i:(?:(?:Vor|Nach|Familien)?name|Kontakt|(?:Kurs)?leitung|Ansprechpartner(?:in)?|Referent(?:in)?)\s?"
    r"(?::|ist|lautet)|hei(?:ß|ss)(?:e|t|en)|namens|genannt|nennt sich|gez\.?|Absender(?:in)?:?)\s"
)
_GREETING = r"(?<!\w)(?:Gru(?:ß|ss)|Grü(?:ß|ss)e[n]?|Gruesse|LG|VG|MfG|Mfg|mfg|lg|vg|Tschüss|Ciao)"
_SIGNED = r"(?<!\w)(?:Ihre?|Eure?|Unterschrift|Danke|grüßt)"
_NO_INITIALS = r"(?![ZzUuDdOoEeIi]\.\s?[A-Za-zÄä]\.)"

_COUNTED = r"(?:km|m|h|Uhr|EUR|Mal|mal)(?!\w)|€|%|Euro|Prozent|Jahr|Minute|Stunde|Tag|Woche|Monat|Kind|Person|Mensch"
_NO_COUNTS = rf"(?!\s?(?:{_COUNTED}))"
_HOUSE = (
    r"(?:(?:Nr|nr|Hausnummer)\.?\s?)?(?<!\d)\d{1,3}(?!\d)(?:\s?[a-zA-Z](?!\w))?"
    rf"(?:\s?[-/]\s?\d{{1,3}}(?!\d)(?:\s?[a-z](?!\w))?|\s\d/\d(?!\d))?{_NO_COUNTS}"
)
_STREET = r"(?:stra(?:ß|ss)e|str\.?|gasse|allee|chaussee)"
_PLACE = (
    r"(?:weg|platz|ring|ufer|damm|steig|pfad|winkel|hof|berg|markt|graben|tor|feld|garten|anger|hain|grund|siedlung)"
)
_BEFORE_A_PLACE = (
    r"[Aa]m|[Aa]n de[rn]|[Aa]uf de[mr]|[Ii]m|[Ii]n de[rn]|[Zz]u[mr]|[Bb]eim|[Uu]nterm|[Üü]berm|[Hh]interm|[Vv]orm|"
    r"[Uu]nter de[nr]|[Hh]inter de[mr]|[Vv]or de[mr]|[Bb]ei der"
)
_MONTHS = (
    r"Jan(?:uar)?|Feb(?:ruar)?|Mär(?:z)?|Mrz|Apr(?:il)?|Mai|Jun[i]?|Jul[i]?|Aug(?:ust)?|Sept?(?:ember)?|Okt(?:ober)?|"
    r"Nov(?:ember)?|Dez(?:ember)?"
)
_AT = r"\s?(?:@|\(at\)|\[at\]|\{at\}|\([äÄ]t\)|\[[äÄ]t\]|\{[äÄ]t\}|\sat\s|\sät\s)\s?"
_DOT = r"\s?(?:\.|\(punkt\)|\[punkt\]|\(dot\)|\[dot\]|\spunkt\s)\s?"
_BETWEEN = r"[\d\s()/._|·•–—-]"
_ENDINGS = r"ski|sky|ska|wicz|czyk|enko|oglu|oğlu|ović|ovic|idis|opoulos"
_YEARS = re.compile(r"(?:19|20)\d\d\s?[–-]\s?(?:19|20)\d\d")


def _digits(least: int) -> Callable[[str], bool]:
    """Whether a match has so many digits, and is no span of years."""
    return lambda text: sum(sign.isdigit() for sign in text) >= least and not _YEARS.fullmatch(text)


def _is_small_name(text: str) -> bool:
    """A word in small letters that is a name, or that no dictionary has."""
    word = text.casefold()
    if word in FUNCTION_WORDS:
        return False
    return word in FIRST_NAMES or word in FAMILY_NAMES or (not _is_german(word) and not _is_german(word.capitalize()))


def _is_no_function_word(text: str) -> bool:
    return text.casefold() not in FUNCTION_WORDS


def _is_user_name(text: str) -> bool:
    """Letters with a digit or a sign among them; a platform that is only spoken of is followed by words."""
    return any(sign.isalpha() for sign in text) and bool(re.search(r"[\d_#]|\.(?=\w)", text))


def _has_a_name(text: str) -> bool:
    return any(part in FIRST_NAMES for part in text.casefold().split("."))


_Rule = tuple[str, str, Callable[[str], bool] | None]
_RULES: list[_Rule] = [
    ("link", r"(?i:(?<!\w)(?:https?://|www\.))\S{1,500}", None),
    ("link", r"(?<!\w)(?i:www)\s\.\s[\w-]{1,63}\s\.\s\w{2,6}(?!\w)", None),
    (
        "e-mail",
        rf"(?i:(?<![\w.+-])(?:[\w+-]{{1,40}}\s(?:punkt|dot)\s){{0,2}}[\w.+-]{{1,64}}{_AT}"
        rf"[\w-]{{1,63}}(?:\sminus\s[\w-]{{1,40}})?{_DOT}[a-z]{{2,10}}(?:\.[a-z]{{2,10}}){{0,3}})",
        None,
    ),
    ("e-mail", r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]{2,100}", None),
    (
        "link",
        r"(?i:(?<![\w.-])(?:[\w-]{1,63}\.){1,5}(?:de|com|org|net|eu|info|at|ch|tv|io))(?:/\S{0,500})?(?!\w)",
        None,
    ),
    ("link", r"(?<![\w.-])[\w-]{1,63}\.[a-z]{2,6}/\S{1,500}", None),
    ("handle", r"(?<!\w)@[\w.]{2,60}", None),
    (
        "handle",
        r"(?<!\w)(?i:discord|insta(?:gram)?|snap(?:chat)?|tik\s?tok|telegram|signal|twitch|steam|threads|facebook|fb)"
        r"(?!\w)\s?[:=–-]?\s?(?i:ist\s|name\s)?(?P<own>[\w.#-]{3,60})",
        _is_user_name,
    ),
    ("account", r"(?<!\w)(?:[A-Z]{2}|de|at|ch|nl|pl|tr)\s?\d{2}[\d ]{10,30}\d", None),
    ("date", r"(?<!\d)(?<!\d[./])\d{1,2}[./]\s?\d{1,2}[./]\s?'?(?:\d{4}|\d{2})(?!\d)", None),
    ("date", r"(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)", None),
    ("date", r"(?<!\w)\*\s?(?P<own>(?:19|20)\d\d)(?!\d)", None),
    ("date", rf"(?<!\d)\d{{1,2}}\.?\s?(?i:{_MONTHS})\.?\s?'?(?:(?:19|20)\d\d|\d\d)(?![\d:.])", None),
    (
        "date",
        rf"(?i:(?:geboren|geb\.?|Geburtstag|Geburtsdatum|Geburtsjahr|Jahrgang)(?!\w)[^.!?\n\d]{{0,25}})"
        rf"(?P<own>\d{{1,2}}\.\s?(?:\d{{1,2}}\.?|(?i:{_MONTHS}))?|(?:19|20)?\d\d(?!\d))",
        None,
    ),
    ("date", rf"(?i:(?<!\w)(?:{_MONTHS})\s(?:19|20)\d\d)(?=\sgeboren)", None),
    (
        "telephone",
        rf"(?<![\w.,])(?:\+\s?\d{{1,3}}|00\d{{1,3}}|\(?0){_BETWEEN}{{3,30}}\d(?!\d|,\d)"
        r"(?:\s?(?:oder|und|bzw\.?|/)\s?\d{3,12}){0,3}",
        _digits(6),
    ),
    (
        "telephone",
        r"(?<!\w)(?i:Tel|Telefon|Handy|Mobil|Fax|(?:Telefon|Handy|Ruf|Fax)?nummer|Nr|Durchwahl|(?:ruf(?:t|en)?\s)?(?:sie\s)?an)"
        r"[.:]{0,2}\s?(?i:ist\s|lautet\s|unter\s)?(?P<own>\d[\d\s()/–-]{2,30}\d)",
        _digits(4),
    ),
    ("telephone", r"(?<!\w)(?i:Durchwahl|DW|Apparat|App|Nebenstelle)[.:]{0,2}\s?(?P<own>-?\d{2,5})(?!\d)", None),
    ("address", r"(?<!\w)(?i:Hausnummer|Haus-?\s?Nr)[.:]{0,2}\s?(?P<own>\d{1,4}(?:\s?[a-zA-Z](?!\w))?)", None),
    (
        "number",
        r"(?<!\w)(?i:\w{0,25}(?:nummer|nr)|Ausweis|Sozialvers(?:icherung)?)(?!\w)[.:]{0,2}\s?(?i:ist\s|lautet\s)?"
        r"(?P<own>[A-Z]?\d[\dA-Z /–-]{2,30})",
        _digits(4),
    ),
    (
        "plate",
        r"(?<!\w)[A-ZÄÖÜ]{1,3}(?:\s?[-:•·]\s?[A-Z]{1,2}[-:•· ]?\s?\d{1,4}|\s[A-Z]{1,2}\s?\d{2,4})(?:\s?[EH])?(?!\w)",
        None,
    ),
    ("plate", r"(?i:(?<!\w)kennzeichen)[:\s]{1,2}(?P<own>\S{1,12}(?:\s\S{0,3}\d\S{0,5}){0,2})", _digits(1)),
    (
        "address",
        rf"(?<![\w-])(?:[{_UPPER}][\w-]{{1,30}}\s)?[{_UPPER}][\w-]{{1,40}}?(?:{_STREET}|-Str\.)(?![^\W\d])(?:,?\s?{_HOUSE})?",
        None,
    ),
    ("address", rf"(?<![\w-])[\w-]{{2,40}}?(?:{_STREET}|{_PLACE})(?![^\W\d]),?\s?{_HOUSE}", None),
    (
        "address",
        rf"(?<!\w)(?:[{_UPPER}][\w-]{{1,30}}\.?\s){{1,3}}(?:Straße|Strasse|Str\.|Gasse|Allee|Weg|Platz|Ring)\s?{_HOUSE}",
        None,
    ),
    ("address", rf"(?<!\w)(?i:Stra(?:ß|ss)e|Str\.)\s(?:der|des|von)\s{_NAME}(?:\s{_HOUSE})?", None),
    (
        "address",
        rf"(?<!\w)(?:{_BEFORE_A_PLACE})(?:\s[a-zäöüß]{{2,20}})?(?:\s[{_UPPER}][\w-]{{1,40}}){{1,2}}\s{_HOUSE}",
        None,
    ),
    (
        "address",
        rf"(?<!\w)(?:D-?)?\d{{5}}\s(?:(?:Bad|Sankt|St\.|Groß|Klein|Neu)\s)?"
        rf"(?!(?:Euro|EUR|Menschen|Einwohner|Person|Leute|Kinder|Schüler|Stunden|Mal))[{_UPPER}][\w-]{{1,40}}",
        None,
    ),
    ("address", r"(?<!\w)(?:D-\d{5}|(?i:Postfach)\s\d[\d ]{0,8})", None),
    (
        "number",
        r"(?<![\w.,])\d(?:\d|[ -](?=\d)){3,30}\d(?!\d|,\d)(?!\s?(?:Euro|€|EUR|Menschen|Einwohner|Person|Leute|Kinder))",
        _digits(5),
    ),
    ("number", r"(?<!\w)[A-Z][A-Z\d]{5,15}(?!\w)", _digits(3)),
    ("name", rf"{_TITLE}(?P<own>{_WHOLE}{_OTHERS})", None),
    ("name", rf"{_TITLE}(?P<own>[a-zäöüß][\w-]{{2,40}})", _is_small_name),
    ("name", r"(?<!\w)(?i:dr|fr|hr|hrn|frl|fam)\.\s?(?P<own>[a-zäöüß][\w-]{2,40})", _is_no_function_word),
    ("name", rf"{_FORM}(?P<own>{_WHOLE}(?:\s{_NAME})?)", None),
    ("name", rf"{_FORM}(?P<own>[a-zäöüß][\w-]{{2,40}})", _is_small_name),
    ("name", rf"(?<!\w)[Ii]ch,\s(?P<own>{_WHOLE}),", None),
    ("name", rf"(?<!\w)[Ii]ch bin (?:der |die )?(?P<own>{_NAME}\s{_NAME})(?!\w)", None),
    (
        "name",
        rf"{_GREETING}[,:!.]?\s(?:von\s|aus\s\w{{1,40}}[,:]?\s)?"
        rf"(?P<own>{_NAME}(?:\s{_NAME})?|[{_UPPER}]\.(?:\s?[{_UPPER}]\.)?)",
        None,
    ),
    ("name", rf"{_SIGNED}[,:!]?\s(?P<own>{_NAME}(?:\s{_NAME})?)[.!]?[ \t]{{0,9}}$", None),
    ("name", rf"(?<!\w)(?i:{_RELATIONS}),?\s(?P<own>{_NAME}(?:\s(?:{_PARTICLE}\s)?{_NAME})?)", None),
    ("name", rf"(?<!\w)(?i:{_RELATIONS}),?\s(?P<own>[a-zäöüß][\w-]{{2,40}})", _is_small_name),
    ("name", rf"(?<![\w.]){_NO_INITIALS}(?<![zZuUdD]\.\s)(?<![zZuUdD]\.)(?:[{_UPPER}]\.\s?){{1,2}}{_NAME}", None),
    ("name", rf"(?<![\w.]){_NO_INITIALS}[{_UPPER}]\.\s?[{_UPPER}]\.(?!\w)", None),
    ("name", r"(?<!\w)(?:[^\W\d_]\s{1,2}){3,30}[^\W\d_](?!\w)", None),
    ("name", r"(?<![\w.])[a-zäöüß]{3,20}\.[a-zäöüß]{3,20}(?!\w)", _has_a_name),
    ("name", rf"(?<!\w)[{_UPPER}]\w{{0,30}}(?:{_ENDINGS})(?!\w)", None),
]
"""What is masked as what: a pattern's group ``own`` where it has one, for what stands before a name stays; and what a
match must fulfil beside."""
_PATTERNS = [(kind, re.compile(pattern, re.M), test) for kind, pattern, test in _RULES]
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST, _OF_COMPOUNDS, _LONGEST = 3, 4, 40
"""Letters of a name, of each part of a word that is made of two, and of the longest word that is looked up."""
_LOWER_NAME = 4
"""Letters of a first name that is found in small letters too."""


def mask(text: str, language: str = "de", words: Iterable[int] = (), places: Collection[str] = ()) -> str:
    """A written answer with what names a person replaced by what it was.

    Parameters
    ----------
    text
        As it was written, in German.
    language
        ``de`` or ``en``: of the words that stand in place of what is masked.
    words
        Numbers of further words to be left out, counted from 1 in ``plain(text)``: what stands between blanks.
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
    text, chosen = plain(text), set(words)
    spans: list[Span] = []
    for kind, pattern, test in _PATTERNS:
        own = "own" if "own" in pattern.groupindex else 0
        spans += [(*found.span(own), kind) for found in pattern.finditer(text) if test is None or test(found[own])]
    spans += _of_words(text, _phrases(places))
    spans += _of_scripts(text)
    every = enumerate(re.finditer(r"\S+", text), start=1)
    spans += [(*found.span(), _LEFT_OUT) for number, found in every if number in chosen]
    return _replaced(text, spans, language)


def plain(text: str) -> str:
    r"""An answer without signs that hide, turn or join what stands beside them, each letter as one sign.

    Parameters
    ----------
    text
        As it was written.

    Returns
    -------
    str
        Blanks in place of signs that control, nothing in place of those that are not seen.

    Examples
    --------
    >>> plain("Mu\u200b\u0308ller\rkommt")
    'Müller kommt'
    """
    found = html.unescape(text).replace("\r\n", "\n")
    seen = []
    for sign in found:
        kind = unicodedata.category(sign)
        if sign in "\n\t" or kind[0] != "C":
            seen.append(unicodedata.normalize("NFKC", sign) if "\uff00" <= sign <= "\uffef" else sign)
        elif kind == "Cc":
            seen.append(" ")
    whole = unicodedata.normalize("NFC", "".join(seen))
    return "".join(sign for sign in whole if unicodedata.category(sign) != "Mn").strip()


def _phrases(places: Collection[str]) -> set[str]:
    """Places as they are written, without what stands behind a comma."""
    return {place.split(",")[0].strip().casefold() for place in places}


def _of_words(text: str, places: Collection[str]) -> Iterator[Span]:
    """First names with the family name that follows, family names alone, and what no dictionary has."""
    words = list(_WORD.finditer(text))
    for place, word in enumerate(words):
        if word[0].casefold() in places or not (_is_name(word[0]) or _is_foreign(text, word)):
            continue
        if word[0] == "August" and _IN_A_MONTH.search(text[max(0, word.start() - _BEFORE) : word.start()]):
            continue
        end = place
        while end + 1 < len(words) and end - place < 3 and _goes_on(text, words[end], words[end + 1]):
            end += 1
        if words[end][0].casefold() in _PARTICLES:
            end -= 1
        yield word.start(), words[end].end(), "name"


_PARTICLES = frozenset(
    ["von", "van", "zu", "zur", "de", "der", "den", "di", "da", "al", "el", "bin", "ibn", "te", "ter"]
)
_TITLE_PARTS = frozenset(("frau", "herr", "herrn", "dr", "prof"))


def _is_name(word: str) -> bool:
    """Whether a word, or a part of it, is in the lists; in small letters first names alone."""
    parts = word.replace("’", "-").replace("'", "-").split("-")
    if len(parts) > 1 and not _is_listed(parts[-1]) and _is_german(parts[-1].capitalize()):
        # a school or a street that bears a name
        return False
    if word[0].isupper():
        within = re.findall(rf"[{_UPPER}][a-zäöüß]+", word) if re.search(r"[a-zäöüß][A-ZÄÖÜ]", word) else []
        is_titled = bool(within) and within[0].casefold() in _TITLE_PARTS
        return is_titled or any(_is_listed(part) for part in (*parts, *within, word.removesuffix("s")))
    return len(word) >= _LOWER_NAME and word in FIRST_NAMES


def _is_listed(word: str) -> bool:
    return word.casefold() in FIRST_NAMES or word.casefold() in FAMILY_NAMES


def _goes_on(text: str, word: re.Match[str], following: re.Match[str]) -> bool:
    """Whether the next word belongs to the name: it stands right behind it, with a capital, or is *von*."""
    if text[word.end() : following.start()] != " " or (word[0].endswith("s") and _is_listed(word[0][:-1])):
        return False
    if following[0].casefold() in _PARTICLES:
        rest = _WORD.match(text, following.end() + 1)
        return rest is not None and rest[0][0].isupper()
    is_capital = following[0][0].isupper() and following[0].casefold() not in FUNCTION_WORDS
    return is_capital or (word[0].islower() and following[0] in FAMILY_NAMES)


_OF_PLACES = re.compile(
    r"(?:\b(?:in|nach|aus|bis|ab|um|über|Richtung|Raum|Stadt|Gemeinde|Ortsteil|Kreis|Landkreis|Bad|Sankt|St\.)\s+)$",
    re.I,
)
_SHORT_FORMS = frozenset(
    ["frl", "hrn", "fam", "dipl", "ing", "med", "phil", "mfg", "kontonr", "nr", "tel", "str", "hr", "fr", "prof"]
)
_PRODUCTS = frozenset(
    (
        *("canva", "datev", "discord", "duolingo", "elster", "facebook", "fortnite", "instagram", "makerspace"),
        *("minecraft", "moodle", "powerpoint", "roblox", "snapchat", "spotify", "tiktok", "twitch", "whatsapp"),
        *("wikipedia", "youtube"),
    )
)
"""What people learn, use and play that no dictionary has."""
_IN_A_MONTH = re.compile(r"(?:\b(?:im|seit|ab|bis|vom|zum|Anfang|Mitte|Ende)\s+)$", re.I)
_BEFORE = 14
"""Letters before a word in which one of these can stand."""


def _is_foreign(text: str, word: re.Match[str]) -> bool:
    """Whether a word with a capital is in no dictionary, and stands where no place is told."""
    own = word[0]
    if not own[0].isupper() or len(own) < _SHORTEST:
        return False
    if own.casefold() in _SHORT_FORMS or own.casefold() in _PRODUCTS:
        return False
    if own.isupper():
        own = own.capitalize() if len(own) > _OF_COMPOUNDS else ""
    last = own.rsplit("-", 1)[-1]
    if not own or _is_german(own) or (last != own and (_is_german(last) or _is_german(last.capitalize()))):
        return False
    return not _OF_PLACES.search(text[max(0, word.start() - _BEFORE) : word.start()])


@lru_cache(maxsize=4096)
def _is_german(word: str) -> bool:
    """In the dictionary, or made of two words that are, with or without what joins them."""
    if len(word) > _LONGEST:
        return False
    if simplemma.is_known(word, lang="de") or (len(word) > _SHORTEST and simplemma.is_known(word.lower(), lang="en")):
        return True
    for cut in range(_OF_COMPOUNDS, len(word) - _OF_COMPOUNDS + 1):
        first, last = word[:cut], word[cut:].capitalize()
        joined = {first, first.removesuffix("s"), first.removesuffix("n"), first.removesuffix("en"), f"{first}e"}
        if simplemma.is_known(last, lang="de") and any(simplemma.is_known(part, lang="de") for part in joined):
            return True
    return False


def _of_scripts(text: str) -> Iterator[Span]:
    """Words in letters that are not Latin: no rule reads them."""
    for found in re.finditer(r"[^\W\d_]+(?:\s[^\W\d_]+)*", text):
        for word in re.finditer(r"\S+", found[0]):
            if any(not unicodedata.name(sign, "").startswith("LATIN") for sign in word[0]):
                yield found.start() + word.start(), found.start() + word.end(), "script"


def _replaced(text: str, spans: list[Span], language: str) -> str:
    """Spans in their place by their labels; where they overlap, the first, and as far as any of them reaches.

    Neighbours of one kind that only a blank parts are one.
    """
    merged: list[Span] = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1])):
        if merged and (start < merged[-1][1] or (kind == merged[-1][2] and text[merged[-1][1] : start] == " ")):
            first, last, told = merged[-1]
            merged[-1] = (first, max(last, end), told)
        else:
            merged.append((start, end, kind))
    for start, end, kind in reversed(merged):
        text = f"{text[:start]}{translate(_LABELS[kind], language)}{text[end:]}"
    return text
