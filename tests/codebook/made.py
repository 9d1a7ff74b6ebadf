"""Questionnaires of any version with any types of question, made for tests."""

from __future__ import annotations

TSV = ("class", "type/scale", "name", "text", "language", "relevance", "mandatory", "other")
"""Columns of a tab-separated structure that tests fill."""
LANGUAGES = ("de", "en")
WITH_ITEMS = "MPFHABCEKQ1:;"
WITH_ANSWERS = "!LOWZFH1R"
EVERY_TYPE = "!LOYGI5NDSTU*|XMPFHABCEKQ:;1R"


def _cells(row: dict[str, object]) -> str:
    return "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in row.items())


def _table(name: str, rows: list[dict[str, object]]) -> str:
    return f"<{name}><rows>" + "".join(f"<row>{_cells(row)}</row>" for row in rows) + f"</rows></{name}>"


def lss(version: int, letters: str = EVERY_TYPE, relevance: dict[str, str] | None = None) -> str:
    """A structure file with one question of each type, codes ``Q1``, ``Q2``, …; arrays have rows R1 and R2."""
    tables: dict[str, list[dict[str, object]]] = {
        name: []
        for name in (
            "groups",
            "questions",
            "question_l10ns",
            "subquestions",
            "answers",
            "answer_l10ns",
            "question_attributes",
            "labels",
            "conditions",
        )
    }
    is_new, is_oldest = version >= 400, version < 145
    languages = LANGUAGES if not is_new else LANGUAGES[:1]
    for language in languages:
        texts = {} if is_new else {"language": language, "group_name": "Gruppe"}
        tables["groups"].append({"gid": 1, "sid": 77, "group_order": 0, **texts, "grelevance": ""})
    number = 100

    def text(table: str, qid: object, words: str) -> None:
        for language in LANGUAGES:
            tables[table].append({"qid": qid, "question": f"{words} ({language})", "help": "", "language": language})

    for order, letter in enumerate(letters, start=1):
        code = f"Q{order}"
        base: dict[str, object] = {"qid": order, "sid": 77, "gid": 1, "type": letter, "title": code}
        base |= {"other": "Y" if letter in "!LMP" else "N", "mandatory": "N", "question_order": order}
        if not is_oldest:
            base |= {"parent_qid": 0, "relevance": (relevance or {}).get(code, "1")}
        if is_oldest:
            base |= {"lid": order if letter in "FH1WZ" else 0, "lid1": 1000 + order if letter == "1" else 0}
        if is_new:
            tables["questions"].append(base)
            text("question_l10ns", order, f"Frage <b>{code}</b>")
        else:
            for language in LANGUAGES:
                own = {"question": f"Frage <b>{code}</b> ({language})", "help": "", "language": language}
                tables["questions"].append(base | own)
        scales = (0, 1) if letter in ":;" else (0,)
        for scale in scales if letter in WITH_ITEMS else ():
            for place in (1, 2):
                number += 1
                title = f"{'RC'[scale]}{place}"
                item = {"qid": number, "parent_qid": order, "title": title, "question_order": place, "scale_id": scale}
                if is_oldest:
                    for language in LANGUAGES:
                        own = {"qid": order, "code": title, "answer": f"Zeile {title} ({language})", "sortorder": place}
                        tables["answers"].append(own | {"language": language})
                elif is_new:
                    tables["subquestions"].append(item | {"gid": 1, "type": "T", "relevance": "1"})
                    text("question_l10ns", number, f"Zeile {title}")
                else:
                    for language in LANGUAGES:
                        own = {"question": f"Zeile {title} ({language})", "language": language}
                        tables["subquestions"].append(item | own)
        for scale in (0, 1) if letter == "1" else (0,):
            for place in (1, 2, 3) if letter in WITH_ANSWERS else ():
                number += 1
                code_of = f"A{place}"
                if is_oldest and letter in "FH1WZ":
                    for language in LANGUAGES:
                        own = {"lid": order if not scale else 1000 + order, "code": code_of, "sortorder": place}
                        tables["labels"].append(own | {"title": f"Antwort {place} ({language})", "language": language})
                    continue
                answer = {"qid": order, "code": code_of, "sortorder": place, "scale_id": scale}
                if is_new:
                    tables["answers"].append(answer | {"aid": number})
                    for language in LANGUAGES:
                        own = {"aid": number, "answer": f"Antwort {place} ({language})", "language": language}
                        tables["answer_l10ns"].append(own)
                else:
                    for language in LANGUAGES:
                        own = {"answer": f"Antwort {place} ({language})", "language": language}
                        tables["answers"].append(answer | own)
    survey = {"sid": 77, "language": "de", "additional_languages": "en", "format": "G"}
    titles = [
        {"surveyls_survey_id": 77, "surveyls_language": language, "surveyls_title": f"Titel {language}"}
        for language in LANGUAGES
    ]
    body = _table("surveys", [survey]) + _table("surveys_languagesettings", list(titles))
    body += "".join(_table(name, rows) for name, rows in tables.items() if rows)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><document><LimeSurveyDocType>Survey</LimeSurveyDocType>'
        f"<DBVersion>{version}</DBVersion>{body}</document>"
    )


def tsv(rows: list[list[str]]) -> str:
    """A tab-separated structure in German of one group; each row as long as it says something."""
    whole = [["S", "", "sid", "1"], ["S", "", "language", "de"], ["G", "0", "Eins", "", "de", "1"], *rows]
    return "\n".join("\t".join([*row, *[""] * (len(TSV) - len(row))]) for row in [list(TSV), *whole]) + "\n"
