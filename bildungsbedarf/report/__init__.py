"""Rendered pages; executes no notebook."""

from bildungsbedarf.report.site import build_site
from bildungsbedarf.report.volume import write_volumes

__all__ = ["build_site", "write_volumes"]
