"""A condition in words: columns by their titles, codes by their labels."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

from lark import Token, Tree

from bildungsbedarf.expression.names import resolved


class Speaker(Protocol):
    """Who has the words: of columns, of their values, and of the sentences around them."""

    @property
    def columns(self) -> Container[str]:
        """Those there are."""

    def title(self, column: str) -> str:
        """What a column is called."""

    def label(self, column: str, text: str) -> str:
        """What a category of a column is called; nothing of any other value."""

    def plain(self, text: str) -> str:
        """A value without a label as the reader's language writes it."""

    def say(self, text: str, **named: str) -> str:
        """One of the texts below in the reader's language."""


_SIGNS = {"==": "=", "!=": "≠", "<=": "≤", ">=": "≥", "<": "<", ">": ">"}
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def in_words(tree: Tree[Token], speaker: Speaker) -> str:
    """A parsed condition in the words of somebody who knows the columns."""
    return _Teller(speaker).tell(tree)


@dataclass(frozen=True)
class _Teller:
    """Walks a condition's tree once; one method a kind of node."""

    speaker: Speaker

    def tell(self, node: Tree[Token]) -> str:
        """The node in words."""
        return str(getattr(self, str(node.data))(node.children))

    def disjunction(self, children: list[Tree[Token]]) -> str:
        return self._joined("{one} or {other}", [self.tell(child) for child in children])

    def conjunction(self, children: list[Tree[Token]]) -> str:
        # "and" binds more closely than "or": only here brackets are needed
        parts = [f"({self.tell(one)})" if one.data == "disjunction" else self.tell(one) for one in children]
        return self._joined("{one} and {other}", parts)

    def negation(self, children: list[Tree[Token]]) -> str:
        return self.speaker.say("not ({condition})", condition=self.tell(children[0]))

    def comparison(self, children: list[Tree[Token]]) -> str:
        left, sign, right = children[0], str(children[1]), children[2]
        if right.data == "name" and left.data != "name":
            left, right, sign = right, left, _TURNED.get(sign, sign)
        if left.data != "name" or right.data == "name":
            return f"{self.tell(left)} {_SIGNS[sign]} {self.tell(right)}"
        column, value = self._column(left), self.tell(right)
        title = self.speaker.title(column)
        if value == "" and sign in ("==", "!="):
            return self.speaker.say("{title}: no answer" if sign == "==" else "{title}: answered", title=title)
        if sign in ("==", "!="):
            text = "{title}: {value}" if sign == "==" else "{title}: not {value}"
            return self.speaker.say(text, title=title, value=self._value(column, value))
        plain, label = self.speaker.plain(value), self.speaker.label(column, value)
        # more or less than a step needs its number, its words alone have no order
        return f"{title} {_SIGNS[sign]} {plain}" + (f" ({label})" if label not in ("", value) else "")

    def membership(self, children: list[Tree[Token]]) -> str:
        if children[0].data != "name":
            return f"{self.tell(children[0])} in [{', '.join(map(self.tell, children[1:]))}]"
        column = self._column(children[0])
        *values, last = (self._value(column, self.tell(child)) for child in children[1:])
        listed = [self._joined("{one}, {other}", values), last] if values else [last]
        told = self._joined("{one} or {other}", listed)
        return self.speaker.say("{title}: {value}", title=self.speaker.title(column), value=told)

    def is_empty(self, children: list[Tree[Token]]) -> str:
        return self.speaker.say("{title}: no answer", title=self.tell(children[0]))

    def name(self, children: list[Token]) -> str:
        return self.speaker.title(resolved(children[0], self.speaker.columns))

    def number(self, children: list[Token]) -> str:
        return str(children[0])

    def string(self, children: list[Token]) -> str:
        return str(children[0])[1:-1]

    def _value(self, column: str, text: str) -> str:
        return self.speaker.label(column, text) or self.speaker.plain(text)

    def _column(self, node: Tree[Token]) -> str:
        return resolved(node.children[0], self.speaker.columns)

    def _joined(self, text: str, parts: list[str]) -> str:
        return reduce(lambda one, other: self.speaker.say(text, one=one, other=other), parts)
