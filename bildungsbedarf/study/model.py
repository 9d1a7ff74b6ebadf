"""What all models of a study's files share: frozen, unknown keys refused; texts in the reports' languages."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from bildungsbedarf.displays import Display, Displayed

Language = Literal["de", "en"]
Sampling = Literal["probability", "nonprobability", "census"]
Action = Literal["flag", "exclude"]
Code = Annotated[str, Field(min_length=1)]
Shown = Annotated[str, Field(min_length=1, pattern=r"\S")]
"""A text that people read: not empty, not only blanks."""


class Model(Displayed, BaseModel):
    """Base: frozen, unknown keys refused, every key documented in the JSON Schema."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    # settings that differ must differ in their repr too: what was computed under them is known by it
    __repr__ = BaseModel.__repr__
    # beside it: IPython would take the repr before what is inherited
    _repr_pretty_ = Displayed._repr_pretty_

    def _display(self) -> Display:
        said = self.model_dump(mode="json")
        return Display.of(f"{type(self).__name__}: what the study's files say", said, "")


class Words(Model):
    """A text in the languages of the reports."""

    de: Shown
    en: str = ""

    def get(self, language: str) -> str:
        """The text in ``language``, German where there is none."""
        return getattr(self, language, "") or self.de


def words_from_text(value: Any) -> Any:
    """A plain string stands for the German text alone."""
    return {"de": value} if isinstance(value, str) else value
