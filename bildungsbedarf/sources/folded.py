"""Texts as they are compared: without what nobody sees, in one form of accents, in small letters."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = dict.fromkeys([0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0xAD])
"""Byte order marks and spaces without width, which editors leave in the middle of texts."""

_INSERTION = re.compile(r"\{[^{}]*\}")
"""Where LimeSurvey puts an earlier answer in: questionnaires are read without, exports may have either."""


def folded(text: str) -> str:
    """One text for all ways of writing it: umlauts as one letter or two, blanks, large and small letters."""
    plain = _INSERTION.sub("", text) if "{" in text else text
    return " ".join(unicodedata.normalize("NFC", plain).translate(_INVISIBLE).split()).casefold()
