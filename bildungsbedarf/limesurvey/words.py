"""Words that LimeSurvey's interface writes into exports of full answers, in the languages it is used in."""

from __future__ import annotations

YES = frozenset(
    [
        "Yes",
        "Ja",
        "Oui",
        "Sí",
        "Sì",
        "Sim",
        "Tak",
        "Ano",
        "Áno",
        "Da",
        "Да",
        "Так",
        "Igen",
        "Evet",
        "Jes",
        "Jah",
        "Jā",
        "Taip",
        "Kyllä",
        "Ναι",
        "Bəli",
        "Po",
        "Bai",
        "Tá",
        "Si",
        "Sea",
        "Iè",
        "نعم",
        "بله",
        "כן",
        "हाँ",
        "はい",
        "是",
        "예",
        "Có",
        "Ya",
        "ใช่",
        "Oo",
        "დიახ",
        "Այո",
    ]
)
NO = frozenset(
    [
        "No",
        "Nein",
        "Non",
        "Não",
        "Nie",
        "Ne",
        "Нет",
        "Не",
        "Ні",
        "Nem",
        "Hayır",
        "Ei",
        "Nē",
        "Nee",
        "Nej",
        "Nei",
        "Όχι",
        "Nu",
        "Xeyr",
        "Neen",
        "Ez",
        "Níl",
        "لا",
        "خیر",
        "לא",
        "नहीं",
        "いいえ",
        "否",
        "아니오",
        "Không",
        "Tidak",
        "ไม่ใช่",
        "Hindi",
        "არა",
        "Ոչ",
    ]
)
TRUE = frozenset(["TRUE", "True", "true", "WAHR", "wahr"])
FALSE = frozenset(["FALSE", "False", "false", "FALSCH", "falsch"])
"""What spreadsheets make of yes and no, whichever way a column is exported."""
OTHER = frozenset(
    ["Other", "Sonstiges", "Autre", "Otro", "Altro", "Outro", "Inne", "Другое", "Diğer", "Anders", "Annet"]
)
NOTHING = "N/A"
"""Stands where a person was not asked."""

NO_DATE = frozenset(
    [NOTHING, "NA", "NULL", "null", "nan", "NaN", "NaT", "None", "0", "-", "0000-00-00", "0000-00-00 00:00:00"]
)
"""What databases, spreadsheets and statistics programs write where there is no date."""

UNKNOWN_DATE = "unknown"
"""In the place of ``submitdate``: the table does not say who finished."""

SYSTEM = {
    "id": ("Response ID", "Antwort ID"),
    "submitdate": ("Date submitted", "Datum Abgeschickt", "Abgeschickt am"),
    "lastpage": ("Last page", "Letzte Seite"),
    "startlanguage": ("Start language", "Start-Sprache", "Startsprache"),
    "seed": ("Seed", "Zufallsstartwert"),
    "startdate": ("Date started", "Datum gestartet"),
    "datestamp": ("Date last action", "Datum letzte Aktivität"),
    "token": ("Access code", "Token", "Zugangscode", "Zugangsschlüssel"),
    "ipaddr": ("IP address", "IP-Adresse"),
    "refurl": ("Referrer URL", "URL der verweisenden Seite", "Weiterleitende URL"),
    "interviewtime": ("Total time", "Gesamtzeit"),
}
"""Columns of every export, and what they are called where headings are texts."""
