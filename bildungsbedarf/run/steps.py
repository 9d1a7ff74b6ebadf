"""Which notebooks run with which parameters, and where their results go.

A notebook says itself what it needs, in its metadata: ``{"bildungsbedarf": {"scope": "wave" |
"study", "requires": "responses" | "needs" | "ballot" | "offers" | "register" …}}`` (``Requires``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.store import RESPONSES
from bildungsbedarf.study.laying import shipped_notebooks
from bildungsbedarf.wave import Study, Wave

ALL = "all"
METADATA = "bildungsbedarf"


Requires = Literal[
    "responses",
    "needs",
    "barriers",
    "groups",
    "compared",
    "scales",
    "areas",
    "ballot",
    "beside",
    "register",
    "offers",
    "supply",
    "indicators",
    "themes",
]
"""``needs``: a battery; ``barriers``: one with a question about barriers; ``groups``: one whose sampling carries
comparisons; ``compared``: groups and such a sampling, with a battery or without; ``scales``: scales of study.toml;
``areas``: a battery and ``[small_area]``; ``offers``: the audience of offers.toml; ``supply``: it, and in the same wave
an audience with ``areas`` and barriers; ``beside``: a ballot, and in the same wave a battery or a list of actors for it
to stand beside; ``indicators``: indicators.toml; ``themes``: themes.toml names open questions
of the audience."""


class Needs(BaseModel):
    """What a notebook needs; ``register`` notebooks run after all others."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scope: Literal["wave", "study"]
    requires: Requires
    language: Literal["de", "en"] = "de"
    """Language its text cells are written in; the other one stands in the cells' metadata."""


@dataclass(frozen=True)
class Step:
    """One notebook with its parameters. ``folder`` is relative to ``results/<study>``."""

    notebook: Path
    parameters: dict[str, str]
    folder: str
    waves: tuple[str, ...]
    needs: Needs

    @property
    def name(self) -> str:
        """The notebook's name."""
        return self.notebook.stem

    @property
    def made(self) -> str:
        """Path of the executed notebook below ``results/<study>``."""
        return f"{self.folder}/notebooks/{self.notebook.name}"

    def executed(self, results: Path) -> Path:
        """Where the executed notebook lies, below a study's results."""
        return results / self.made

    @property
    def inputs(self) -> tuple[str, ...]:
        """Folders of the project whose files the notebook may open: its study's, and the reference data."""
        study = self.parameters["study"]
        found = (f"surveys/{study}", "data/reference", f"data/waves/{study}")
        return (*found, f"results/{study}") if self.needs.requires == "register" else found

    def waves_read(self) -> list[tuple[str, str]]:
        """Waves and audiences whose data the notebook cannot do without: its own; of a study's as a whole none."""
        return [(self.parameters["wave"], self.parameters["audience"])] if self.needs.scope == "wave" else []

    def waves_told(self, study: Study) -> list[tuple[str, str]]:
        """Waves and audiences whose numbers it may show: its own; of a study's as a whole all."""
        every = [(name, audience) for name in self.waves for audience in study.files.waves[name].audience]
        return self.waves_read() or every

    @property
    def title(self) -> str:
        """For people: ``2026 · 02_bildungsbedarfe``."""
        return f"{self.folder} · {self.name}"


def left_out(study: Study) -> list[tuple[str, str]]:
    """Notebooks that do not apply to a wave and audience, and why: (``2026/schule · 05_gruppen``, reason)."""
    told = {step.title for step in plan(study)}
    found = []
    for path in notebooks_of(study):
        needs = read_needs(path)
        if needs.scope == "study":
            if f"{ALL} · {path.stem}" not in told:
                found.append((f"{ALL} · {path.stem}", _WHY_NOT_STUDY.get(needs.requires, _NOT_COMPARABLE)))
            continue
        titles = {f"{folder_of(wave)} · {path.stem}": wave for wave in study.of_all_audiences}
        found += [(title, _why_not(wave, needs)) for title, wave in titles.items() if title not in told]
    return found


_WHY_NOT_STUDY = {"register": "there is no leitbild.toml", "indicators": "there is no indicators.toml"}
_NOT_COMPARABLE = "there are no two waves that can be compared"
_WHY_NOT = {
    "needs": "the audience has no battery ([[needs]] in study.toml)",
    "barriers": "no battery of the audience has a question about barriers",
    "groups": "there is no battery, or the sampling carries no comparisons",
    "compared": "there are no groups, or the sampling carries no comparisons",
    "areas": "there is no [small_area] in study.toml, or the sampling carries no comparisons",
    "scales": "the audience has no [[scale]] in study.toml",
    "ballot": "the audience has no [[ballot]] in study.toml",
    "beside": "the audience has no [[ballot]] in study.toml, or nothing is there to stand beside it",
    "responses": "the audience answered a ballot, not a questionnaire",
    "register": "there is no leitbild.toml",
    "themes": "themes.toml names no open question of the audience",
    "offers": "there is no offers.toml for the audience",
    "supply": "there is no offers.toml for the audience, or in this wave nobody was asked what is needed",
}
_OF_OFFERS = ("offers", "supply")


def _why_not(wave: Wave, needs: Needs) -> str:
    if not wave.has_answers and needs.requires not in _OF_OFFERS:
        return f"the audience has {wave.config.data}, no responses"
    return _WHY_NOT[needs.requires]


def notebooks_of(study: Study) -> list[Path]:
    """The project's notebooks; those the library brings where the project has none."""
    project = study.files.project
    return sorted(project.notebooks.glob("*.ipynb")) or sorted(shipped_notebooks().glob("*.ipynb"))


def plan(study: Study, *, waves: Sequence[str] = (), audience: str = "", only: str = "") -> list[Step]:
    """All steps of a study in their order, or those of the waves, audience and notebook named.

    Raises
    ------
    ConfigError
        A wave, audience or notebook is unknown, or a notebook does not say what it needs.
    """
    for name in waves:
        # a wave need not have the study's first audience
        if audience or name not in study.files.waves:
            study.wave(name, audience)
    if audience and audience not in study.files.config.audience:
        raise ConfigError(f"there is no audience {audience!r}", expected=nearest(audience, study.files.config.audience))
    notebooks = notebooks_of(study)
    names = [path.stem for path in notebooks]
    if only and only.removesuffix(".ipynb") not in names:
        raise ConfigError(f"there is no notebook {only!r}", where="notebooks/", expected=nearest(only, names))
    steps = [
        step
        for path in notebooks
        if not only or path.stem == only.removesuffix(".ipynb")
        for step in _steps(path, study, waves, audience)
    ]
    return sorted(steps, key=lambda step: step.needs.requires == "register")


def _steps(path: Path, study: Study, waves: Sequence[str], audience: str) -> Iterator[Step]:
    needs = read_needs(path)
    if needs.scope == "study":
        is_partial = bool(waves or audience)
        comparable = [wave for wave in _comparable(study, needs) if _fits(wave, needs)]
        fits = {"register": study.files.leitbild is not None, "indicators": study.files.indicators is not None}
        if fits.get(needs.requires, len(comparable) > 1 and not is_partial):
            yield Step(path, {"study": study.name}, ALL, tuple(study.files.waves), needs)
        return
    for name, config in study.files.waves.items():
        for other in config.audience:
            wave = study.wave(name, other)
            if (not waves or name in waves) and (not audience or other == audience) and _fits(wave, needs):
                parameters = {"study": study.name, "wave": name, "audience": other}
                yield Step(path, parameters, folder_of(wave), (name,), needs)


def _comparable(study: Study, needs: Needs) -> Sequence[Wave]:
    """Waves a notebook over several may compare: ballots with each other, else those of the first audience."""
    return study.of_all_audiences if needs.requires == "ballot" else study.waves


def folder_of(wave: Wave) -> str:
    """``<wave>`` for the first audience, ``<wave>/<audience>`` for others."""
    is_first = wave.audience == wave.files.config.first_audience
    return wave.name if is_first else f"{wave.name}/{wave.audience}"


def _fits(wave: Wave, needs: Needs) -> bool:
    """Whether the wave's audience has what the notebook needs."""
    config = wave.files.config
    if not wave.has_answers or needs.requires in _OF_OFFERS:
        return needs.requires in _OF_OFFERS and _fits_offers(wave, needs)
    with_needs = {entry.audience or config.first_audience for entry in config.needs}
    with_ballot = {entry.audience for entry in config.ballot}
    with_barriers = {entry.audience or config.first_audience for entry in config.needs if entry.barriers}
    compares = wave.audience in with_needs and wave.allows_inference
    fits: dict[str, bool] = {
        "needs": wave.audience in with_needs,
        "groups": compares,
        "compared": wave.allows_inference and bool(wave.groups) and wave.audience not in with_ballot,
        "areas": compares and config.small_area is not None,
        "scales": bool(wave.scales),
        "themes": wave.files.themes is not None and bool(wave.files.themes.questions.get(wave.audience)),
    }
    if needs.requires in fits:
        return fits[needs.requires]
    if needs.requires == "barriers":
        return wave.audience in with_barriers
    if needs.requires in ("ballot", "beside"):
        asked = with_needs & set(wave.files.waves[wave.name].audience)
        is_beside = bool(asked) or wave.files.actors is not None
        return wave.audience in with_ballot and (needs.requires == "ballot" or is_beside)
    return wave.config.data == RESPONSES and wave.audience not in with_ballot


def _fits_offers(wave: Wave, needs: Needs) -> bool:
    """Whether the audience's data are offers, and, where they are held against needs, somebody was asked."""
    files = wave.files
    if files.offers is None or files.offers.audience != wave.audience:
        return False
    if needs.requires == "offers":
        return True
    if files.needs_of_offers not in files.waves[wave.name].audience:
        return False
    asked = Wave(files, wave.name, files.needs_of_offers)
    return all(_fits(asked, needs.model_copy(update={"requires": what})) for what in ("areas", "barriers"))


def read_needs(path: Path) -> Needs:
    """What a notebook says it needs.

    Raises
    ------
    ConfigError
        It is no notebook, or does not say.
    """
    if "." in path.stem:
        raise ConfigError("name of a notebook has a dot", where=f"notebooks/{path.name}", remedy="rename it")
    try:
        content: dict[str, Any] = json.loads(path.read_bytes())
        for cell in content["cells"]:
            cell["cell_type"], cell["source"]
        return Needs.model_validate(content["metadata"][METADATA])
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise ConfigError(
            "notebook does not say what it needs",
            where=f"notebooks/{path.name}, metadata.{METADATA}",
            value=str(error).splitlines()[0],
            expected='{"scope": "wave", "requires": "needs"}, for example',
        ) from None
