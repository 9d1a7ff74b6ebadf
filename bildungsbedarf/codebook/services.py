"""What Google Forms, Microsoft Forms and KoboToolbox call their own columns, in small letters."""

from __future__ import annotations

SYSTEM = {
    "zeitstempel": "submitdate",
    "timestamp": "submitdate",
    "completion time": "submitdate",
    "fertigstellungszeit": "submitdate",
    "_submission_time": "submitdate",
    "start time": "startdate",
    "startzeit": "startdate",
    "_id": "id",
}
"""Columns that stand for one of a LimeSurvey export."""
PERSONAL = frozenset(
    [
        "e-mail-adresse",
        "e-mail",
        "email",
        "email address",
        "e-mail address",
        "name",
        "first name",
        "firstname",
        "vorname",
        "last name",
        "lastname",
        "nachname",
        "surname",
        "familienname",
        "phone",
        "phonenumber",
        "telefon",
        "telefonnummer",
        "adresse",
        "address",
        "anschrift",
    ]
)
"""Columns that point to a person, left out of every table whose questionnaire does not ask for them."""
_OTHERS = frozenset(
    [
        "last modified time",
        "zeitpunkt der letzten änderung",
        "start",
        "end",
        "today",
        "deviceid",
        "username",
        "gesamtpunktzahl",
        "quizfeedback",
        "total points",
        "quiz feedback",
        "language",
        "sprache",
    ]
)
_BEGINNINGS = ("_", "meta/", "formhub/")


def is_services_own(heading: str) -> bool:
    """Whether a form service, not a question, made the column; ``heading`` in small letters."""
    return heading in SYSTEM or heading in PERSONAL or heading in _OTHERS or heading.startswith(_BEGINNINGS)
