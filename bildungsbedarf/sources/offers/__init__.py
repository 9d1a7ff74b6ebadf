"""Offers in the formats that providers and portals have: tables, JSON-LD, calendars, course lists."""

from __future__ import annotations

from bildungsbedarf.sources.offers.files import SOURCE, OfferFiles

__all__ = ["SOURCE", "OfferFiles"]
