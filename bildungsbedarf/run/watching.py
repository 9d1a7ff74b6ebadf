"""The field phase unattended: fetch, run, wait, again; one failure is told and stops nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bildungsbedarf.errors import BildungsbedarfError, ConfigError
from bildungsbedarf.wave import Study

_PERIOD = re.compile(r"(\d+)\s*(m|h|d)")
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_SHORTEST = timedelta(minutes=1)


def period(text: str) -> timedelta:
    """``30m``, ``6h`` or ``1d`` as time.

    Raises
    ------
    ConfigError
        It is none, or shorter than a minute.

    Examples
    --------
    >>> period("6h")
    datetime.timedelta(seconds=21600)
    """
    found = _PERIOD.fullmatch(text.strip().lower())
    time_ = int(found[1]) * _UNITS[found[2]] if found else timedelta(0)
    if time_ < _SHORTEST:
        raise ConfigError("no time to wait", where="--every", value=text, expected="30m, 6h or 1d; at least 1m")
    return time_


@dataclass(frozen=True)
class Work:
    """What a round does; each raises ``BildungsbedarfError`` where it fails."""

    load: Callable[[], Study]
    pull: Callable[[Study, str, str], None]
    """Study, wave, audience."""
    run: Callable[[Study], None]
    say: Callable[[str], None]
    today: Callable[[], date] = date.today
    wait: Callable[[float], None] = time.sleep


def open_surveys(study: Study, on: date) -> list[tuple[str, str]]:
    """Waves and audiences with a survey on the server whose field has begun and ended yesterday at most.

    Parameters
    ----------
    study
        The study.
    on
        The day.

    Returns
    -------
    list of tuple
        Wave and audience; the day after the last of the field is one more, for what came in at night.

    Examples
    --------
    >>> from datetime import date
    >>> open_surveys(study, date(2028, 3, 15))
    [('2028', 'erwachsene')]
    """
    return [
        (name, audience) for name, audience, first, last in _fields(study) if first <= on <= last + timedelta(days=1)
    ]


def _fields(study: Study) -> Iterator[tuple[str, str, date, date]]:
    """Wave, audience, first and last day of each field of a survey on the server."""
    for name, config in study.files.waves.items():
        for audience, entry in config.audience.items():
            if entry.survey_id is not None and entry.field is not None:
                yield name, audience, entry.field.start, entry.field.end


def _days_left(study: Study, on: date) -> list[int]:
    """Days until the day after the last one of each field that is not over: on that day it is fetched once more."""
    ends = [last + timedelta(days=1) for _, _, _, last in _fields(study)]
    return [(end - on).days for end in ends if end >= on]


def watch(every: timedelta, work: Work, rounds: int = 0) -> int:
    """Rounds of fetching and running until every field is over; the number of rounds that failed in part.

    Configuration is read anew in each round: what a person mends in between holds in the next. No round comes later
    than the day after a field's last, however long the time between two is.

    Parameters
    ----------
    every
        From the beginning of a round to that of the next.
    work
        What is done.
    rounds
        At most so many; 0: until no field is open any more, or will be.

    Raises
    ------
    ConfigError
        No field of the study is open on the first day: there is nothing to wait for.
    """
    done = failed = 0
    while not rounds or done < rounds:
        began = time.monotonic()
        is_whole, left = _round(work, is_first=done == 0)
        done += 1
        failed += not is_whole
        if left is not None and not any(left):
            work.say("no field is open any more")
            break
        if rounds and done >= rounds:
            break
        soonest = min((days for days in left or () if days), default=0)
        longest = every.total_seconds() if not soonest else min(every.total_seconds(), soonest * _DAY)
        work.wait(max(longest - (time.monotonic() - began), 0.0))
    return failed


_DAY = timedelta(days=1).total_seconds()


def _round(work: Work, *, is_first: bool) -> tuple[bool, list[int] | None]:
    """Whether all of it was done, and the days each field still has; nothing where that cannot be read."""
    is_whole = True
    try:
        study = work.load()
    except BildungsbedarfError as error:
        if is_first:
            raise
        work.say(f"this round was left out: {error.problems[0]}")
        return False, None
    surveys = open_surveys(study, work.today())
    if not surveys and is_first:
        raise ConfigError(
            "no field is open today: there is nothing to watch",
            where=f"surveys/{study.name}/waves",
            expected="a survey_id, and field = {from = …, to = …} around today",
        )
    for name, audience in surveys:
        try:
            work.pull(study, name, audience)
        except BildungsbedarfError as error:
            is_whole = False
            work.say(f"{name} · {audience}: not fetched: {error.problems[0]}")
    try:
        work.run(study)
    except BildungsbedarfError as error:
        is_whole = False
        work.say(f"not finished: {error.problems[0]}")
    return is_whole, _days_left(study, work.today())
