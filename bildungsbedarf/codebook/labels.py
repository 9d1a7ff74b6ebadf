"""Clean the texts of a questionnaire for tables: no markup, no expressions, one line."""

from __future__ import annotations

import html
import re

import nh3

_INSERTION = re.compile(r"\{[^{}]*\}")
_BREAKS = re.compile(r"<(br|/p|/div|/li)\b[^>]*>", re.IGNORECASE)


def clean_label(text: str) -> str:
    """Text without HTML, ``{INSERTANS:…}`` and other expressions, with single spaces."""
    plain = html.unescape(nh3.clean(_BREAKS.sub(" ", text), tags=set()))
    return " ".join(_INSERTION.sub("", plain).replace("\xa0", " ").split())
