"""The small grammar of conditions: parsed, checked against the columns they speak of, evaluated."""

from __future__ import annotations

from bildungsbedarf.expression.grammar import Expression, holds
from bildungsbedarf.expression.names import COMPARE, is_ordered

__all__ = ["COMPARE", "Expression", "holds", "is_ordered"]
