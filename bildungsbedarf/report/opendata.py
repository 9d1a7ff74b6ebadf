"""A register as open data: tidy CSV with a data package (frictionless), and JSON-LD by schema.org."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bildungsbedarf.findings import Finding, GoalEvidence
from bildungsbedarf.findings.telling import ROLE_WORDS
from bildungsbedarf.show.workbooks import csv_text
from bildungsbedarf.study.pages import PagesFile
from bildungsbedarf.wave import Study

FOLDER = "opendata"
_BY = "Datenlizenz Deutschland – Namensnennung – Version 2.0"
_ZERO = "Datenlizenz Deutschland – Zero – Version 2.0"
_LICENCES = {
    "dl-de/by-2-0": (_BY, "https://www.govdata.de/dl-de/by-2-0", "dl-by-de/2.0"),
    "dl-de/zero-2-0": (_ZERO, "https://www.govdata.de/dl-de/zero-2-0", "dl-zero-de/2.0"),
    "CC-BY-4.0": ("Creative Commons Namensnennung 4.0", "https://creativecommons.org/licenses/by/4.0/", "cc-by/4.0"),
    "CC0-1.0": ("Creative Commons Zero 1.0", "https://creativecommons.org/publicdomain/zero/1.0/", "cc-zero"),
}
"""Name in pages.toml → title, address, and what the catalogue of licences of DCAT-AP.de calls it."""
_CATALOGUE_WORDS = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dcatde": "http://dcat-ap.de/def/dcatde/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}
_TYPES = {"n": "integer", "count": "integer", "family": "integer", "headline": "boolean"}
_NUMBERS = ("estimate", "se", "ci_low", "ci_high", "sim_low", "sim_high")
_COLUMNS = {
    "id": "The same in every wave",
    "statement_de": "What is said, in German",
    "statement_en": "What is said, in English",
    "kind": "Kind of statement",
    "measure": "What is measured",
    "item": "Code of what the estimate is of",
    "study": "Study",
    "wave": "Wave, or two for a change",
    "audience": "Who was asked; empty for official statistics",
    "questions": "Questions, separated by |",
    "wording_de": "Wording in German",
    "base_de": "Whom the estimate speaks of, in German",
    "n": "Unweighted persons of the base",
    "count": "Unweighted persons in the category",
    "estimate": "Estimate",
    "se": "Standard error",
    "ci_low": "Lower end of the 95 % interval",
    "ci_high": "Upper end of the 95 % interval",
    "sim_low": "Lower end of the interval that holds for the whole family",
    "sim_high": "Upper end of that interval",
    "interval": "The interval the sentence shows",
    "family": "Estimates the joint interval holds for",
    "unit": "Unit of the estimate",
    "groups": "Grouping variable and category, separated by |",
    "concept": "Concept across audiences",
    "goals": "Strategic goals, separated by |",
    "headline": "Belongs on the first page",
    "snapshot": "SHA-256 of the snapshots, separated by |",
    "notebook": "Where it is shown",
}


def findings_files(study: Study, folder: str, found: Sequence[Finding]) -> dict[str, str]:
    """``findings.csv``, ``datapackage.json``, ``findings.jsonld`` and ``dcat.jsonld`` of one register."""
    fields = [{"name": name, "type": _type(name), "description": text} for name, text in _COLUMNS.items()]
    resource = {
        "name": "findings",
        "path": "findings.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": {"fields": fields, "primaryKey": ["id", "wave"], "missingValues": [""]},
    }
    return {
        "findings.csv": csv_text(list(_COLUMNS), [_row(one) for one in found]),
        "datapackage.json": _json(_package(study, folder, [resource])),
        "findings.jsonld": _json({"@context": "https://schema.org", "@graph": [claim(one) for one in found]}),
        "dcat.jsonld": _json(catalogue_entry(study, folder)),
    }


def catalogue_entry(study: Study, folder: str) -> dict[str, Any]:
    """The register as ``dcat:Dataset`` by DCAT-AP.de 3.0, for the catalogue of an open data portal.

    Addresses are relative: they lie beside this file wherever it is put.

    Parameters
    ----------
    study
        The study.
    folder
        Of the register: a wave, a wave and an audience, or ``all``.

    Returns
    -------
    dict
        JSON-LD.

    Examples
    --------
    >>> catalogue_entry(study, "2028")["dcterms:license"]["@id"]
    'http://dcat-ap.de/def/licenses/dl-by-de/2.0'
    """
    config = study.files.config.study
    licence = {"@id": f"http://dcat-ap.de/def/licenses/{_LICENCES.get(licence_of(study), ('', '', 'other-open'))[2]}"}
    titles = [{"@language": "de", "@value": f"{config.title.de}: Befunde {folder}"}]
    if config.title.en:
        titles.append({"@language": "en", "@value": f"{config.title.en}: findings {folder}"})
    entry: dict[str, Any] = {
        "@context": _CATALOGUE_WORDS,
        "@type": "dcat:Dataset",
        "@id": f"urn:bildungsbedarf:{study.name}:{folder.replace('/', ':')}",
        "dcterms:identifier": f"{study.name}/{folder}",
        "dcterms:title": titles,
        "dcterms:description": {
            "@language": "de",
            "@value": "Befunde einer Bildungsbefragung mit Unsicherheitsbereichen; kleine Gruppen sind geschützt.",
        },
        "dcterms:license": licence,
        "dcterms:publisher": {"@type": "foaf:Organization", "foaf:name": config.contact or config.title.de},
        "dcat:theme": {"@id": "http://publications.europa.eu/resource/authority/data-theme/EDUC"},
        "dcterms:language": {"@id": "http://publications.europa.eu/resource/authority/language/DEU"},
        "dcat:keyword": ["Bildung", "Bildungsmonitoring", "Befragung"],
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dcterms:title": name,
                "dcat:accessURL": {"@id": name},
                "dcat:downloadURL": {"@id": name},
                "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{kind}"},
                "dcterms:license": licence,
                "dcatde:licenseAttributionByText": config.title.de,
            }
            for name, kind in (("findings.csv", "text/csv"), ("findings.jsonld", "application/ld+json"))
        ],
    }
    if config.region:
        key = f"http://dcat-ap.de/def/politicalGeocoding/districtKey/{config.region}"
        entry["dcatde:politicalGeocodingURI"] = {"@id": key}
    if config.contact:
        entry["dcat:contactPoint"] = {
            "@type": "vcard:Organization",
            "vcard:hasEmail": {"@id": f"mailto:{config.contact}"},
        }
    return entry


def goals_files(study: Study, goals: Sequence[GoalEvidence]) -> dict[str, str]:
    """``goals.csv`` (goal × role × finding) with its package: the matrix behind the verdicts."""
    columns = {
        "goal": "Id of the goal",
        "title": "Title in German",
        "by": "Target year",
        "state": "What follows by the rules of leitbild.toml",
        "role": "need, consent, supply or progress",
        "finding": "Id of the finding",
        "wave": "Wave of the finding",
        "audience": "Who was asked; empty for official statistics",
        "low": "Lower end of the printed interval",
        "high": "Upper end of the printed interval",
        "unit": "Unit of limit and interval",
        "direction": "Side of the limit that carries",
        "limit": "Limit",
        "against": "Where it begins to contradict",
        "verdict": "carries, contradicts or open",
    }
    rows = []
    for one in goals:
        head = [one.goal.id, one.goal.title.de, one.goal.by, one.state]
        rows += [
            [
                *head,
                piece.evidence.role,
                piece.finding.id,
                piece.finding.wave,
                piece.finding.audience,
                piece.low,
                piece.high,
                piece.finding.unit,
                piece.evidence.direction,
                piece.evidence.limit,
                piece.evidence.turning,
                piece.verdict,
            ]
            for piece in one.pieces
        ] or [[*head, *[""] * (len(columns) - len(head))]]
    kinds = {"by": "integer"} | dict.fromkeys(("low", "high", "limit", "against"), "number")
    fields = [{"name": name, "type": kinds.get(name, "string"), "description": text} for name, text in columns.items()]
    resource = {
        "name": "goals",
        "path": "goals.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "profile": "tabular-data-resource",
        "schema": {"fields": fields, "missingValues": [""]},
    }
    return {
        "goals.csv": csv_text(list(columns), rows),
        "goals.datapackage.json": _json(_package(study, "goals", [resource])),
        "goals.jsonld": _json({"@context": "https://schema.org", "@graph": [_goal(study, one) for one in goals]}),
    }


def claim(one: Finding) -> dict[str, Any]:
    """A finding as ``Claim`` that rests on an ``Observation``; its address is the same in every publication."""
    observation: dict[str, Any] = {
        "@type": "Observation",
        "@id": f"{address(one)}:observation",
        "variableMeasured": one.measure,
        "measurementMethod": one.method,
        "value": one.estimate,
        "unitText": one.unit,
        "observationPeriod": one.wave,
        "observationAbout": {"@type": "Thing", "name": one.base["de"]},
    }
    if one.kind != "indicator":
        observation["measurementDenominator"] = {"@type": "Observation", "name": "n", "value": one.n}
    low, high = one.ends
    if one.ci_low is not None:
        observation["marginOfError"] = {"@type": "QuantitativeValue", "minValue": low, "maxValue": high}
    return {
        "@type": "Claim",
        "@id": address(one),
        "identifier": one.id,
        "text": [{"@language": language, "@value": text} for language, text in one.statement.items()],
        "isBasedOn": observation,
        "about": [{"@type": "Thing", "identifier": goal} for goal in one.goals],
    }


def address(one: Finding) -> str:
    """``urn:bildungsbedarf:study:wave:audience:id``."""
    return ":".join(["urn:bildungsbedarf", one.study, one.wave, one.audience or "statistics", one.id])


def _goal(study: Study, one: GoalEvidence) -> dict[str, Any]:
    return {
        "@type": "Thing",
        "additionalType": "StrategicGoal",
        "@id": f"urn:bildungsbedarf:{study.name}:goal:{one.goal.id}",
        "name": [{"@language": "de", "@value": one.goal.title.de}, {"@language": "en", "@value": one.goal.title.en}],
        "description": one.state,
        "subjectOf": [
            {"@type": "Claim", "@id": address(piece.finding), "description": f"{ROLE_WORDS[role]}: {piece.verdict}"}
            for role, evidence in one.roles.items()
            for piece in evidence.pieces
        ],
    }


def _type(name: str) -> str:
    return "number" if name in _NUMBERS else _TYPES.get(name, "string")


def _row(one: Finding) -> list[object]:
    plain = one.model_dump()
    for language in ("de", "en"):
        plain |= {f"{name}_{language}": plain[name][language] for name in ("statement", "wording", "base")}
    plain["groups"] = [f"{name}={category}" for name, category in one.groups.items()]
    values = [plain[name] for name in _COLUMNS]
    return ["|".join(value) if isinstance(value, list) else _plain(value) for value in values]


def _plain(value: object) -> object:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else value


def _package(study: Study, folder: str, resources: list[dict[str, Any]]) -> dict[str, Any]:
    config = study.files.config
    sources = [{"title": words.de} for words in config.sources.values()]
    return {
        "name": "-".join([study.name, *folder.split("/")]).lower(),
        "title": config.study.title.de,
        "profile": "tabular-data-package",
        "licenses": [_licence(study)],
        "contributors": [{"title": config.study.contact, "role": "publisher"}],
        "sources": sources,
        "resources": resources,
    }


def _licence(study: Study) -> dict[str, str]:
    """The licence of pages.toml as a data package names it."""
    name = licence_of(study)
    title, path, _ = _LICENCES.get(name, (name, "", ""))
    return {"name": name, "title": title, **({"path": path} if path else {})}


def licence_of(study: Study) -> str:
    """Under which licence the study's data are, as pages.toml says it."""
    return (study.files.pages or PagesFile()).licence


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
