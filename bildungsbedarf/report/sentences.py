"""Registered sentences as pages tell them."""

from __future__ import annotations

import re

from bildungsbedarf.findings import Finding
from bildungsbedarf.language import translate
from bildungsbedarf.study.model import Language


def short(one: Finding, language: Language) -> str:
    """The sentence without its interval, which stands in the figure and on the page of its notebook.

    Parameters
    ----------
    one
        A finding.
    language
        ``de`` or ``en``.

    Returns
    -------
    str
        One sentence.

    Examples
    --------
    >>> found = Finding.model_construct(statement={"en": "It is 5% (between 4 and 6%; certainty 95%)."})
    >>> short(found, "en")
    'It is 5%.'
    """
    word = translate("certainty", language)
    return re.sub(rf" \([^()]*\b{word}\b[^()]*\)(?=[.;])", "", one.statement[language])
