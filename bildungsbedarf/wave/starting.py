"""Start a study from nothing but a questionnaire: files that ``check`` reads, and what a person must still decide."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bildungsbedarf.codebook import Codebook, Question, read_codebook
from bildungsbedarf.codebook.proposing import propose_codebook
from bildungsbedarf.errors import ConfigError, StepError
from bildungsbedarf.sources.tables import read_csv_text
from bildungsbedarf.study import Project

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
_WAVE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}")
_NO_VALUE = {
    "dont_know": re.compile(
        r"(ich )?wei(ß|ss) (ich |es |das )*(noch )?nicht( genau)?|(das )?(kann|lässt sich) (ich |das |es )*nicht "
        r"((be)?urteilen|sagen|einschätzen|beantworten)|nicht beurteilbar|keine (ahnung|meinung)|schwer zu sagen|"
        r"(i )?(do not|don.?t) know|(i )?(cannot|can.?t) (say|judge|tell)|no opinion|not sure|unsure|dk",
        re.I,
    ),
    "refused": re.compile(
        r"(das |dazu |hierzu )?(möchte|will) (ich )?(dazu |hierzu |das |darauf )?(nicht|keine) "
        r"(sagen|beantworten|angeben|antworten|antwort geben|angaben? machen)|(antwort )?verweigert|"
        r"(i )?(prefer|would rather|rather) not( to)? (say|answer|tell)|refused( to answer)?",
        re.I,
    ),
    "not_answered": re.compile(r"keine (angaben?|antwort)( gemacht)?|k\. ?a\.?|no answer|not answered", re.I),
}
"""Words that say an answer is no value, by the reason they stand for; the whole text, or all its parts."""
_PARTS = re.compile(r"\s*(?:/|,|;|\(|\)|\boder\b|\bor\b)\s*")
_PERHAPS = re.compile(
    r"nicht zutreffend|trifft (auf mich )?nicht zu$|entfällt|betrifft mich nicht|not applicable|does(n.t| not) apply|"
    r"^\s*n/?a\s*$|sonstiges|keine davon|none of|unentschieden|undecided|wei(ß|ss) .*nicht|don.?t know|keine angabe|"
    r"no answer",
    re.I,
)
"""Words that may be a step of the scale, or no value at all."""
_IMPORTANT = re.compile(r"wichtig|important|importance", re.I)
_SATISFIED = re.compile(r"zufrieden|satisf", re.I)
_MOST_GROUPS, _MOST_CATEGORIES = 5, 8
AUDIENCE = "befragung"


@dataclass(frozen=True)
class Start:
    """Where the new study lies, and what is still to be decided."""

    folder: Path
    decisions: tuple[str, ...]


def start_study(project: Project, name: str, questionnaire: Path, wave: str, server: str = "") -> Start:
    """Write ``surveys/<name>/``: ``study.toml``, the questionnaire and ``waves/<wave>.toml``.

    ``server`` is the address the questionnaire was fetched from: ``pull`` asks there. What a questionnaire cannot tell
    is written so that nothing too much is said (an open survey:
    ``nonprobability``), and listed as a decision.

    Raises
    ------
    ConfigError
        The name is none, or the study is there already.
    DataError
        The questionnaire cannot be read; nothing is written then.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError("name of a study has other signs", value=name, expected="small letters, digits, - and _")
    if not _WAVE.fullmatch(wave):
        raise ConfigError("name of a wave has other signs", value=wave, expected="letters and digits, such as 2027")
    folder = project.surveys / name
    if folder.exists():
        raise ConfigError("there is a study of this name", where=name, remedy="choose another name, or edit that one")
    proposed = _proposed(questionnaire)
    if proposed:
        with tempfile.TemporaryDirectory() as place:
            written = Path(place) / "questionnaire.csv"
            written.write_text(proposed, encoding="utf-8")
            return _written(project, name, written, wave, server, is_proposed=True)
    return _written(project, name, questionnaire, wave, server, is_proposed=False)


def _proposed(source: Path) -> str:
    """A codebook proposed for a table of answers that comes without one; nothing where the file is a questionnaire."""
    if source.suffix.lower() != ".csv" or not source.is_file():
        return ""
    table = read_csv_text(source.read_bytes(), source.name)
    return "" if {"question", "type"} <= set(table.columns) else propose_codebook(table)


def _written(project: Project, name: str, questionnaire: Path, wave: str, server: str, *, is_proposed: bool) -> Start:
    folder = project.surveys / name
    codebook = read_codebook(questionnaire)
    kept = f"questionnaire{questionnaire.suffix.lower()}"
    battery, days = _battery(codebook), _field(questionnaire)
    text = _study_text(codebook, kept, battery, server)
    try:
        staging = Path(tempfile.mkdtemp(prefix=".new-", dir=project.surveys))
        try:
            (staging / "waves").mkdir()
            (staging / "study.toml").write_text(text, encoding="utf-8")
            (staging / "waves" / f"{wave}.toml").write_text(_wave_text(codebook, days), encoding="utf-8")
            shutil.copyfile(questionnaire, staging / kept)
            staging.chmod(0o755)
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise StepError(f"study cannot be written: {error.strerror}", where=f"surveys/{name}") from None
    decisions = _decisions(codebook, battery, days)
    guessed = "questionnaire.csv: types, order and words of the answers are guessed from the table; put scales in order"
    return Start(folder, (*([guessed] if is_proposed else []), *decisions))


def _battery(codebook: Codebook) -> tuple[Question, Question] | None:
    """Two arrays with the same rows on the same numbered scale, one of importance, one of satisfaction."""
    arrays = [q for q in codebook.questions if q.type.axes == "subquestions" and q.type.values == "scale"]
    for first in arrays:
        for second in arrays:
            asks = _IMPORTANT.search(_wording(first)) and _SATISFIED.search(_wording(second))
            same = [row.code for row in first.rows] == [row.code for row in second.rows]
            if first is not second and asks and same and _scale(first) and _scale(first) == _scale(second):
                return first, second
    return None


def _wording(question: Question) -> str:
    labels = " ".join(text for answer in question.answers for text in answer.texts.values())
    return " ".join([*question.texts.values(), labels])


def _scale(question: Question) -> list[str]:
    """Codes of the scale without those that say "don't know"; empty where they are no numbers."""
    no_values = _no_values(question)
    codes = [answer.code for answer in question.answers if answer.code not in no_values]
    return codes if codes and all(code.isdigit() for code in codes) else []


def _no_values(question: Question) -> dict[str, str]:
    """Codes of a question whose words say that they are no value → reason."""
    found = {answer.code: _reason(answer.texts.values()) for answer in question.answers}
    return {code: reason for code, reason in found.items() if reason}


def _reason(texts: Iterable[str]) -> str:
    """Why an answer of these words is none: "don't know", "no answer / don't know"; "" where it is one."""
    for text in texts:
        parts = [part for part in _PARTS.split(text.strip(" .–-…")) if part]
        reasons = [next((why for why, words in _NO_VALUE.items() if words.fullmatch(part)), "") for part in parts]
        if reasons and all(reasons):
            return reasons[0]
    return ""


def _perhaps(codebook: Codebook) -> list[str]:
    """Scales with a step that may be none: what a person must look at."""
    found = []
    for question in codebook.questions:
        if question.type.values not in ("scale", "choice"):
            continue
        no_values = _no_values(question)
        found += [
            f'study.toml, missing: {question.code}, code {answer.code} "{next(iter(answer.texts.values()))}": '
            "a step of the scale, or no value?"
            for answer in question.answers
            if answer.code not in no_values and any(_PERHAPS.search(text) for text in answer.texts.values())
        ]
    return found


def _groups(codebook: Codebook) -> list[str]:
    closed = [
        question.code
        for question in codebook.questions
        if question.type.axes == "single" and question.type.values == "choice"
        if 2 <= len(question.answers) <= _MOST_CATEGORIES
    ]
    return closed[:_MOST_GROUPS]


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def _list(codes: list[str]) -> str:
    return "[" + ", ".join(map(_quoted, codes)) + "]"


def _study_text(codebook: Codebook, kept: str, battery: tuple[Question, Question] | None, server: str) -> str:
    german = next((text for code, text in codebook.title.items() if code.startswith("de")), "")
    title = german or next(iter(codebook.title.values()), "") or "Befragung"
    lines = [
        f"# Written from {kept}. Decide what is marked with ???, then: bildungsbedarf check",
        "",
        "[study]",
        f"title = {_quoted(title)}",
        f'language = "{"de" if any(code.startswith("de") for code in codebook.languages) else "en"}"',
        'region = "00000"                 # ??? official key of the district, five digits',
        'contact = "buero@example.org"    # ??? who answers questions about the report',
        "",
        *(["[server]", f"url = {_quoted(server)}", ""] if server else []),
        f"[audience.{AUDIENCE}]",
        f"questionnaire = {_quoted(kept)}",
        'sampling = "nonprobability"      # ??? probability: drawn by chance; census: all were asked',
        'population = "Personen, die den Fragebogen ausgefüllt haben"    # ???',
        *([f"groups = {_list(_groups(codebook))}"] if not battery and _groups(codebook) else []),
        "",
        f"# [audience.{AUDIENCE}.variables]    # classes and merged categories, for example:",
    ]
    numbers = [q.code for q in codebook.questions if q.type.axes == "single" and q.type.values == "number"]
    example = numbers[0] if numbers else "ALTER"
    lines += [f'# altersgruppe = {{from = "{example}", cut = [18, 30, 45, 65, 120]}}', ""]
    lines += _missing_text(codebook)
    if battery:
        lines += _battery_text(codebook, *battery)
    return "\n".join(lines)


def _missing_text(codebook: Codebook) -> list[str]:
    """One rule for each set of codes that say the same, by reason."""
    by_codes: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for question in codebook.questions:
        found = _no_values(question)
        for reason in _NO_VALUE:
            if codes := tuple(code for code, why in found.items() if why == reason):
                by_codes.setdefault((reason, codes), []).append(question.code)
    lines = [f"[audience.{AUDIENCE}.missing]"] if by_codes else []
    for reason in _NO_VALUE:
        rules = [
            f"    {{questions = {_list(questions)}, codes = {_list(list(codes))}}},"
            for (why, codes), questions in by_codes.items()
            if why == reason
        ]
        lines += [f"{reason} = [", *rules, "]"] if rules else []
    return [*lines, ""] if lines else []


def _battery_text(codebook: Codebook, importance: Question, satisfaction: Question) -> list[str]:
    steps = sorted(int(code) for code in _scale(importance))
    return [
        "[[needs]]",
        'id = "bedarfe"',
        f"importance = {_quoted(importance.code)}",
        f"satisfaction = {_quoted(satisfaction.code)}",
        f"groups = {_list(_groups(codebook))}",
        f"important_from = {steps[-2]}",
        f"dissatisfied_to = {steps[1]}",
        "",
    ]


def _field(questionnaire: Path) -> tuple[str, str]:
    """First and last day of the field phase, where the server knows them."""
    if questionnaire.suffix.lower() != ".json":
        return "", ""
    survey = json.loads(questionnaire.read_bytes()).get("survey") or {}
    first, last = (str(survey.get(key) or "")[:10] for key in ("startdate", "expires"))
    return (first, last) if first and last and first <= last else ("", "")


def _wave_text(codebook: Codebook, days: tuple[str, str]) -> str:
    first, last = days
    field = f"field = {{from = {first}, to = {last}}}" if first else ""
    asked = "# field = {from = 2027-03-01, to = 2027-03-31}    # ??? first and last day"
    lines = [f"[audience.{AUDIENCE}]", f"survey_id = {codebook.survey_id}", field or asked, ""]
    return "\n".join(lines)


def _decisions(codebook: Codebook, battery: tuple[Question, Question] | None, days: tuple[str, str]) -> list[str]:
    found = [
        "study.toml, region: the district's official key (five digits)",
        "study.toml, contact: who answers questions",
        "study.toml, sampling and population: how people were reached, and whom they stand for",
        "study.toml, variables: age groups and merged categories to compare",
        *([] if days[0] else ["waves: the days of the field phase"]),
        *_perhaps(codebook),
    ]
    if battery is None:
        found.append("study.toml, [[needs]]: no pair of importance and satisfaction on one scale was found")
    return found
