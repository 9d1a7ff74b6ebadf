"""Conditions in LimeSurvey's expression language: parsed by a grammar, evaluated over columns, never run as code.

The common part: comparisons, arithmetic, and/or/not, ``.NAOK``, and the functions of ``functions``. What lies
beyond (``self``, ``that``, attributes of participants, other functions) is named, never guessed.

As LimeSurvey: an empty answer is the text ``''``; two values compare as numbers where both are, else as
texts; nothing is less or greater than an empty one; a name without ``.NAOK`` that was not shown makes the
whole condition false.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd
from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError, VisitError

from bildungsbedarf.codebook.routing.functions import FUNCTIONS, Value, as_numbers, as_texts, compare, truth
from bildungsbedarf.errors import ConfigError

_GRAMMAR = r"""
?start: disjunction
?disjunction: conjunction | disjunction _OR conjunction
?conjunction: equality | conjunction _AND equality
?equality: relation | equality EQUAL relation -> comparison
?relation: sum | relation ORDER sum -> comparison
?sum: product | sum SIGN product -> arithmetic
?product: unary | product FACTOR unary -> arithmetic
?unary: atom | _NOT unary -> negation | SIGN unary -> signed
?atom: NUMBER -> number | STRING -> string | call | name | "(" disjunction ")"
call: WORD "(" [disjunction ("," disjunction)*] ")"
name: FIELD | WORD
_OR.3: "||" | /or(?![A-Za-z0-9_])/i
_AND.3: "&&" | /and(?![A-Za-z0-9_])/i
_NOT.3: /!(?!=)/ | /not(?![A-Za-z0-9_])/i
EQUAL.3: "==" | "!=" | /=(?!=)/ | /(eq|ne)(?![A-Za-z0-9_])/i
ORDER.3: "<=" | ">=" | "<" | ">" | /(lt|le|gt|ge)(?![A-Za-z0-9_])/i
SIGN: "+" | "-"
FACTOR: "*" | "/"
FIELD.2: /(INSERTANS:)?\d+X\d+X\d+[A-Za-z0-9_#]*(\.[A-Za-z]+)?/
WORD: /[A-Za-z_][A-Za-z0-9_]*(:[A-Za-z0-9_]+)?(\.[A-Za-z_]+)?/
NUMBER: /\d+(\.\d+)?/
STRING: /'[^']*'/ | /"[^"]*"/
%ignore /\s+/
"""
_LONGEST = 5_000
_SYMBOLS = {"eq": "==", "=": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}
_REFUSED = ("self", "that")
_IGNORED_SUFFIXES = ("NAOK", "value", "code", "valueNAOK")


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", maybe_placeholders=False)


class Routing:
    """A parsed condition.

    Raises
    ------
    ConfigError
        It is not in the grammar, calls an unknown function, or speaks of ``self`` or ``that``.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        bare = text.strip()
        if bare.startswith("{") and bare.endswith("}"):
            bare = bare[1:-1]
        if len(bare) > _LONGEST:
            raise ConfigError(f"condition longer than {_LONGEST} characters", value=text)
        try:
            self._tree = _parser().parse(bare)
        except (LarkError, RecursionError):
            raise ConfigError("condition cannot be read", value=text) from None
        tokens = list(
            self._tree.scan_values(lambda token: isinstance(token, Token) and token.type in ("WORD", "FIELD"))
        )
        for call in self._tree.find_data("call"):
            function = str(call.children[0])
            if function not in FUNCTIONS:
                raise ConfigError("condition calls a function that is not known here", value=function)
        calls = {id(call.children[0]) for call in self._tree.find_data("call")}
        names = [str(token) for token in tokens if id(token) not in calls]
        self.names = tuple(dict.fromkeys(_plain(name) for name in names))
        self.strict = tuple(dict.fromkeys(_plain(name) for name in names if not name.endswith("NAOK")))
        for name in self.names:
            if name.split("_")[0].split(".")[0] in _REFUSED:
                raise ConfigError(f"'{name}' depends on the page it is shown on and is not evaluated", value=text)
            if "." in name:
                raise ConfigError("condition asks for something else than an answer", value=name)

    def evaluate(self, answers: pd.DataFrame, columns: Mapping[str, str], shown: Mapping[str, pd.Series]) -> pd.Series:
        """Whether it holds, by row.

        Parameters
        ----------
        answers
            Text, ``""`` for nothing, under our names.
        columns
            The expression language's names → ours.
        shown
            By our names, boolean; ``<NA>`` where that is not known.

        Raises
        ------
        ConfigError
            An unknown name, or arguments a function does not take.
        """
        for name in self.names:
            if columns.get(name) not in answers.columns:
                raise ConfigError("condition names something that was not asked", value=name)
        values = {name: answers[columns[name]] for name in self.names}
        try:
            found = _Evaluation(values, answers.index).transform(self._tree)
        except VisitError as error:
            raise ConfigError(f"condition has no value: {error.orig_exc}", value=self.text) from None
        result = pd.Series(truth(found, answers.index), index=answers.index, dtype="boolean")
        for name in self.strict:
            result = result & shown.get(columns[name], pd.Series(True, index=answers.index, dtype="boolean"))
        return result


def _plain(name: str) -> str:
    bare = name.removeprefix("INSERTANS:")
    head, _, suffix = bare.partition(".")
    return head if suffix in _IGNORED_SUFFIXES else bare


@v_args(inline=True)
class _Evaluation(Transformer[Token, Value]):
    """The value of each node from those below."""

    def __init__(self, values: Mapping[str, pd.Series], index: pd.Index) -> None:
        super().__init__()
        self.values = values
        self.index = index

    def number(self, token: Token) -> Value:
        return pd.Series(float(token), index=self.index)

    def string(self, token: Token) -> Value:
        return pd.Series(str(token)[1:-1], index=self.index, dtype="object")

    def name(self, token: Token) -> Value:
        return self.values[_plain(str(token))].astype("object")

    def disjunction(self, left: Value, right: Value) -> Value:
        return truth(left, self.index) | truth(right, self.index)

    def conjunction(self, left: Value, right: Value) -> Value:
        return truth(left, self.index) & truth(right, self.index)

    def negation(self, inner: Value) -> Value:
        return ~truth(inner, self.index)

    def comparison(self, left: Value, symbol: Token, right: Value) -> Value:
        return compare(left, _SYMBOLS.get(str(symbol).lower(), str(symbol)), right)

    def signed(self, sign: Token, inner: Value) -> Value:
        return -as_numbers(inner) if sign == "-" else as_numbers(inner)

    def arithmetic(self, left: Value, symbol: Token, right: Value) -> Value:
        one, two = as_numbers(left), as_numbers(right)
        if symbol == "+":
            # as LimeSurvey: texts are joined, numbers added
            return (one + two).astype("object").where(one.notna() & two.notna(), as_texts(left) + as_texts(right))
        if symbol == "-":
            return one - two
        return one * two if symbol == "*" else (one / two.mask(two == 0))

    def call(self, function: Token, *arguments: Value) -> Value:
        least, most, work = FUNCTIONS[str(function)]
        if not least <= len(arguments) <= most:
            raise ValueError(f"{function} takes {least} to {most} arguments")
        return work(*arguments)
