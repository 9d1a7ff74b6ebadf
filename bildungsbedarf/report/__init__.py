"""Pages, documents and open data; executes no notebook."""

from bildungsbedarf.report.publishing import publish
from bildungsbedarf.report.site import build_site

__all__ = ["build_site", "publish"]
