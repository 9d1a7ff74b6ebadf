"""Rendered pages; executes no notebook."""

from bildungsbedarf.report.site import build_site

__all__ = ["build_site"]
