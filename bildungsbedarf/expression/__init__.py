"""The small grammar of conditions: parsed, checked against the columns they speak of, evaluated."""

from __future__ import annotations

from bildungsbedarf.expression.grammar import COMPARE, Expression, holds

__all__ = ["COMPARE", "Expression", "holds"]
