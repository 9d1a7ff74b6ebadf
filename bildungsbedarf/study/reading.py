"""Read the files of a study; every problem of a file in one report, with its line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bildungsbedarf.errors import ConfigError, Problem, nearest
from bildungsbedarf.study.config import StudyConfig, WaveConfig
from bildungsbedarf.study.indicators import IndicatorsFile
from bildungsbedarf.study.leitbild import Leitbild
from bildungsbedarf.study.offers import OffersFile
from bildungsbedarf.study.pages import PagesFile
from bildungsbedarf.study.places import Place, line_of
from bildungsbedarf.study.programme import ProgrammeFile
from bildungsbedarf.study.project import Project
from bildungsbedarf.study.quotes import FILE as QUOTES
from bildungsbedarf.study.quotes import Quote, QuotesFile
from bildungsbedarf.study.references import unfitting
from bildungsbedarf.study.releases import FOLDER
from bildungsbedarf.study.themes import FILE as THEMES
from bildungsbedarf.study.themes import ThemesFile
from bildungsbedarf.study.values import in_words

M = TypeVar("M", bound=BaseModel)
_WAVE_NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_-]*$")
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_RESERVED_WAVES = ("all", "site")
UNDECIDED = "???"
ACTORS = "actors.csv"


@dataclass(frozen=True)
class StudyFiles:
    """Everything a person wrote for one study."""

    project: Project
    folder: Path
    config: StudyConfig
    waves: dict[str, WaveConfig]
    leitbild: Leitbild | None
    programme: ProgrammeFile | None = None
    offers: OffersFile | None = None
    pages: PagesFile | None = None
    indicators: IndicatorsFile | None = None
    themes: ThemesFile | None = None
    quotes: QuotesFile | None = None

    @property
    def name(self) -> str:
        """The study's name: its folder's."""
        return self.folder.name

    @property
    def actors(self) -> Path | None:
        """The list of institutions, where there is one."""
        path = self.folder / ACTORS
        return path if path.is_file() else None

    @property
    def needs_of_offers(self) -> str:
        """The audience whose needs offers are held against: offers.toml's, else the first."""
        return (self.offers.needs if self.offers is not None else "") or self.config.first_audience

    def quotes_of(self, wave: str, audience: str) -> list[Quote]:
        """Entries of quotes.toml for a wave and audience, in their order."""
        entries, first = self.quotes.quote if self.quotes is not None else [], self.config.first_audience
        return [one for one in entries if (one.wave, one.audience or first) == (wave, audience)]

    @cached_property
    def undecided(self) -> list[Problem]:
        """Lines marked with ``???``: written by ``new``, and not yet decided by a person."""
        files = [self.folder / "study.toml", *(self.folder / "waves" / f"{name}.toml" for name in self.waves)]
        return [
            Problem(
                "still to decide",
                f"{_shown(path, self.project)}, line {number}",
                line.split(UNDECIDED, 1)[1].strip() or line.partition("=")[0].strip(),
            )
            for path in files
            for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1)
            if UNDECIDED in line and not line.startswith("# Written from")
        ]

    def inputs(self) -> list[Path]:
        """All files under the study's folder, sorted: what a run depends on; not what was released of it."""
        released = self.folder / FOLDER
        return sorted(path for path in self.folder.rglob("*") if path.is_file() and released not in path.parents)


def read_study(project: Project, study: str) -> StudyFiles:
    """Read and check a study's configuration.

    Raises
    ------
    ConfigError
        With every problem of every file at once.
    """
    folder = project.study_folder(study)
    problems: list[Problem] = []
    config = _collect(folder / "study.toml", StudyConfig, project, problems)
    waves: dict[str, WaveConfig] = {}
    for path in sorted((folder / "waves").glob("*.toml")):
        wave = _collect(path, WaveConfig, project, problems)
        if not _WAVE_NAME.match(path.stem) or path.stem in _RESERVED_WAVES:
            problems.append(Problem("unusable wave name", _shown(path, project), path.stem, "letters, digits, - and _"))
        if wave is not None:
            waves[path.stem] = wave

    def optional(name: str, model: type[M]) -> M | None:
        path = folder / name
        return _collect(path, model, project, problems) if path.is_file() else None

    leitbild = optional("leitbild.toml", Leitbild)
    programme = optional("programme.toml", ProgrammeFile)
    offers = optional("offers.toml", OffersFile)
    pages = optional("pages.toml", PagesFile)
    indicators = optional("indicators.toml", IndicatorsFile)
    themes = optional(THEMES, ThemesFile)
    quotes = optional(QUOTES, QuotesFile)
    if config is not None:
        optionals = (leitbild, programme, offers, pages, indicators, themes, quotes)
        files = StudyFiles(project, folder, config, waves, *optionals)
        problems += _across(files)
        if not problems:
            return files
    raise ConfigError(problems)


def _across(files: StudyFiles) -> list[Problem]:
    """What does not fit together, from one file to another."""
    folder, config, project = files.folder, files.config, files.project

    def shown(name: str) -> str:
        return _shown(folder / name, project)

    problems: list[Problem] = []
    if files.pages is not None:
        problems += _pages_problems(files.pages, config, folder, shown("pages.toml"))
    if files.themes is not None:
        problems += _themes_problems(files.themes, config, shown(THEMES))
    if files.offers is not None:
        problems += _offers_problems(files.offers, config, shown("offers.toml"))
    problems += _cross_check(folder, config, files.waves, project)
    return problems + _references(folder / "leitbild.toml", config, files.waves, project)


def _offers_problems(offers: OffersFile, config: StudyConfig, shown: str) -> list[Problem]:
    """Audiences that offers.toml names and study.toml does not have, or has with other data."""
    problems = []
    for key, name, wanted in (("audience", offers.audience, "records"), ("needs", offers.needs, "responses")):
        if not name:
            continue
        if name not in config.audience:
            problems.append(Problem("unknown audience", f"{shown}, {key}", name, nearest(name, config.audience)))
        elif (data := config.audience[name].data) != wanted:
            problems.append(Problem("the audience has data of another kind", f"{shown}, {key}", data, wanted))
    if config.small_area is None:
        problems.append(
            Problem("offers need the district's municipalities", shown, expected="[small_area] in study.toml")
        )
    return problems


def _themes_problems(themes: ThemesFile, config: StudyConfig, shown: str) -> list[Problem]:
    """Audiences that themes.toml names and there are not."""
    return [
        Problem("there is no such audience", f"{shown}, questions", name, nearest(name, config.audience))
        for name in themes.questions
        if name not in config.audience
    ]


def _pages_problems(pages: PagesFile, config: StudyConfig, folder: Path, shown: str) -> list[Problem]:
    """Groups, audiences and pictures that pages.toml names and there are not."""
    first = config.audience[config.first_audience]
    problems = []
    for number, phase in enumerate(pages.life_phase, start=1):
        where = f"{shown}, life_phase {number}"
        variable = first.variables.get(phase.by)
        if variable is None:
            problems.append(Problem("unknown group", where, phase.by, nearest(phase.by, first.variables)))
        elif (known := [*(variable.labels or ()), *(variable.merge or ())]) and phase.category not in known:
            problems.append(Problem("the group has no such category", where, phase.category, ", ".join(known)))
        if phase.audience and phase.audience not in config.audience:
            problems.append(
                Problem("unknown audience", where, phase.audience, nearest(phase.audience, config.audience))
            )
    for logo in [*([pages.logo] if pages.logo else []), *pages.funding]:
        if not (folder / logo.file).is_file():
            problems.append(Problem("the picture is missing", shown, logo.file, f"a file in {folder.name}/"))
    return problems


def _cross_check(folder: Path, config: StudyConfig, waves: dict[str, WaveConfig], project: Project) -> list[Problem]:
    problems = []
    if not waves:
        problems.append(
            Problem("there is no wave", _shown(folder / "waves", project), remedy="write waves/<wave>.toml")
        )
    named = {audience.questionnaire for audience in config.audience.values()}
    for name, wave in waves.items():
        for audience, entry in wave.audience.items():
            named.add(entry.questionnaire)
            if audience not in config.audience:
                where = _shown(folder / "waves" / f"{name}.toml", project)
                problems.append(Problem("unknown audience", where, audience, nearest(audience, config.audience)))
    for questionnaire in sorted(named - {""}):
        if not (folder / questionnaire).is_file():
            where = _shown(folder / "study.toml", project)
            problems.append(Problem("questionnaire file is missing", where, questionnaire, f"a file in {folder.name}/"))
    return problems


def _references(path: Path, config: StudyConfig, waves: Collection[str], project: Project) -> list[Problem]:
    """What does not fit in leitbild.toml, told beside what is no valid value: nothing where it cannot be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text)
    except (OSError, ValueError, RecursionError):
        return []
    shown = _shown(path, project)
    return [
        Problem(found.what, f"{shown}, line {line_of(text, found.place)}", found.value, found.expected)
        for found in unfitting(raw, config, waves)
    ]


def _collect(path: Path, model: type[M], project: Project, problems: list[Problem]) -> M | None:
    try:
        return read_toml(path, model, _shown(path, project))
    except ConfigError as error:
        problems += error.problems
        return None


def read_toml(path: Path, model: type[M], shown: str = "") -> M:
    """Read one TOML file into ``model``.

    Raises
    ------
    ConfigError
        Not there, not UTF-8, not TOML, or not what the model expects: all problems at once.
    """
    shown = shown or path.name
    try:
        text = path.read_bytes().decode("utf-8-sig")
        raw = tomllib.loads(text)
        problems = [
            Problem(
                "a text has a character that cannot be shown or printed",
                f"{shown}, line {line_of(text, place)}",
                value,
                "letters, signs, blanks, line breaks",
            )
            for place, value in _unusable(raw, ())
        ]
        try:
            found = model.model_validate(raw)
        except ValidationError as error:
            problems += [_problem(entry, model, text, shown) for entry in error.errors()]
        if problems:
            raise ConfigError(problems)
        return found
    except FileNotFoundError:
        raise ConfigError("file is missing", where=shown) from None
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"not UTF-8 (byte {error.start})", where=shown, remedy="save the file with the encoding UTF-8"
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", where=shown) from None
    except (RecursionError, ValueError) as error:
        # tables within tables without end, a number of thousands of digits
        raise ConfigError(f"not readable as TOML ({type(error).__name__})", where=shown) from None


def _unusable(value: Any, place: Place) -> Iterator[tuple[Place, str]]:
    """Texts with control characters, marks that turn the direction of writing, or characters that are none."""
    if isinstance(value, str):
        if _UNUSABLE.search(value):
            yield place, value.encode("unicode_escape").decode("ascii")
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from _unusable(entry, (*place, name))
    elif isinstance(value, list):
        for number, entry in enumerate(value):
            yield from _unusable(entry, (*place, number))


def _problem(entry: Any, model: type[BaseModel], text: str, shown: str) -> Problem:
    location: tuple[str | int, ...] = entry["loc"]
    line = line_of(text, location)
    where = f"{shown}, line {line}" if line else shown
    name = ".".join(str(part) for part in location)
    if entry["type"] == "extra_forbidden":
        known = _known_keys(model, location[:-1])
        return Problem(f"unknown key {name!r}", where, entry["input"], nearest(str(location[-1]), known))
    what, expected = in_words(entry)
    value = None if isinstance(entry["input"], dict) or entry["type"] == "missing" else entry["input"]
    if what and name:
        return Problem(f"{name!r} {what}", where, value, expected)
    return Problem(f"{name}: {entry['msg'].removeprefix('Value error, ')}" if name else entry["msg"], where, value)


def _known_keys(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    """Keys allowed at ``location``: walks the models, through lists and tables of models."""
    current: type[BaseModel] | None = model
    parts = iter(location)
    for part in parts:
        fields = {} if current is None else {f.alias or name: f for name, f in current.model_fields.items()}
        annotation = fields[str(part)].annotation if str(part) in fields else None
        current = _model_in(annotation)
        if get_origin(annotation) in (dict, list, tuple):
            # The next part is a name or number inside the table or list, not a key of a model.
            next(parts, None)
    return [] if current is None else [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in get_args(annotation):
        found = _model_in(argument)
        if found is not None:
            return found
    return None


def _shown(path: Path, project: Project) -> str:
    """A path as a person sees it: relative to the project."""
    return path.relative_to(project.root).as_posix() if path.is_relative_to(project.root) else path.name
