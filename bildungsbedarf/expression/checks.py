"""Comparisons with what a column cannot hold: nobody would fulfil them, and nobody would know."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple, NoReturn

import pandas as pd
from lark import Token, Tree

from bildungsbedarf.errors import nearest
from bildungsbedarf.expression.names import COMPARE, date_of, is_ordered, resolved

Labels = Callable[[str], Mapping[str, str]] | None
Refuse = Callable[[str, str], NoReturn]
_SHOWN = 8
"""Values that a message lists."""
_FEW = 20
"""Values of a column up to which it is taken for a closed question."""
_LOOKED_AT = 50
"""Texts looked at to see whether they are dates."""
_ORDERS = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Comparisons that need an order, and what they are with both sides changed."""


def _columns_compared(tree: Tree[Token]) -> Iterator[tuple[object, str, object]]:
    """Pairs of columns held against each other, and how."""
    children = [child for child in tree.children if isinstance(child, Tree)]
    if tree.data == "comparison" and all(child.data == "name" for child in children):
        yield children[0].children[0], str(tree.children[1]), children[1].children[0]
        return
    for child in children:
        yield from _columns_compared(child)


def _compared(tree: Tree[Token]) -> Iterator[tuple[object, str, str | float]]:
    """Columns, how they are compared, and the texts and numbers they are held against."""
    if tree.data in ("comparison", "membership"):
        sides = [child for child in tree.children if isinstance(child, Tree)]
        symbol = next((str(child) for child in tree.children if isinstance(child, Token)), "==")
        if symbol in _ORDERS and sides[0].data != "name":
            symbol = _ORDERS[symbol]
        names = [side.children[0] for side in sides if side.data == "name"]
        values: list[str | float] = [str(side.children[0])[1:-1] for side in sides if side.data == "string"]
        values += [float(str(side.children[0])) for side in sides if side.data == "number"]
        yield from ((name, symbol, value) for name in names for value in values)
        return
    for child in tree.children:
        if isinstance(child, Tree):
            yield from _compared(child)


class _Held(NamedTuple):
    """A column held against a text or number, and how."""

    name: str
    column: pd.Series
    symbol: str
    value: str | float

    @property
    def is_order(self) -> bool:
        return self.symbol in _ORDERS


def check(tree: Tree[Token], table: pd.DataFrame, labels: Labels, refuse: Refuse) -> None:
    """Hand what is wrong, and what is expected in its place, to ``refuse``."""
    for token, symbol, value in _compared(tree):
        name = resolved(token, table.columns)
        if name in table.columns:
            held = _Held(name, table[name], symbol, value)
            if value != "":
                _check_of(held.column)(held, labels, refuse)
            elif held.is_order:
                refuse("'' is no answer: nothing is more or less", f"{name} == '' or {name} != ''")
    for one, symbol, other in _columns_compared(tree):
        left, right = (resolved(token, table.columns) for token in (one, other))
        if {left, right} <= set(table.columns):
            _check_pair(table[left], table[right], symbol, refuse)


def _check_of(column: pd.Series) -> Callable[[_Held, Labels, Refuse], None]:
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return _check_category
    if pd.api.types.is_bool_dtype(kind):
        return _check_box
    if pd.api.types.is_datetime64_any_dtype(kind):
        return _check_date
    return _check_number if pd.api.types.is_numeric_dtype(kind) else _check_text


def _check_box(held: _Held, labels: Labels, refuse: Refuse) -> None:
    expected = f"{held.name} == 1 where it is ticked or true, {held.name} == 0 where not"
    if held.value not in (0, 1, "0", "1"):
        refuse(f"{held.name} is a box or a condition", expected)
    if (held.symbol, float(held.value)) in ((">", 1.0), ("<", 0.0), (">=", 0.0), ("<=", 1.0)):
        refuse(f"{held.name} is a box or a condition: this holds for everybody or nobody", expected)


def _check_date(held: _Held, labels: Labels, refuse: Refuse) -> None:
    if not isinstance(held.value, str) or date_of(held.value) is None:
        refuse(f"{held.name} is a date", f"{held.name} {held.symbol} '2026-02-03'")


def _check_number(held: _Held, labels: Labels, refuse: Refuse) -> None:
    number = pd.to_numeric(held.value, errors="coerce")
    if pd.isna(number):
        refuse(f"{held.name} is a number", f"a number in place of {held.value!r}")
    codes = [float(code) for code in labels(held.name)] if labels is not None else []
    if not codes or held.symbol == "!=":
        return
    compare = COMPARE[held.symbol]
    if not any(compare(code, float(number)) for code in {*codes, *held.column.dropna().astype(float)}):
        shown = ", ".join(f"{code:g}" for code in sorted(codes)[:_SHOWN])
        refuse(
            f"nobody can have {held.symbol} {number:g} in {held.name}".replace("have == ", "have "),
            f"one of {shown}; is_empty({held.name}) where there is no answer",
        )


def _check_text(held: _Held, labels: Labels, refuse: Refuse) -> None:
    """A text's own values are not listed: they may be what people wrote."""
    name, column, value = held.name, held.column.dropna().astype("str"), held.value
    if isinstance(value, float):
        if pd.to_numeric(column, errors="coerce").isna().all():
            refuse(f"{name} is a text", f"{name} == '…'")
        return
    there = column.drop_duplicates()
    are_dates = len(there) > 0 and all(date_of(one) is not None for one in there.head(_LOOKED_AT))
    if held.is_order:
        # dates as ISO 8601 writes them have the order of their letters
        if date_of(value) is None or not are_dates:
            refuse(f"texts of {name} have no order", f"{name} == '…', or {name} in ['…', '…']")
    elif labels is not None and held.symbol != "!=" and 0 < len(there) <= _FEW and value not in set(there):
        refuse(f"nobody has {value!r} in {name}", f"a text as it stands in wave[{name!r}], also in its case")


def _check_category(held: _Held, labels: Labels, refuse: Refuse) -> None:
    name, value = held.name, held.value
    codes = [str(code) for code in held.column.cat.categories]
    numbers = pd.to_numeric(pd.Series(codes, dtype="string"), errors="coerce")
    if not isinstance(value, str):
        if numbers.isna().all() or (not held.is_order and value not in list(numbers)):
            refuse(f"{name} has no code {value:g}", f"one of {', '.join(map(repr, codes[:_SHOWN]))}")
    elif value not in codes:
        called = dict(labels(name)) if labels is not None else {}
        meant = [code for code, label in called.items() if label.casefold() == value.casefold()]
        expected = f"{meant[0]!r} ({called[meant[0]]})" if meant else nearest(value, codes)
        refuse(f"{name} has no code {value!r}", expected)
    elif held.is_order and not held.column.cat.ordered:
        listed = f"{name} in [{', '.join(map(repr, codes))}]"
        refuse(
            f"the categories of {name} have no order",
            f"{name} {held.symbol} {value}" if numbers.notna().all() else listed,
        )


def _check_pair(left: pd.Series, right: pd.Series, symbol: str, refuse: Refuse) -> None:
    """Refuse two columns of different kinds, without a category in common, or without an order where one is needed."""
    named = f"{left.name} and {right.name}"
    kinds = [_check_of(one) for one in (left, right)]
    if kinds[0] is not kinds[1]:
        refuse(f"{named} are of different kinds", "two numbers, two dates, or two questions with the same answers")
    codes = [set(map(str, one.dtype.categories)) for one in (left, right) if isinstance(one.dtype, pd.CategoricalDtype)]
    if len(codes) == len(kinds) and not set.intersection(*codes):
        refuse(f"{named} have no category in common", "two questions with the same answers")
    has_order = kinds[0] in (_check_number, _check_date) or (is_ordered(left) and left.dtype == right.dtype)
    if symbol in _ORDERS and not has_order:
        refuse(f"{named} have no order in common", f"{left.name} == {right.name}")
