"""All words of the reports, one catalogue a language."""

from bildungsbedarf.language.catalogue import LANGUAGES, day, is_translated, number, percent, points, signed, translate

__all__ = ["LANGUAGES", "day", "is_translated", "number", "percent", "points", "signed", "translate"]
