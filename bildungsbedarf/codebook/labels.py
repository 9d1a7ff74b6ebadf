"""Clean the texts of a questionnaire for tables: no markup, no expressions, one line."""

from __future__ import annotations

import html
import re
from pathlib import PurePosixPath

import nh3

_INSERTION = re.compile(r"\{[^{}]*\}")
_BREAKS = re.compile(r"<(br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)

_IMAGE = re.compile(r"<img\b[^>]*>", re.IGNORECASE)
_ALT = re.compile(r"""\balt=(["'])(.+?)\1""", re.IGNORECASE | re.DOTALL)
_SOURCE = re.compile(r"""\bsrc=(["'])(.+?)\1""", re.IGNORECASE | re.DOTALL)


def clean_label(text: str) -> str:
    """Text without HTML, ``{INSERTANS:…}`` and other expressions, with single spaces.

    Of a text that is a picture only, what stands in its place: the alternative text, or the file's name.

    Examples
    --------
    >>> clean_label('<p>Lesen <b>und</b> Schreiben</p>')
    'Lesen und Schreiben'
    >>> clean_label('<img src="/upload/surveys/1/images/froh.png" />')
    'froh'
    """
    return _plain(text) or _plain(_IMAGE.sub(_named, text))


def _plain(text: str) -> str:
    plain = html.unescape(nh3.clean(_BREAKS.sub(" ", text), tags=set()))
    return " ".join(_INSERTION.sub("", plain).replace("\xa0", " ").split())


def _named(image: re.Match[str]) -> str:
    if alternative := _ALT.search(image[0]):
        return alternative[2]
    source = _SOURCE.search(image[0])
    return PurePosixPath(source[2]).stem if source else ""
