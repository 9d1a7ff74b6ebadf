"""What every document of a study has around its parts: title, state, who was asked, the day of the newest data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bildungsbedarf.language import translate
from bildungsbedarf.report.documents.model import Document, Part
from bildungsbedarf.report.released import releases_of, state_words
from bildungsbedarf.show.tables.notes import EXAMPLE
from bildungsbedarf.wave import Study


def framed(study: Study, title: str, parts: Sequence[Part], *, contents: bool = True, wave: str = "") -> Document:
    """A document of the study: ``title`` is a text of the catalogue; ``wave`` where it is of one wave only."""
    language = study.language
    config = study.files.config.study
    about = [translate(EXAMPLE, language)] if config.example else []
    about.append(f"{translate('Questions about this report', language)}: {config.contact}")
    released = releases_of(study)
    held = [released[wave]] if wave else list(released.values())
    last = None if None in held or not held else max((one for one in held if one), key=lambda one: one.on)
    return Document(
        title=translate(title, language),
        subtitle=config.title.get(language),
        language=language,
        state=state_words(study, last),
        about=about,
        day=last_day(study, wave),
        parts=parts,
        contents=contents,
    )


def last_day(study: Study, wave: str = "") -> date:
    """The last day of field work of the newest wave (or of this one); the first of 2000 where no file has any."""
    waves = [study.files.waves[wave]] if wave else list(study.files.waves.values())
    ends = [entry.field.end for config in waves for entry in config.audience.values() if entry.field is not None]
    return max(ends, default=date(2000, 1, 1))
