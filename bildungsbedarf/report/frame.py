"""What every page has around its content: head, doors, foot, words, and the look."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from bildungsbedarf.language import translate
from bildungsbedarf.report.released import Released, state_words
from bildungsbedarf.report.subjects.parts import Link
from bildungsbedarf.run.steps import ALL
from bildungsbedarf.show.tables.notes import EXAMPLE
from bildungsbedarf.study.model import Language
from bildungsbedarf.study.pages import Logo, PagesFile
from bildungsbedarf.study.releases import Release
from bildungsbedarf.wave import Study

_MARGINS = {
    True: "Statements look at margins of uncertainty; numbers of small groups are not shown.",
    False: "Numbers of small groups are not shown.",
}
"""By whether any audience's sampling carries intervals."""
_UNDECIDED = "Not yet decided how people were reached and whom they stand for: not for publication."
_FACE = (
    '@font-face {{ font-family: "Source Sans 3"; font-weight: 200 900; font-display: block; '
    'src: url("data:font/woff2;base64,{}") format("woff2"); }}\n'
)
_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


class Words:
    """``words["Draft"]`` in a template is the word in the report's language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def __getitem__(self, text: str) -> str:
        return translate(text, self.language)


@dataclass(frozen=True)
class Frame:
    """The frame of a study's pages. ``doors`` lead from the head, ``more`` from the foot."""

    study: Study
    released: Released
    doors: Sequence[Link]
    more: Sequence[Link]

    def of(self, path: str, door: str = "") -> dict[str, Any]:
        """What the templates need for one page; ``door`` is the one it lies behind."""
        release = self._release_of(path)
        language = self.study.language
        root = "../" * path.count("/")
        config = self.study.files.config.study
        return {
            "language": language,
            "study_title": config.title.get(language),
            "contact": config.contact,
            "example": translate(EXAMPLE, language) if config.example else "",
            "state": state_words(self.study, release),
            "is_draft": release is None,
            "undecided": translate(_UNDECIDED, language) if self.study.files.undecided else "",
            "root": root,
            "home": f"{root}index.html",
            "css": Markup(css() + self._colours),  # noqa: S704 - our own file, and a colour checked as one
            "words": Words(language),
            "doors": [
                {"title": link.title, "href": root + link.href, "current": link.href == (door or path)}
                for link in self.doors
            ],
            "more": [{"title": link.title, "href": root + link.href} for link in self.more],
            "logo": self._logo,
            "funding": self._funding,
            "generated": translate(_MARGINS[self._carries_inference], language),
            "script": "",
            "script_hash": "",
            "address": self._pages.address,
            "path": path,
            "description": "",
            "card": None,
        }

    @property
    def _carries_inference(self) -> bool:
        return any(audience.sampling != "nonprobability" for audience in self.study.files.config.audience.values())

    @property
    def _pages(self) -> PagesFile:
        return self.study.files.pages or PagesFile()

    @property
    def _colours(self) -> str:
        """The district's colour by day; by night the house's, whose contrast is known."""
        accent = self._pages.accent
        if not accent:
            return ""
        return f"@media (prefers-color-scheme: light) {{ :root {{ --accent: {accent}; --top: {accent}; }} }}\n"

    @cached_property
    def _logo(self) -> dict[str, str] | None:
        return None if self._pages.logo is None else self._picture(self._pages.logo)

    @cached_property
    def _funding(self) -> list[dict[str, str]]:
        return [self._picture(logo) for logo in self._pages.funding]

    def _picture(self, logo: Logo) -> dict[str, str]:
        """In the page itself: nothing is requested."""
        content = (self.study.files.folder / logo.file).read_bytes()
        kind = _TYPES[logo.file.rpartition(".")[2]]
        source = f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"
        return {"source": source, "text": logo.text.get(self.study.language)}

    def _release_of(self, path: str) -> Release | None:
        """The release that holds for a page; for one of several waves the last, where all are released."""
        folder = path.split("/")[0]
        own = [self.released[folder]] if folder in self.released else list(self.released.values())
        held = [release for release in own if release is not None]
        return max(held, key=lambda release: release.on) if len(held) == len(own) else None


def folder_title(study: Study, folder: str) -> str:
    """What a folder of results is called: a wave, an audience in it, or all waves."""
    language = study.language
    if folder == ALL:
        return translate("All waves", language)
    name, _, audience = folder.partition("/")
    if audience:
        return f"{study.files.config.audience[audience].called(audience, language)} ({name})"
    own = study.files.waves[name].title
    return own.get(language) if own else translate("Wave {wave}", language, wave=name)


def inline_script(name: str) -> dict[str, Any]:
    """A script of ours for a page, and its hash, which the page's own policy names: no other one runs there."""
    text = files(__package__).joinpath("templates", name).read_text(encoding="utf-8").strip()
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")
    return {"script": Markup(text), "script_hash": f"sha256-{digest}"}  # noqa: S704 - our own file


@lru_cache(maxsize=1)
def css() -> str:
    """The look of all pages, with their font in it: a page asks for nothing beside itself, also from a stick."""
    text = files(__package__).joinpath("templates", "site.css").read_text(encoding="utf-8")
    font = files(__package__).joinpath("fonts", "source-sans-3.woff2").read_bytes()
    face = _FACE.format(base64.b64encode(font).decode("ascii"))
    told = re.sub(r"/\*.*?\*/\n?", "", text, flags=re.DOTALL)
    # blanks around these signs mean nothing to a browser, and would be in every page
    return face + re.sub(r"\s*([{};])\s*", r"\1", told)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Templates of this room; everything is escaped."""
    return Environment(
        loader=PackageLoader("bildungsbedarf.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
