"""What a notebook may display: blocks of finished HTML that carry their own data.

A page is built from these blocks alone; ``run`` refuses any other output of a published notebook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from bildungsbedarf.errors import DisclosureError
from bildungsbedarf.sealing import is_made_by_library, is_sealing, sealed
from bildungsbedarf.show.saving import Content, Size, save

MIME = "application/vnd.bildungsbedarf.block+json"


@dataclass(frozen=True)
class Block:
    """One display: ``html`` for readers, ``text`` for terminals, ``payload`` (JSON values) for the register."""

    kind: str
    html: str
    text: str
    payload: dict[str, Any] = field(default_factory=dict)
    figure: Any = field(default=None, compare=False, repr=False)
    """The drawing, where there is one: for a paper's own layout."""
    data: Any = field(default=None, compare=False, repr=False)
    """The released frame it shows."""
    content: Content | None = field(default=None, compare=False, repr=False)
    """Its table as text."""
    notes: Sequence[str] = field(default=(), compare=False, repr=False)
    """What stands beneath a drawing."""

    def __post_init__(self) -> None:
        if is_sealing() and not is_made_by_library(__name__):
            raise DisclosureError(
                "a published notebook makes no blocks of its own: nothing would have passed the gate",
                value=self.kind,
                expected="show.table(disclosure.release(frame), …), or another function of bb.show",
            )

    def __repr__(self) -> str:
        return self.text

    def save(self, path: str | Path, size: Size = "as drawn", *, caption: bool = True) -> Path:
        """As ``show.save``: Word, Excel, LaTeX, Markdown, HTML, CSV; a figure as SVG, PNG or PDF too.

        Parameters
        ----------
        path
            Its ending says what is written.
        size
            Of a figure: ``journal``, ``slide`` or as it was drawn.
        caption
            Whether a figure's title, notes and source stand on its drawing.

        Returns
        -------
        pathlib.Path
            Where it lies.

        Examples
        --------
        >>> import tempfile
        >>> block = show.dot_plot(disclosure.release(needs.unmet(wave)), wave)
        >>> block.save(tempfile.mkdtemp() + "/bedarf.svg", "journal").suffix
        '.svg'
        """
        return save(self, path, size, caption=caption)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        told = sealed({"kind": self.kind, **self.payload}, self.html, self.text)
        return {"text/html": self.html, "text/plain": self.text, MIME: told}


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Templates of this room; everything is escaped."""
    return Environment(
        loader=PackageLoader("bildungsbedarf.show"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: Any) -> str:
    """A template of this room as HTML."""
    return environment().get_template(template).render(**values).strip() + "\n"
