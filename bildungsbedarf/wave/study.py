"""``Study``: the configuration of a study and its waves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pandas as pd

from bildungsbedarf.calls import with_words
from bildungsbedarf.codebook import compare_books
from bildungsbedarf.displays import Display, Displayed
from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DataError, Problem, combine, nearest
from bildungsbedarf.sources import Kind, parse_responses, read_kind, read_responses
from bildungsbedarf.sources.labels import Reading
from bildungsbedarf.store import RESPONSES, Changes, Snapshot, Store, changes_between
from bildungsbedarf.study import BallotConfig, NeedsConfig, Project, StudyFiles, read_study
from bildungsbedarf.wave.concepts import concept_problems, concept_table
from bildungsbedarf.wave.displays import study_rows
from bildungsbedarf.wave.harmonised import harmonised
from bildungsbedarf.wave.population import check_margins
from bildungsbedarf.wave.renewing import changed_there
from bildungsbedarf.wave.wave import Wave
from bildungsbedarf.wave.weights import weighting_notes

if TYPE_CHECKING:
    from bildungsbedarf.findings import Findings, Goals
    from bildungsbedarf.study.model import Language
else:
    # completion at the keyboard breaks off at a property that returns a Literal (tests/test_completion.py)
    Language = str

Say = Callable[[str], None]
_FINDINGS = "bildungsbedarf.findings"
"""A room further down, which a study in the hand leads to; nothing here depends on it."""


@dataclass(frozen=True)
class PullReport:
    """What a pull brought: the snapshot, what changed since the one before, and the server's own counts."""

    snapshot: Snapshot
    is_new: bool
    changes: Changes | None
    summary: dict[str, int]
    reworded: pd.DataFrame
    """What is other on the server and leaves the meaning of every code as it was (rows of ``compare_books``)."""


@with_words
class Study(Displayed):
    """A study as written by a person; ``wave`` gives what was answered."""

    def __init__(self, files: StudyFiles) -> None:
        self.files = files
        self._waves: dict[tuple[str, str], Wave] = {}

    @classmethod
    def load(cls, study: str | os.PathLike[str], project: Project | None = None) -> Study:
        """Read a study by name or path.

        Parameters
        ----------
        study
            Name or path.
        project
            The project folder.

        Returns
        -------
        Study
            With every file read and checked.

        Raises
        ------
        ConfigError
            No such study, or problems in its files (all at once).

        Examples
        --------
        >>> bb.Study.load("bildungsbefragung", study.files.project)
        <Study bildungsbefragung: waves 2026, 2028>
        """
        return cls(read_study(project or Project.find(), str(study)))

    def _display(self) -> Display:
        return Display(*study_rows(self))

    def _line(self) -> str:
        return f"Study {self.name}: waves {', '.join(self.files.waves)}"

    @property
    def name(self) -> str:
        """The study's name."""
        return self.files.name

    @property
    def language(self) -> Language:
        """Language of the reports."""
        return self.files.config.study.language

    def in_language(self, language: Language) -> Study:
        """The same study with tables, figures and sentences in the other language, for a paper or a guest.

        Pages are written in the language of study.toml (``language`` under ``[study]``).

        Parameters
        ----------
        language
            ``de`` or ``en``.

        Returns
        -------
        Study
            Another one, whose waves speak this language; numbers are the same.

        Raises
        ------
        ConfigError
            Another language.

        Examples
        --------
        >>> english = study.in_language("en").wave("2026")
        >>> show.table(disclosure.release(needs.unmet(english)), english).payload["title"]
        'Unmet need by field'
        """
        config = self.files.config
        told = config.study.model_copy(update={"language": language})
        return Study(replace(self.files, config=config.model_copy(update={"study": told})))

    @property
    def waves(self) -> tuple[Wave, ...]:
        """All waves of the first audience, in order."""
        first = self.files.config.first_audience
        return tuple(self.wave(name, first) for name, wave in self.files.waves.items() if first in wave.audience)

    @property
    def of_all_audiences(self) -> list[Wave]:
        """Every wave of every audience, in the order of the wave files."""
        return [self.wave(name, audience) for name, config in self.files.waves.items() for audience in config.audience]

    def __getitem__(self, name: str) -> Wave:
        return self.wave(name)

    def wave(self, name: str | int, audience: str = "") -> Wave:
        """One wave of one audience (default: the first).

        Parameters
        ----------
        name
            Name of the wave.
        audience
            Audience; default: the study's first.

        Returns
        -------
        Wave
            Read when it is used.

        Raises
        ------
        ConfigError
            No such wave or audience; names the nearest one.

        Examples
        --------
        >>> study.wave(2028)
        <Wave bildungsbefragung 2028, erwachsene>
        """
        waves = self.files.waves
        if str(name) not in waves:
            raise ConfigError(f"there is no wave {str(name)!r}", where=self.name, expected=nearest(str(name), waves))
        audiences = waves[str(name)].audience
        audience = audience or self.files.config.first_audience
        if audience not in audiences:
            raise ConfigError(
                f"wave {name} has no audience {audience!r}", where=self.name, expected=nearest(audience, audiences)
            )
        return self._waves.setdefault((str(name), audience), Wave(self.files, str(name), audience))

    @property
    def findings(self) -> Findings:
        """What the last run registered, as a table that shows itself."""
        return cast("Findings", import_module(_FINDINGS).findings_of(self))

    @property
    def goals(self) -> Goals:
        """The strategic goals with what speaks to each, as a table that shows itself."""
        return cast("Goals", import_module(_FINDINGS).goals_of(self))

    def before(self, wave: Wave) -> Wave | None:
        """The last wave of the same audience before this one.

        Parameters
        ----------
        wave
            A wave of the study.

        Returns
        -------
        Wave or None
            None where it is the first.

        Examples
        --------
        >>> study.before(later)
        <Wave bildungsbefragung 2026, erwachsene>
        """
        names = [name for name, config in self.files.waves.items() if wave.audience in config.audience]
        place = names.index(wave.name)
        return self.wave(names[place - 1], wave.audience) if place else None

    def import_file(self, path: Path, wave: str, audience: str = "", answers: Reading = "") -> tuple[Snapshot, bool]:
        """Read a file, check it, and keep it as a snapshot of the kind that study.toml says the audience has.

        Responses are checked against the questionnaire, votes and records by the rules of their kind.

        Parameters
        ----------
        path
            A file.
        wave
            Name of the wave.
        audience
            Audience; default: the study's first.
        answers
            ``codes`` or ``labels``: how answers are read where a column could be both and nothing in the file decides.

        Returns
        -------
        tuple of (Snapshot, bool)
            The snapshot, and whether it is new.

        Raises
        ------
        DataError
            The export cannot be used; nothing is written.
        """
        target = self.wave(wave, audience)
        # what was read of the wave before is not what it is from now on
        self._waves[target.name, target.audience] = Wave(self.files, target.name, target.audience)
        kind = target.config.data
        store = Store(self.files.project.snapshots(self.name), self.name)
        if kind != RESPONSES:
            offers = self.files.offers
            columns = offers.columns if offers is not None and offers.audience == target.audience else {}
            tables, provenance = read_kind(path, kind, {str(own): heading for own, heading in columns.items()})
            return store.write(tables, provenance, "", target.name, target.audience, kind)
        table, provenance = read_responses(path, target.codebook, answers)
        return store.write(
            {kind: table}, provenance, target.codebook.sha256, target.name, target.audience, asked=target.asked
        )

    def forget(self, response: str, wave: str = "", audience: str = "") -> list[tuple[Wave, Snapshot]]:
        """Take a person out of every snapshot of the study, and keep them out of what is brought in later.

        Notebooks that failed and may show data are removed too. Files that were exported, and the survey's server,
        keep the person until somebody deletes them there. A wave that was released with this person is not published
        anew from now on, since both publications together would show what the person answered.

        Parameters
        ----------
        response
            Id of the response, or of the participant.
        wave
            Only this wave; default: all.
        audience
            Only this audience; default: all.

        Returns
        -------
        list of (Wave, Snapshot)
            Snapshots written anew.

        Raises
        ------
        ConfigError
            No such wave or audience; or responses of several surveys have this id, which are different people.
        DataError
            No snapshot holds the response.
        """
        if wave:
            self.wave(wave, audience)
        store = Store(self.files.project.snapshots(self.name), self.name)
        asked = [
            (name, other)
            for name, config in self.files.waves.items()
            for other in config.audience
            if wave in ("", name) and audience in ("", other)
        ]
        found = [pair for pair in asked if store.hold(*pair, response)]
        if not found:
            raise DataError("no snapshot holds this response", where=self.name, value=response)
        if len(found) > 1:
            raise ConfigError(
                "several surveys have a response with this id: they are different people",
                where=self.name,
                value=response,
                expected=", ".join(f"--wave {name} --audience {other}" for name, other in found),
                remedy="say which",
            )
        snapshots = store.forget(*found[0], response)
        self._waves.pop(found[0], None)
        shutil.rmtree(self.files.project.snapshots(self.name) / ".failed", ignore_errors=True)
        return [(self.wave(*found[0]), snapshot) for snapshot in snapshots]

    def pull(self, wave: str, audience: str = "", say: Say = print) -> PullReport:
        """Fetch a survey's responses from the server and keep them as a snapshot.

        ``say`` is told what happens.

        Parameters
        ----------
        wave
            Name of the wave.
        audience
            Audience; default: the study's first.
        say
            Told what happens.

        Returns
        -------
        PullReport
            The snapshot and what changed.

        Raises
        ------
        ConfigError, ServerError, DataError
            No credentials; no answer, or a refusal; responses that cannot be used, or answers that were asked with
            other options, filters or items than the questionnaire has. Nothing is written then.
        """
        # the client and its libraries are loaded by those who pull only
        from bildungsbedarf.sources.credentials import find_credentials
        from bildungsbedarf.sources.server import pull_responses

        target = self.wave(wave, audience)
        survey_id = target.wave_config.survey_id
        where = f"waves/{target.name}.toml, audience {target.audience}"
        if survey_id is None:
            raise ConfigError("no survey_id is given", where=where, remedy="survey_id = 123456")
        server = self.files.config.server
        credentials = find_credentials(server.url if server else "", server.user if server else "")
        pulled = pull_responses(credentials, survey_id, target.codebook, say)
        changed = changed_there(target, pulled.questionnaire)
        table, provenance = parse_responses(pulled.content, f"survey {survey_id}", target.codebook, "codes")
        store = Store(self.files.project.snapshots(self.name), self.name)
        before = store.find(target.name, target.audience)
        changes = None if before is None else changes_between(before.read(), table)
        snapshot, is_new = store.write(
            {RESPONSES: table}, provenance, target.codebook.sha256, target.name, target.audience, asked=target.asked
        )
        self._waves.pop((target.name, target.audience))
        return PullReport(snapshot, is_new, changes, pulled.summary, changed)

    def import_declared(self) -> list[Snapshot]:
        """Import the exports that wave files name, where there is no usable snapshot yet; the new ones.

        Returns
        -------
        list of Snapshot
            The new ones.

        Examples
        --------
        >>> study.import_declared()
        []
        """
        store = Store(self.files.project.snapshots(self.name), self.name)
        new = []
        for name, config in self.files.waves.items():
            for audience, entry in config.audience.items():
                if not entry.export or entry.snapshot != "latest":
                    continue
                try:
                    latest = store.find(name, audience)
                except DataError:
                    # a damaged one is left as it is: whoever reads this wave is told, and the others go on
                    continue
                wave = self.wave(name, audience)
                known = wave.codebook.sha256 if wave.config.data == RESPONSES else ""
                if latest is None or latest.manifest.questionnaire_sha256 != known:
                    snapshot, is_new = self.import_file(self.files.project.root / entry.export, name, audience)
                    new += [snapshot] if is_new else []
                    self._waves.pop((name, audience))
        return new

    def compare(self, earlier: str, later: str, audience: str = "", with_audience: str = "") -> pd.DataFrame:
        """What became of every question from one wave, or from one audience, to the other (see ``compare_books``).

        Parameters
        ----------
        earlier
            Name of the wave.
        later
            Name of the wave.
        audience
            Audience; default: the study's first.
        with_audience
            Another audience to compare with.

        Returns
        -------
        pandas.DataFrame
            One row a question or item with its state.

        Examples
        --------
        >>> study.compare("2026", "2028")["state"].unique().tolist()
        ['same']
        """
        one, two = self.wave(earlier, audience), self.wave(later, with_audience or audience)
        return compare_books(one.codebook, two.codebook)

    def harmonised(self, audience: str = "") -> tuple[pd.DataFrame, pd.DataFrame]:
        """All waves of an audience as one long table of comparable answers, and what is left out (and why).

        Parameters
        ----------
        audience
            Audience; default: the study's first.

        Returns
        -------
        tuple of pandas.DataFrame
            Comparable answers, and what is left out.

        Examples
        --------
        >>> len(study.harmonised())
        2
        """
        audience = audience or self.files.config.first_audience
        names = [name for name, wave in self.files.waves.items() if audience in wave.audience]
        return harmonised([self.wave(name, audience) for name in names])

    def concepts(self) -> pd.DataFrame:
        """What all waves and audiences were asked about each concept, and what is comparable (``concept_table``).

        Returns
        -------
        pandas.DataFrame
            One row a column of answers.

        Examples
        --------
        >>> study.concepts()["state"].iloc[0]
        'first'
        """
        return concept_table(self.of_all_audiences)

    def notes(self) -> list[Problem]:
        """What ``check`` lets pass and a person should look at: people the margins do not speak of.

        Returns
        -------
        list of Problem
            Of all waves that have answers.

        Examples
        --------
        >>> study.notes()
        []
        """
        found = []
        for wave in self.of_all_audiences:
            if wave.config.data == RESPONSES and wave.has_snapshot and wave.config.weighting.method == "rake":
                own = weighting_notes(wave.weighting, len(wave.responses), wave.config.variables)
                found += [replace(one, where=f"{wave.name}/{wave.audience}, {one.where}") for one in own]
        return found

    def check(self) -> None:
        """Read everything beyond the files themselves: questionnaires, codes, margins, snapshots.

        Returns
        -------
        None
            Where nothing is wrong.

        Raises
        ------
        ConfigError, DataError
            With every problem at once.

        Examples
        --------
        >>> study.check()
        """
        errors: list[BildungsbedarfError] = []
        for wave in self.of_all_audiences:
            for check in _CHECKS[wave.config.data]:
                try:
                    check(wave)
                except BildungsbedarfError as error:
                    errors.append(error)
        if errors:
            raise combine(errors)


def _check_tables(wave: Wave) -> None:
    """Read the snapshot of votes or records."""
    for table in wave.snapshot.manifest.tables:
        wave.snapshot.read(table)


def _check_margins(wave: Wave) -> None:
    check_margins(wave.config, wave.files.project.reference)


def _check_named_questions(wave: Wave) -> None:
    """Refuse question codes in study.toml that the questionnaire does not have."""
    config = wave.files.config
    entries: list[NeedsConfig | BallotConfig] = [*config.needs, *config.ballot]
    named: list[tuple[str, str]] = [("core", code) for code in wave.config.core]
    for entry in entries:
        if (entry.audience or config.first_audience) != wave.audience:
            continue
        if isinstance(entry, NeedsConfig):
            codes = [entry.importance, entry.satisfaction, entry.ranking, entry.barriers]
            codes += [entry.formats, entry.participation, entry.hours, *entry.reversed]
            codes += [group for group in entry.groups if group not in wave.config.variables]
        else:
            codes = [entry.statements, entry.points, entry.ranking]
        named += [(entry.id, code) for code in codes if code]
    known = [question.code for question in wave.codebook.questions]
    if wave.files.themes is not None:
        named += [("themes.toml", code) for code in wave.files.themes.questions.get(wave.audience, [])]
    problems = [
        Problem(f"{place} names a question that was not asked", "study.toml", code, nearest(code, known))
        for place, code in named
        if code not in wave.codebook
    ]
    problems += concept_problems(wave)
    if problems:
        raise ConfigError(problems)


_CHECKS: dict[Kind, tuple[Callable[[Wave], None], ...]] = {
    "responses": (_check_named_questions, _check_margins, Wave.require),
    "votes": (_check_tables, Wave.require),
    "records": (_check_tables,),
}
"""What ``check`` looks at, by the kind of an audience's data."""
