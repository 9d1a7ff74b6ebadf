"""Start a study from nothing but a questionnaire: files that ``check`` reads, and what a person must still decide."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bildungsbedarf.codebook import Codebook, Question, read_codebook
from bildungsbedarf.errors import ConfigError, StepError
from bildungsbedarf.study import Project

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
_WAVE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,30}")
_DONT_KNOW = re.compile(
    r"wei(ß|ss) (ich )?nicht|nicht (be)?urteilen|keine angabe|don.?t know|cannot say|no answer", re.I
)
_IMPORTANT = re.compile(r"wichtig|important|importance", re.I)
_SATISFIED = re.compile(r"zufrieden|satisf", re.I)
_MOST_GROUPS, _MOST_CATEGORIES = 5, 8
AUDIENCE = "befragung"


@dataclass(frozen=True)
class Start:
    """Where the new study lies, and what is still to be decided."""

    folder: Path
    decisions: tuple[str, ...]


def start_study(project: Project, name: str, questionnaire: Path, wave: str) -> Start:
    """Write ``surveys/<name>/``: ``study.toml``, the questionnaire and ``waves/<wave>.toml``.

    What a questionnaire cannot tell is written so that nothing too much is said (an open survey:
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
    codebook = read_codebook(questionnaire)
    kept = f"questionnaire{questionnaire.suffix.lower()}"
    battery = _battery(codebook)
    text = _study_text(codebook, kept, battery)
    try:
        staging = Path(tempfile.mkdtemp(prefix=".new-", dir=project.surveys))
        try:
            (staging / "waves").mkdir()
            (staging / "study.toml").write_text(text, encoding="utf-8")
            (staging / "waves" / f"{wave}.toml").write_text(_wave_text(codebook), encoding="utf-8")
            shutil.copyfile(questionnaire, staging / kept)
            staging.chmod(0o755)
            staging.rename(folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        raise StepError(f"study cannot be written: {error.strerror}", where=f"surveys/{name}") from None
    return Start(folder, tuple(_decisions(battery)))


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
    codes = [answer.code for answer in question.answers if answer.code not in _dont_know(question)]
    return codes if codes and all(code.isdigit() for code in codes) else []


def _dont_know(question: Question) -> list[str]:
    return [a.code for a in question.answers if any(_DONT_KNOW.search(text) for text in a.texts.values())]


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


def _study_text(codebook: Codebook, kept: str, battery: tuple[Question, Question] | None) -> str:
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
        f"[audience.{AUDIENCE}]",
        f"questionnaire = {_quoted(kept)}",
        'sampling = "nonprobability"      # ??? probability: drawn by chance; census: all were asked',
        'population = "Personen, die den Fragebogen ausgefüllt haben"    # ???',
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
    by_codes: dict[tuple[str, ...], list[str]] = {}
    for question in codebook.questions:
        if found := _dont_know(question):
            by_codes.setdefault(tuple(found), []).append(question.code)
    if not by_codes:
        return []
    # one rule: study.toml knows one set of codes for "don't know"; the most frequent one
    codes, questions = max(by_codes.items(), key=lambda item: (len(item[1]), item[0]))
    rule = f"dont_know = {{questions = {_list(questions)}, codes = {_list(list(codes))}}}"
    return [f"[audience.{AUDIENCE}.missing]", rule, ""]


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


def _wave_text(codebook: Codebook) -> str:
    lines = [f"[audience.{AUDIENCE}]", f"survey_id = {codebook.survey_id}", ""]
    return "\n".join([*lines, "# field = {from = 2027-03-01, to = 2027-03-31}    # ??? first and last day", ""])


def _decisions(battery: tuple[Question, Question] | None) -> list[str]:
    found = [
        "study.toml, region: the district's official key (five digits)",
        "study.toml, contact: who answers questions",
        "study.toml, sampling and population: how people were reached, and whom they stand for",
        "study.toml, variables: age groups and merged categories to compare",
        "waves: the days of the field phase",
    ]
    if battery is None:
        found.append("study.toml, [[needs]]: no pair of importance and satisfaction on one scale was found")
    return found
