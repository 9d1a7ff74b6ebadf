from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest

from bildungsbedarf.errors import ConfigError, ServerError, StepError
from bildungsbedarf.run.watching import Work, open_surveys, period, watch
from bildungsbedarf.wave import Study

IN_FIELD = date(2028, 3, 29)


@pytest.mark.parametrize(("text", "minutes"), [("30m", 30), ("6h", 360), ("1d", 1440), (" 90 M", 90)])
def test_periods(text: str, minutes: int) -> None:
    assert period(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "6", "0h", "h6", "-1h", "1.5h", "10s"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ConfigError, match="no time to wait"):
        period(text)


def test_a_survey_is_open_from_its_first_day_to_the_day_after_its_last(study: Study) -> None:
    days = {day: open_surveys(study, date(2028, 3, 1) + timedelta(days=day)) for day in (-1, 0, 29, 30, 31)}
    mine = [("2028", "erwachsene")]
    assert days == {-1: [], 0: mine, 29: mine, 30: mine, 31: []}


@dataclass
class _Office:
    """Counts what is done; the day goes on with every wait."""

    study: Study
    day: date = IN_FIELD
    fails: Callable[[int], Exception | None] = lambda number: None
    pulled: list[tuple[str, str]] = field(default_factory=list)
    runs: int = 0
    told: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def work(self) -> Work:
        return Work(lambda: self.study, self._pull, self._run, self.told.append, lambda: self.day, self._wait)

    def _pull(self, study: Study, wave: str, audience: str) -> None:
        self.pulled.append((wave, audience))
        if error := self.fails(len(self.pulled)):
            raise error

    def _run(self, study: Any) -> None:
        self.runs += 1

    def _wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.day += max(timedelta(days=round(seconds / 86400)), timedelta(days=1))


def test_it_ends_by_itself_when_no_field_is_open_any_more(study: Study) -> None:
    office = _Office(study)
    assert watch(timedelta(hours=6), office.work()) == 0
    # 29, 30 and, for what came in at night, 31 March
    assert office.pulled == [("2028", "erwachsene")] * 3
    assert office.runs == 3
    assert office.told == ["no field is open any more"]
    assert all(0 < seconds <= 6 * 3600 for seconds in office.waits)


def test_a_server_that_is_away_costs_one_round_and_not_the_run(study: Study) -> None:
    office = _Office(study, fails=lambda number: ServerError("server cannot be reached") if number == 1 else None)
    assert watch(timedelta(hours=1), office.work(), rounds=2) == 1
    assert office.runs == 2
    assert "not fetched: " in office.told[0]


def test_a_run_that_fails_is_told_and_the_next_round_comes(study: Study) -> None:
    office = _Office(study)

    def failing(loaded: Study) -> None:
        office.runs += 1
        raise StepError("notebook failed")

    work = office.work()
    work = Work(work.load, work.pull, failing, work.say, work.today, work.wait)
    assert watch(timedelta(hours=1), work, rounds=2) == 2
    assert office.runs == 2
    assert len(office.pulled) == 2


def test_a_configuration_that_breaks_later_costs_a_round_and_one_that_is_broken_is_refused(study: Study) -> None:
    office = _Office(study)
    tries = iter([study, ConfigError("study.toml is broken"), study])

    def load() -> Study:
        found = next(tries)
        if isinstance(found, Exception):
            raise found
        return found

    work = office.work()
    assert watch(timedelta(hours=1), Work(load, work.pull, work.run, work.say, work.today, work.wait), rounds=3) == 1
    assert office.runs == 2

    def broken() -> Study:
        raise ConfigError("study.toml is broken")

    with pytest.raises(ConfigError, match="broken"):
        watch(timedelta(hours=1), Work(broken, work.pull, work.run, work.say), rounds=1)


def test_nothing_to_wait_for_is_said_at_once(study: Study) -> None:
    office = _Office(study, day=date(2027, 1, 1))
    with pytest.raises(ConfigError, match="no field is open today"):
        watch(timedelta(hours=1), office.work())
    assert office.runs == 0


def test_what_comes_in_on_the_last_days_is_fetched_however_long_the_time_between_two_rounds(study: Study) -> None:
    office = _Office(study, day=date(2028, 3, 25))
    assert watch(timedelta(days=7), office.work()) == 0
    assert office.day == date(2028, 3, 31)
    assert len(office.pulled) == 2


def test_it_waits_for_a_field_that_begins_later(study: Study) -> None:
    files = study.files
    wave = files.waves["2028"]
    survey = wave.audience["erwachsene"]
    assert survey.field is not None
    later = survey.model_copy(
        update={"field": survey.field.model_copy(update={"start": date(2028, 4, 5), "end": date(2028, 4, 6)})}
    )
    audience = {**wave.audience, "konferenz2": later}
    changed = Study(replace(files, waves={**files.waves, "2028": wave.model_copy(update={"audience": audience})}))
    office = _Office(changed, day=date(2028, 3, 31))
    watch(timedelta(hours=6), office.work())
    assert office.pulled == [("2028", "erwachsene"), *[("2028", "konferenz2")] * 3]
    assert office.day == date(2028, 4, 7)
