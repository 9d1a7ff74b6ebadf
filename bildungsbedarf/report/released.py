"""Which releases hold, and what that is called on pages and documents."""

from __future__ import annotations

from bildungsbedarf.language import day, translate
from bildungsbedarf.run.releasing import statements_of
from bildungsbedarf.study.releases import Release, changes, read_releases
from bildungsbedarf.wave import Study

Released = dict[str, Release | None]
"""By wave the release that holds: none where it was never released, or says something else now."""


def releases_of(study: Study) -> Released:
    """The release that holds for each wave."""
    found: Released = {}
    for name in study.files.waves:
        last = read_releases(study.files.folder, name).last
        holds = last is not None and not changes(last.statements, statements_of(study, name))
        found[name] = last if holds else None
    return found


def state_words(study: Study, release: Release | None) -> str:
    """``Draft, not released yet``, or by whom and when."""
    language = study.language
    if release is None:
        return translate("Draft, not released yet", language)
    return translate("Released {day} by {name}", language, day=day(release.on, language), name=release.by)
