"""Are two questions the same? Wording, scale and filter of each item in two questionnaires."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from bildungsbedarf.codebook.model import Answer, Codebook, Column, Question, Texts

SAME = "same"
NEW = "new"
GONE = "gone"
REWORDED = "reworded"
RESCALED = "rescaled"
REFILTERED = "refiltered"
RESET = "reset"
SWAPPED = "swapped"
REORDERED = "reordered"
MANDATORY = "mandatory"
COLUMNS = ["question", "item", "state", "before", "after"]
"""Of what differs."""
LIGHT = (REWORDED, REORDERED, MANDATORY)
"""What leaves the meaning of every code as it was."""
_RULES = (
    "array_filter",
    "array_filter_exclude",
    "exclude_all_others",
    "max_answers",
    "max_subquestions",
    "min_answers",
    "multiflexible_checkbox",
    "multiflexible_max",
    "multiflexible_min",
)
"""Attributes that decide what can be answered."""


def compare_items(earlier: Codebook, later: Codebook, question: str) -> dict[str, str]:
    """Item → what became of it from ``earlier`` to ``later``; a question without items has the item ``""``."""
    if question not in earlier or question not in later:
        book, state = (later, NEW) if question in later else (earlier, GONE)
        return dict.fromkeys(book[question].items(book.language) or [""], state)
    old, new = earlier[question], later[question]
    whole = _compare_question(old, new)
    if whole in (SAME, REWORDED) and _rules(old) != _rules(new) and _knows(earlier) and _knows(later):
        whole = RESET
    old_items, new_items = old.items(earlier.language), new.items(earlier.language)
    if not old_items and not new_items:
        return {"": whole}
    states: dict[str, str] = {}
    for item in dict.fromkeys([*old_items, *new_items]):
        if item not in new_items or item not in old_items:
            states[item] = GONE if item in old_items else NEW
        elif old_items[item] != new_items[item] and new_items[item] in old_items.values():
            # the words of another item: its code means something else now
            states[item] = SWAPPED
        elif whole not in (SAME, REWORDED):
            states[item] = whole
        elif _conditions(old, item) != _conditions(new, item):
            states[item] = REFILTERED
        else:
            states[item] = SAME if old_items[item] == new_items[item] and whole == SAME else REWORDED
    return states


def _knows(book: Codebook) -> bool:
    """Whether a questionnaire's file has attributes at all: a list of fields and a table by hand have none."""
    return any(question.attributes.keys() - {"max_subquestions"} for question in book.questions)


def _rules(question: Question) -> dict[str, str]:
    """What decides which answers can be given together, or at all, where it is set."""
    known = {name: question.attributes.get(name, "") for name in _RULES}
    return {name: value for name, value in known.items() if value not in ("", "0")}


def _conditions(question: Question, item: str) -> list[str]:
    """Under which conditions an item, or the row and column of a cell, is shown."""
    codes = {item, *item.split("_")} if question.type.axes == "grid" else {item}
    return [one.relevance for one in question.subquestions if one.code in codes and one.relevance not in ("", "1")]


def _compare_question(old: Question, new: Question) -> str:
    """What weighs most of all that differs: other words do not hide another scale or filter."""
    if old.type != new.type or not _same_answers(old.answers, new.answers):
        return RESCALED
    if (old.relevance, old.group_relevance) != (new.relevance, new.group_relevance):
        return REFILTERED
    return SAME if _same_words(old.texts, new.texts) else REWORDED


def _same_words(old: Texts, new: Texts) -> bool:
    """The same in every language both have."""
    return all(old[code] == new[code] for code in old.keys() & new.keys() if old[code] and new[code])


def _same_answers(old: Sequence[Answer], new: Sequence[Answer]) -> bool:
    """The same options in the same order with the same words."""
    return [(a.code, a.scale) for a in old] == [(a.code, a.scale) for a in new] and all(
        _same_words(one.texts, two.texts) for one, two in zip(old, new, strict=True)
    )


def item_differences(earlier: Codebook, before: Column, later: Codebook, after: Column) -> list[str]:
    """All that differs between two columns of answers: ``type``, ``wording``, ``scale``, ``filter``."""
    old, new = earlier[before.question], later[after.question]
    same_words = old.texts == new.texts and all(
        old.items(code).get(before.item) == new.items(code).get(after.item) for code in earlier.languages
    )
    scales = [[a for a in q.answers if a.scale == c.scale] for q, c in ((old, before), (new, after))]
    filters = [(q.relevance, q.group_relevance) for q in (old, new)]
    found = {
        "type": old.type != new.type,
        "wording": not same_words,
        "scale": scales[0] != scales[1],
        "filter": filters[0] != filters[1],
    }
    return [name for name, is_other in found.items() if is_other]


def compare_books(earlier: Codebook, later: Codebook) -> pd.DataFrame:
    """What became of every question and item.

    Returns
    -------
    One row an item (a question without items has the item ``""``), in the earlier questionnaire's order,
    then what is new: ``question, item, state, before, after``; ``before`` and ``after`` show what differs:
    wording, scale or filter.
    """
    codes = dict.fromkeys([question.code for book in (earlier, later) for question in book.questions])
    rows = []
    for code in codes:
        for item, state in compare_items(earlier, later, code).items():
            before, after = (_shown(book, code, item, state, earlier.language) for book in (earlier, later))
            rows.append({"question": code, "item": item, "state": state, "before": before, "after": after})
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def light_differences(earlier: Codebook, later: Codebook) -> pd.DataFrame:
    """Questions of both whose items stand in another order, or that must be answered now (or no longer).

    Returns
    -------
    Rows as those of ``compare_books``, one a question and difference.
    """
    rows = []
    for question in earlier.questions:
        if question.code not in later:
            continue
        new = later[question.code]
        orders = [list(one.items(book.language)) for one, book in ((question, earlier), (new, later))]
        if orders[0] != orders[1] and set(orders[0]) == set(orders[1]):
            rows.append([question.code, "", REORDERED, *(", ".join(order) for order in orders)])
        if question.mandatory != new.mandatory:
            told = ["must be answered" if one.mandatory else "may be left out" for one in (question, new)]
            rows.append([question.code, "", MANDATORY, *told])
    return pd.DataFrame(rows, columns=COLUMNS, dtype="str")


def _shown(book: Codebook, code: str, item: str, state: str, language: str) -> str:
    """What a person must see to understand the state."""
    if state == SAME or code not in book:
        return ""
    question = book[code]
    if state == RESCALED:
        return f"{question.type.name}: " + "; ".join(f"{c} = {t}" for c, t in question.labels(language).items())
    if state == REFILTERED:
        conditions = [question.group_relevance, question.relevance, *_conditions(question, item)]
        return " and ".join(part for part in conditions if part not in ("", "1"))
    if state == RESET:
        return ", ".join(f"{name} = {value}" for name, value in _rules(question).items())
    own = question.items(language).get(item, "")
    if item and not own:
        return ""
    return f"{question.text(language)} – {own}" if own else question.text(language)
