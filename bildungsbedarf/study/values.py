"""What is wrong with a value of a file, in words: what the validating library found, said of the file's own keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_KINDS = {
    "literal_error": ("is none of those there are", ""),
    "missing": ("is missing", ""),
    "string_type": ("is no text", 'a text in quotes: "…"'),
    "string_too_short": ("is empty", "a text"),
    "string_pattern_mismatch": ("has a form that does not fit", ""),
    "float_type": ("is no number", "a number, such as 0.25, without quotes"),
    "float_parsing": ("is no number", "a number, such as 0.25"),
    "finite_number": ("is no number", "a number, such as 0.25"),
    "int_type": ("is no whole number", "a whole number, without quotes and point"),
    "int_parsing": ("is no whole number", "a whole number"),
    "int_from_float": ("is no whole number", "a whole number"),
    "bool_type": ("is neither true nor false", "true or false, without quotes"),
    "bool_parsing": ("is neither true nor false", "true or false"),
    "list_type": ("is no list", '["…", "…"]'),
    "tuple_type": ("is no list", '["…", "…"]'),
    "too_short": ("names too few", ""),
    "dict_type": ("is no table", '{de = "…", en = "…"}'),
    "model_type": ("is no table", "{key = value, …}"),
    "date_type": ("is no day", "2028-11-30, without quotes"),
    "date_parsing": ("is no day", "2028-11-30"),
    "date_from_datetime_parsing": ("is no day", "2028-11-30"),
    "greater_than": ("is too small", "above {gt}"),
    "greater_than_equal": ("is too small", "{ge} or more"),
    "less_than": ("is too large", "below {lt}"),
    "less_than_equal": ("is too large", "{le} or less"),
}
_PATTERNS = {r"\S": ("is empty", "a text"), r"^\w[\w-]*$": ("has other signs than a name", "letters, digits, - and _")}


def in_words(fault: Mapping[str, Any]) -> tuple[str, str]:
    """What is wrong with a value, to be read after the name of its key, and what was expected.

    Parameters
    ----------
    fault
        One of pydantic's ``errors()``.

    Returns
    -------
    tuple of str
        Two texts; the second is empty where nothing better can be said.

    Examples
    --------
    >>> from bildungsbedarf.study.values import in_words
    >>> in_words({"type": "greater_than", "msg": "…", "ctx": {"gt": 0}})
    ('is too small', 'above 0')
    """
    context, kind = fault.get("ctx", {}), str(fault["type"])
    if kind == "literal_error":
        return _KINDS[kind][0], str(context["expected"])
    if kind == "string_pattern_mismatch" and context.get("pattern") in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    if kind in _KINDS:
        what, expected = _KINDS[kind]
        return what, expected.format(**context)
    return "", ""
