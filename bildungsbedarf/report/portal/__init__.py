"""The feed for an education portal: static files with schemas, an OpenAPI document, and a page to embed."""

from bildungsbedarf.report.portal.feed import feed

__all__ = ["feed"]
