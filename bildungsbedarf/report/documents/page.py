"""A document as one page of HTML that stands alone; drawings are told in words there."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bildungsbedarf.report.documents.model import Document, plain


def to_html(document: Document) -> bytes:
    """The document as HTML with the site's look; everything in it is escaped."""
    css = files("bildungsbedarf.report").joinpath("templates", "site.css").read_text(encoding="utf-8")
    environment = Environment(
        loader=PackageLoader("bildungsbedarf.report", "documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    parts = [plain(part) for part in document.parts]
    told = environment.get_template("document.html").render(
        document=document,
        parts=parts,
        css=Markup(css),  # noqa: S704 - our own file
    )
    return f"{told}\n".encode()
