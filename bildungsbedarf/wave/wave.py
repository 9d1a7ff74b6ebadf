"""``Wave``: one audience in one wave, ready to hold in the hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zlib import crc32

import pandas as pd

from bildungsbedarf.calls import with_words
from bildungsbedarf.codebook import Codebook, read_codebook
from bildungsbedarf.codebook.readers.votes import GOALS, GROUP, STATEMENTS
from bildungsbedarf.displays import Display, Displayed
from bildungsbedarf.errors import ConfigError, DataError
from bildungsbedarf.estimates import Origin
from bildungsbedarf.prepare import (
    Prepared,
    Quality,
    answers_of_votes,
    asked_by_votes,
    prepare_table,
    votes_of_ballot,
    with_codes,
)
from bildungsbedarf.sources import Votes, read_reference, votes_of
from bildungsbedarf.sources.counted import FORMATS
from bildungsbedarf.store import RESPONSES, Snapshot, Store, computed_once
from bildungsbedarf.study import AudienceConfig, BallotConfig, NeedsConfig, StudyFiles
from bildungsbedarf.study.analyses import ScaleConfig
from bildungsbedarf.study.config import AnalysisConfig, WaveAudienceConfig, WeightingConfig
from bildungsbedarf.study.model import Action, Words
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.wave.adding import variable
from bildungsbedarf.wave.displays import wave_rows
from bildungsbedarf.wave.naming import TECHNICAL, added_labels, column_named, completions, technical_labels, truth
from bildungsbedarf.wave.weights import Weighting, build_design
from bildungsbedarf.wave.written import open_answers, remember, require_closed

if TYPE_CHECKING:
    from bildungsbedarf.study.model import Language
else:
    # completion at the keyboard breaks off at a property that returns a Literal (tests/test_completion.py)
    Language = str

T = TypeVar("T")
VOTES = "votes"
"""The kind of data that are statements, participants and votes."""


@with_words
class Wave(Displayed):
    """Configuration, questionnaire, snapshot, analysis table and design of one audience in one wave.

    Everything is read when it is first asked for.
    """

    def __init__(
        self, files: StudyFiles, name: str, audience: str, changes: Mapping[str, object] | None = None
    ) -> None:
        self.files = files
        self.name = name
        self.audience = audience
        self._changes = dict(changes or {})

    def __setattr__(self, name: str, value: object) -> None:
        if isinstance(getattr(type(self), name, None), (property, cached_property)):
            raise ConfigError(
                "a wave is not changed in place: others hold it too",
                value=name,
                expected="another wave: with_rules, unweighted, with_variables; or study.toml",
            )
        if not name.startswith("_") and name not in ("files", "name", "audience"):
            raise ConfigError(
                "a wave takes no further attributes",
                value=name,
                expected=f"wave.with_variables({name}=…), another wave",
            )
        super().__setattr__(name, value)

    def with_rules(self, action: Action) -> Wave:
        """The same wave with every rule of response quality at ``flag`` (nobody left out) or ``exclude``.

        Parameters
        ----------
        action
            ``flag`` or ``exclude``.

        Returns
        -------
        Wave
            Another one; this stays as it is.

        Examples
        --------
        >>> wave.with_rules("exclude").quality.counted < wave.quality.counted
        True
        """
        if self._added:
            raise ConfigError(
                "variables were added to this wave",
                value=", ".join(self._added),
                remedy="choose the rules first: wave.with_rules(…).with_variables(…)",
            )
        return self._changed(("codebook", "snapshot"), quality=self.config.quality.all_at(action))

    def unweighted(self) -> Wave:
        """The same wave without weighting.

        Returns
        -------
        Wave
            Another one; this stays as it is.

        Examples
        --------
        >>> set(wave.unweighted().design.weights.tolist())
        {1.0}
        """
        return self._changed(("codebook", "snapshot", "prepared"), weighting=WeightingConfig())

    def _changed(self, kept: tuple[str, ...], **changes: object) -> Wave:
        """Another configuration; ``kept`` names what it does not alter, so that it is not read again."""
        other = Wave(self.files, self.name, self.audience, {**self._changes, **changes})
        other.__dict__.update({name: getattr(self, name) for name in kept})
        return other

    @property
    def _added(self) -> Sequence[str]:
        """Variables that a person added."""
        return list(self._changes_of_variables)

    @property
    def _changes_of_variables(self) -> dict[str, str]:
        """Variables that a person added, with a digest of their values: what is computed of others is not of these."""
        found = self._changes.get("variables_added", ())
        return {str(name): str(digest) for name, digest in found} if isinstance(found, tuple) else {}

    @property
    def is_changed(self) -> bool:
        """Whether it has other rules or weights than study.toml declares."""
        return bool(self._changes)

    def _line(self) -> str:
        return f"Wave {self.files.name} {self.name}, {self.audience}"

    def _display(self) -> Display:
        title, rows = wave_rows(self)
        return Display(title, [], rows)

    def __getitem__(self, name: str | list[str]) -> Any:
        if isinstance(name, list):
            return self.responses[[column_named(self, one) for one in name]]
        if not isinstance(name, str):
            raise ConfigError("a wave has columns by name", value=name, expected='wave["ALTER"], or a list of names')
        return self.responses[column_named(self, name)]

    def __setitem__(self, name: str, value: object) -> None:
        raise ConfigError(
            "a wave is not changed in place: others hold it too",
            value=name,
            expected=f"wave.with_variables({name}=…), another wave",
        )

    def __iter__(self) -> Iterator[str]:
        return iter(map(str, self.responses.columns))

    def __contains__(self, name: object) -> bool:
        return name in self.responses.columns

    def _ipython_key_completions_(self) -> list[str]:
        return completions(self)

    def named(self, name: str) -> str:
        """The column a name stands for: a column's own, ``WICHT[F05]``, or what it is called in a report.

        Parameters
        ----------
        name
            What a person wrote.

        Returns
        -------
        str
            A column of ``responses``.

        Raises
        ------
        ConfigError
            Nothing is called so, or several are; the nearest is named. It is an open answer.

        Examples
        --------
        >>> wave.named("WICHT[F05]")
        'WICHT_F05'
        """
        column = column_named(self, name)
        require_closed(column, self)
        return column

    @cached_property
    def open_answers(self) -> list[str]:
        """Columns of what people wrote: they are in ``responses``, and not in the design.

        Examples
        --------
        >>> wave.open_answers[:2]
        ['BILD_other', 'BARR_other']
        """
        return open_answers(self)

    def with_variables(self, **variables: str | pd.Series | Callable[[pd.DataFrame], pd.Series]) -> Wave:
        """The same wave with further variables: ``wave.with_variables(alt="ALTER >= 65")``.

        Parameters
        ----------
        **variables
            Name → condition in the grammar of study.toml, a function of ``responses``, or a Series with its index.

        Returns
        -------
        Wave
            Another one, whose estimates have no recipe: nothing of it is registered.

        Raises
        ------
        ConfigError
            A condition that cannot be read, a name that is taken, or values without the index of the responses.

        Examples
        --------
        >>> older = wave.with_variables(alt="ALTER >= 65")
        >>> bb.estimate.mean(older, "WICHT[F05]", by="alt")["alt"].tolist()
        [False, True]
        """
        table = self.responses
        made = pd.DataFrame({name: variable(name, given, self) for name, given in variables.items()}, index=table.index)
        added = {**self._changes_of_variables, **{name: _digest(made[name]) for name in made.columns}}
        other = self._changed(("codebook", "snapshot"), variables_added=tuple(sorted(added.items())))
        design, weighting = self._weighted
        prepared = self.prepared
        none = pd.DataFrame({name: pd.Series(pd.NA, index=made.index, dtype="string") for name in made.columns})
        other.__dict__["prepared"] = replace(prepared, responses=table.join(made), missing=prepared.missing.join(none))
        wide = design.with_columns(made)
        described = wide.described(replace(wide.origin, source=other.source))
        other.__dict__["_weighted"] = (described, weighting)
        return other

    @property
    def has_answers(self) -> bool:
        """Whether persons answered or voted: records are of things."""
        return self.config.data != "records"

    @property
    def has_codebook(self) -> bool:
        """Whether it can be said what was asked: votes say it themselves, once they have come in."""
        return self.config.data == RESPONSES or (self.config.data == VOTES and self.has_snapshot)

    @property
    def counts_dots(self) -> bool:
        """Whether what is counted are dots or supports, because nobody knows any more who gave them."""
        return self.config.data == VOTES and self.snapshot.manifest.source_format in FORMATS

    @property
    def study_name(self) -> str:
        """The study's name."""
        return self.files.name

    @property
    def language(self) -> Language:
        """Language of the reports."""
        return self.files.config.study.language

    @cached_property
    def config(self) -> AudienceConfig:
        """What study.toml says of this audience."""
        config = self.files.config.audience[self.audience]
        rules = {name: value for name, value in self._changes.items() if name in AudienceConfig.model_fields}
        return config.model_copy(update=rules) if rules else config

    @cached_property
    def wave_config(self) -> WaveAudienceConfig:
        """What waves/<wave>.toml says of this audience."""
        return self.files.waves[self.name].audience[self.audience]

    @cached_property
    def needs(self) -> NeedsConfig:
        """The needs battery of this audience.

        Raises
        ------
        ConfigError
            study.toml declares none for it.
        """
        return _only(self._batteries, "needs", self)

    @property
    def has_needs(self) -> bool:
        """Whether study.toml declares a needs battery for this audience."""
        return bool(self._batteries)

    @property
    def _batteries(self) -> list[NeedsConfig]:
        return [entry for entry in self.files.config.needs if self._is_for(entry.audience)]

    @property
    def scales(self) -> list[ScaleConfig]:
        """Scales of this audience."""
        return [entry for entry in self.files.config.scale if self._is_for(entry.audience)]

    def reference_table(self, name: str) -> pd.DataFrame:
        """A table of data/reference, all columns text.

        Parameters
        ----------
        name
            File in data/reference.

        Returns
        -------
        pandas.DataFrame
            All text.

        Examples
        --------
        >>> wave.reference_table("municipalities_06633.csv").columns[0]
        'ags'
        """
        return read_reference(self.files.project.reference / name)[0]

    @cached_property
    def ballot(self) -> BallotConfig:
        """The ballot of this audience.

        Raises
        ------
        ConfigError
            study.toml declares none for it.
        """
        entry = _only([entry for entry in self.files.config.ballot if self._is_for(entry.audience)], "ballot", self)
        if self.config.data != VOTES:
            return entry
        # votes say themselves what was voted on, and by which groups
        asked = {"statements": STATEMENTS, "points": GOALS, **({} if entry.group else {"group": GROUP})}
        return entry.model_copy(update={key: name if name in self.codebook else "" for key, name in asked.items()})

    def _is_for(self, audience: str) -> bool:
        return (audience or self.files.config.first_audience) == self.audience

    @cached_property
    def codebook(self) -> Codebook:
        """What was asked.

        Raises
        ------
        ConfigError
            The audience has records: nobody was asked anything.
        """
        if self.config.data == VOTES:
            return asked_by_votes(self.votes, self.audience)
        if self.config.data != RESPONSES:
            raise ConfigError(
                "the audience has no questionnaire", where=f"audience {self.audience}", value=self.config.data
            )
        book = read_codebook(self.files.folder / self.asked_in)
        return book.without(self.config.absent) if self.config.absent else book

    @property
    def asked(self) -> tuple[str, bytes]:
        """The questionnaire's file: its name, and what it holds."""
        return self.asked_in, (self.files.folder / self.asked_in).read_bytes()

    @property
    def asked_in(self) -> str:
        """Name of the questionnaire's file: this wave's, else the audience's."""
        return self.wave_config.questionnaire or self.config.questionnaire

    @cached_property
    def snapshot(self) -> Snapshot:
        """The snapshot the wave file names.

        Raises
        ------
        DataError
            Nothing was imported yet, or the questionnaire was changed since.
        """
        snapshot = self._stored()
        where = f"wave {self.name}, audience {self.audience}"
        if snapshot is None:
            raise DataError(
                f"no {self.config.data} have been imported",
                where=where,
                remedy=f"bildungsbedarf import {self.files.name} FILE --wave {self.name} --audience {self.audience}",
            )
        if self.config.data == RESPONSES and snapshot.manifest.questionnaire_sha256 != self.codebook.sha256:
            raise DataError(
                "questionnaire was changed after the responses were imported",
                where=where,
                remedy="import the responses again, so that they are checked against this questionnaire",
            )
        return snapshot

    @property
    def has_snapshot(self) -> bool:
        """Whether anything that can be read has come in for this audience in this wave; ``snapshot`` says why not."""
        try:
            return self._stored() is not None
        except DataError:
            return False

    @property
    def is_damaged(self) -> bool:
        """Whether something has come in that cannot be read."""
        try:
            self._stored()
        except DataError:
            return True
        return False

    def _stored(self) -> Snapshot | None:
        store = Store(self.files.project.snapshots(self.files.name), self.files.name)
        return store.find(self.name, self.audience, self.wave_config.snapshot)

    @cached_property
    def votes(self) -> Votes:
        """Statements, participants and votes: of a ballot's answers, or as they came in.

        Raises
        ------
        ConfigError
            The audience has neither a ballot nor votes.
        """
        if self.config.data == VOTES:
            return with_codes(votes_of({name: self.snapshot.read(name) for name in self.snapshot.manifest.tables}))
        return votes_of_ballot(self.responses, self.codebook, self.ballot, self.language)

    @cached_property
    def records(self) -> pd.DataFrame:
        """The records of an audience that has some, all text.

        Raises
        ------
        ConfigError
            The audience has responses or votes.
        """
        if self.config.data != "records":
            raise ConfigError("the audience has no records", where=f"audience {self.audience}", value=self.config.data)
        return self.snapshot.read()

    def once(self, what: str, arguments: Sequence[object], make: Callable[[], T], opens: Sequence[Path] = ()) -> T:
        """What ``make`` computes of this wave's data and configuration, once a run (``store.computed``).

        Parameters
        ----------
        what
            Its name.
        arguments
            What it depends on beside the wave.
        make
            Computes it.
        opens
            Files that ``make`` opens.

        Returns
        -------
        What ``make`` returns.

        Examples
        --------
        >>> wave.once("persons", [], lambda: len(wave.responses)) == len(wave.responses)
        True
        """
        snapshot = self.snapshot
        tables = snapshot.manifest.tables or {RESPONSES: ""}
        opens = [*(snapshot.folder / f"{name}.parquet" for name in tables), *opens]
        return computed_once([what, snapshot.sha256, self.source, self._configured, *map(repr, arguments)], make, opens)

    @cached_property
    def _configured(self) -> str:
        """All of the study's configuration, as text."""
        return self.files.config.model_dump_json() + self.wave_config.model_dump_json() + repr(self._changes)

    @cached_property
    def prepared(self) -> Prepared:
        """Analysis table with its counts."""
        made = self.once("prepared", [], self._prepare)
        remember(self, made.responses)
        return made

    def _prepare(self) -> Prepared:
        least = self.files.config.disclosure.minimum_base
        raw = answers_of_votes(self.votes, self.codebook) if self.config.data == VOTES else self.snapshot.read()
        return prepare_table(raw, self.codebook, self.config, self.name, self.audience, self._core, least)

    @property
    def _core(self) -> list[str]:
        if self.config.core:
            return list(self.config.core)
        return [question for entry in self._batteries for question in (entry.importance, entry.satisfaction)]

    @property
    def source(self) -> str:
        """Where estimates come from: study, wave, audience and snapshot in short, and what study.toml has otherwise."""
        plain = f"{self.study_name} {self.name} {self.audience} {self.snapshot.short}"
        changed = [f"other {name} ({crc32(repr(value).encode()):08x})" for name, value in sorted(self._changes.items())]
        return ", ".join([plain, *changed])

    @property
    def responses(self) -> pd.DataFrame:
        """One row per counted person; values are codes, labels come when shown."""
        return self.prepared.responses

    @property
    def missing(self) -> pd.DataFrame:
        """Same shape as ``responses``: why a value is missing, else ``<NA>``."""
        return self.prepared.missing

    def apart(self, variable: str, language: str = "") -> list[str]:
        """Labels of the categories that are no groups of their own (study.toml's ``apart``).

        Parameters
        ----------
        variable
            A derived variable.
        language
            ``de`` or ``en``; default: the reports'.

        Returns
        -------
        list of str
            Empty where every category is a group.

        Examples
        --------
        >>> wave.apart("geschlecht")
        ['divers']
        """
        named = self.prepared.apart.get(variable, [])
        labels = self.labels(variable, language) if named else {}
        return [labels.get(category, category) for category in named]

    @cached_property
    def quality(self) -> Quality:
        """Who is counted and who is not."""
        return self.prepared.quality

    @property
    def design(self) -> SurveyDesign:
        """The survey design, weighted as study.toml says."""
        return self._weighted[0]

    @cached_property
    def weighting(self) -> Weighting:
        """How the weights were made."""
        return self._weighted[1]

    def require(self) -> None:
        """Read everything up to the design, so that what is wrong is said before work begins; of records the snapshot.

        Returns
        -------
        None
            Where nothing is wrong.

        Raises
        ------
        ConfigError, DataError
            Whatever keeps this wave from being used.

        Examples
        --------
        >>> wave.require()
        """
        _ = self._weighted if self.has_answers else self.snapshot

    @cached_property
    def _weighted(self) -> tuple[SurveyDesign, Weighting]:
        margins = [self.files.project.reference / margin.file for margin in self.config.weighting.margin]
        return self.once("weighted", [], self._weight, margins)

    def _weight(self) -> tuple[SurveyDesign, Weighting]:
        config = self.config
        design, weighting = build_design(
            self.responses.drop(columns=self.open_answers),
            config,
            self.files.project.reference,
            self.wave_config.invited,
            self.analysis.smallest_weighting_cell,
        )
        limits = self.files.config.disclosure.model_dump()
        described = design.described(Origin(config.sampling, "{people}", self.source, limits))
        # what people wrote is left out above: all other texts are codes and labels of the questionnaire
        return described.declared(design.data.columns), weighting

    def labels(self, variable: str, language: str = "") -> dict[str, str]:
        """Category → label of a question, an item's scale, or a derived variable.

        Parameters
        ----------
        variable
            A question, an item's column, or a derived variable.
        language
            ``de`` or ``en``; default: the reports'.

        Returns
        -------
        dict
            Category → label.

        Examples
        --------
        >>> wave.labels("kinder", "en")
        {'mit Kindern': 'with children', 'ohne Kinder': 'without children'}
        """
        language = language or self.language
        derived = self.config.variables.get(variable)
        if variable in self._added:
            return added_labels(self, variable, language)
        if variable in TECHNICAL and variable in self.responses.columns:
            return technical_labels(self, variable, language)
        if derived is not None and (derived.cut or derived.merge):
            found = {str(level): str(level) for level in self.responses[variable].cat.categories}
        else:
            column = self.codebook.column(derived.source if derived is not None else variable)
            found = self.codebook[column.question].labels(language, column.scale)
            if column.values == "checkbox" and column.role == "answer":
                found = truth(language)
        words = {} if derived is None else derived.words
        return found | {level: words[level].get(language) for level in found if level in words}

    def called(self, variable: str, category: str, language: str = "") -> str:
        """What the people of a category are called in a sentence (study.toml's ``people``); "" where it is not said.

        Parameters
        ----------
        variable
            A derived variable.
        category
            One of its categories.
        language
            ``de`` or ``en``; default: the reports'.

        Returns
        -------
        str
            In the plural; in German in the dative.

        Examples
        --------
        >>> wave.called("altersgruppe", "65+", "en")
        'people aged 65 and over'
        """
        derived = self.config.variables.get(variable)
        words = None if derived is None else derived.people.get(category)
        return "" if words is None else words.get(language or self.language)

    def to_r(self, folder: str | Path) -> Path:
        """Data and a script for R, whose package ``survey`` then gives the same numbers and standard errors.

        Parameters
        ----------
        folder
            A new folder, not under results/: it will hold answers of single persons.

        Returns
        -------
        pathlib.Path
            The script; ``Rscript`` runs it there, and it stops where a mean is not ours.

        Raises
        ------
        ConfigError
            The folder holds something already; the design is of replicate weights.
        StepError
            It cannot be written.

        Examples
        --------
        >>> import tempfile
        >>> wave.to_r(tempfile.mkdtemp()).name
        'analysis.R'
        """
        # what describes columns reads waves
        from bildungsbedarf.wave.to_r import to_r

        return to_r(self, Path(folder))

    def title(self, variable: str, language: str = "") -> str:
        """What a variable is called in a report.

        Parameters
        ----------
        variable
            A question, an item's column, or a derived variable.
        language
            ``de`` or ``en``; default: the reports'.

        Returns
        -------
        str
            In the language.

        Examples
        --------
        >>> wave.title("kinder", "en")
        'Children in the household'
        """
        language = language or self.language
        derived = self.config.variables.get(variable)
        if derived is not None:
            return derived.title.get(language) if derived.title else variable
        if variable in self._added:
            return variable
        if variable in TECHNICAL and variable in self.responses.columns:
            return TECHNICAL[variable].get(language)
        column = self.codebook.column(variable)
        question = self.codebook[column.question]
        called = question.items(language).get(column.item) or question.text(language)
        if question.type.axes == "ranking" and column.item:
            return f"{called} – {_PLACE.get(language)} {column.item}"
        if question.type.axes == "dual":
            return f"{called} – {question.header(column.scale) or f'{_SCALE.get(language)} {column.scale + 1}'}"
        return called

    def concept_of(self, item: str) -> str:
        """The concept an item of this audience belongs to, ``""`` where there is none.

        Parameters
        ----------
        item
            Code of an item.

        Returns
        -------
        str
            Concept id.

        Examples
        --------
        >>> wave.concept_of("F05")
        'digitale_kompetenzen'
        """
        for name, concept in self.files.config.concept.items():
            if item in concept.items.get(self.audience, []):
                return name
        return ""

    @property
    def allows_inference(self) -> bool:
        """Whether the sampling carries intervals, tests and ranks: not in a nonprobability sample."""
        return self.config.sampling != "nonprobability"

    @property
    def groups(self) -> list[str]:
        """Variables to compare groups by: the needs battery's, else the audience's, else derived ones with classes."""
        named = [group for entry in self._batteries for group in entry.groups] or self.config.groups
        derived = [name for name, rule in self.config.variables.items() if rule.cut or rule.merge]
        return list(dict.fromkeys(named or derived))

    @cached_property
    def analysis(self) -> AnalysisConfig:
        """From when on something is computed or said."""
        return self.files.config.analysis

    @property
    def compared_groups(self) -> list[str]:
        """Groups with few enough categories to be compared with each other."""
        return [name for name in self.groups if len(self.design.levels(name)) <= self.analysis.most_categories]

    @property
    def composition_groups(self) -> list[str]:
        """Groups few enough in categories to show the sample's composition by them."""
        return [name for name in self.groups if len(self.design.levels(name)) <= self.analysis.wide_groups]

    @property
    def overview_groups(self) -> list[str]:
        """The first groups of study.toml: for pages that are not about groups."""
        return self.groups[: self.analysis.overview_groups]

    def topic(self, name: str) -> list[str]:
        """Questions of a topic of study.toml that this audience was asked; none where there is no such topic.

        Parameters
        ----------
        name
            Id of the topic.

        Returns
        -------
        list of str
            Question codes.

        Examples
        --------
        >>> wave.topic("demokratie")
        ['ENGAG', 'EHREN']
        """
        config = self.files.config.topic.get(name)
        return (
            []
            if config is None
            else [code for code in config.questions.get(self.audience, []) if code in self.codebook]
        )

    def people(self, language: str = "") -> str:
        """Whom a sentence may speak of: what the sampling carries, in the plural.

        Parameters
        ----------
        language
            ``de`` or ``en``; default: the reports'.

        Returns
        -------
        str
            In the plural.

        Examples
        --------
        >>> wave.people("en")
        'adults in the district'
        """
        if not self.allows_inference:
            respondents: Words = AudienceConfig.model_fields["people"].default
            return respondents.get(language or self.language)
        return self.config.people.get(language or self.language)

    @property
    def population(self) -> dict[str, str]:
        """Whom the results speak of, in German and English."""
        return {"de": self.config.population, "en": self.config.population_en or self.config.population}


_PLACE, _SCALE = Words(de="Platz", en="place"), Words(de="Skala", en="scale")


def _digest(values: pd.Series) -> str:
    return f"{int(pd.util.hash_pandas_object(values.astype('string')).sum()) & 0xFFFFFFFFFFFFFFFF:016x}"


def _only(entries: list[T], kind: str, wave: Wave) -> T:
    if not entries:
        raise ConfigError(f"study.toml has no [[{kind}]] for the audience {wave.audience!r}", where="study.toml")
    return entries[0]
