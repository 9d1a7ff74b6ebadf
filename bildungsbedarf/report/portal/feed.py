"""The files of the feed: from registers and ``subjects.json``, nothing computed; the same bytes from the same data."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from markupsafe import Markup
from pydantic import BaseModel

from bildungsbedarf.findings import DECLARED, all_findings, item_labels
from bildungsbedarf.language import LANGUAGES, translate
from bildungsbedarf.report.frame import css, environment, inline_script
from bildungsbedarf.report.opendata import claim
from bildungsbedarf.report.portal.model import (
    VERSION,
    Diagnosed,
    Diagnoses,
    Index,
    Named,
    Need,
    Needs,
    Offered,
    Offers,
    Published,
    Texts,
)
from bildungsbedarf.report.released import releases_of
from bildungsbedarf.report.subjects import Known, read_known
from bildungsbedarf.report.subjects.fields import NEED, field_path
from bildungsbedarf.report.subjects.municipalities import area_path
from bildungsbedarf.report.subjects.phases import phase_path
from bildungsbedarf.sources.files import sha256
from bildungsbedarf.wave import Study

_SHAPES: dict[str, type[BaseModel]] = {
    "index": Index,
    "needs": Needs,
    "offers": Offers,
    "diagnoses": Diagnoses,
}


def feed(study: Study) -> dict[str, str]:
    """All files of the feed by name; none where the study has no numbers by subject.

    Parameters
    ----------
    study
        The study.

    Returns
    -------
    dict
        ``index.json``, ``needs.json``, ``offers.json``, ``diagnoses.json``, ``findings.jsonld``,
        ``schema/*.schema.json``, ``openapi.json``, ``widget.html``.

    Raises
    ------
    DataError
        Registers or numbers by subject cannot be read.

    Examples
    --------
    >>> "needs.json" in feed(study)
    True
    """
    found = all_findings(study.files.project, study.name)
    known = read_known(study, found, lambda one: "")
    if known is None:
        return {}
    content: dict[str, BaseModel] = {"needs": _needs(known)}
    if known.offers_wave is not None:
        content |= {"offers": _offers(known), "diagnoses": _diagnoses(known)}
    made = {f"{name}.json": _json(shape.model_dump(mode="json")) for name, shape in content.items()}
    made["findings.jsonld"] = _json({"@context": "https://schema.org", "@graph": [claim(one) for one in found]})
    schemas = {f"schema/{name}.schema.json": _json(shape.model_json_schema()) for name, shape in _SHAPES.items()}
    index = _index(known, made, schemas)
    made["index.json"] = _json(index.model_dump(mode="json"))
    made["openapi.json"] = _json(_openapi(study, made))
    return {**made, **schemas, "widget.html": _widget(known, index)}


def _named(known: Known) -> tuple[list[Named], list[Named], list[Named]]:
    """Fields, municipalities and phases of life, with their pages."""
    left_out = known.pages.leave_out
    labels = {language: item_labels(DECLARED["unmet_need"], known.survey, language) for language in LANGUAGES}
    fields = [
        Named(
            id=item,
            title=_texts({language: labels[language][item] for language in LANGUAGES}),
            page="" if "fields" in left_out else field_path(item),
        )
        for item in known.fields
    ]
    places = [
        Named(
            id=area["code"],
            title=_texts(dict.fromkeys(LANGUAGES, str(area["name"]))),
            page="" if "municipalities" in left_out else area_path(area["code"]),
        )
        for area in known.areas
    ]
    phases = [
        Named(
            id=phase.id,
            title=_texts({language: phase.title.get(language) for language in LANGUAGES}),
            page="" if "life_phases" in left_out else phase_path(phase),
        )
        for phase in known.pages.life_phase
    ]
    return fields, places, phases


def _texts(words: dict[str, str]) -> Texts:
    return {"de": words["de"], "en": words["en"]}


def _needs(known: Known) -> Needs:
    found = []
    for wave, rows in known.rows.items():
        for row in rows:
            if row["measure"] == "small_area":
                found.append(_need(wave, row, place=row["group"]))
            elif row["measure"] == "unmet_need" and not row["by"]:
                found.append(_need(wave, row))
            elif row["measure"] == "unmet_need":
                found += [
                    _need(wave, row, life_phase=phase.id)
                    for phase in known.pages.life_phase
                    if (phase.by, phase.category) == (row["by"], row["group"])
                ]
    return Needs(
        study=known.study.name,
        measure=_texts({language: translate(NEED, language) for language in LANGUAGES}),
        population=_texts(known.survey.population),
        needs=found,
    )


def _need(wave: str, row: dict[str, Any], place: str | None = None, life_phase: str | None = None) -> Need:
    return Need(
        wave=wave,
        field=row["item"],
        place=place,
        life_phase=life_phase,
        n=row["n"],
        share=row["estimate"],
        low=row["low"],
        high=row["high"],
        modelled=place is not None,
    )


def _offers(known: Known) -> Offers:
    rules = known.study.files.offers
    return Offers(
        study=known.study.name,
        wave=known.offers_wave.name if known.offers_wave is not None else "",
        complete=rules is not None and rules.coverage == "complete",
        offers=[Offered(**entry) for entry in known.offers],
    )


def _diagnoses(known: Known) -> Diagnoses:
    return Diagnoses(
        study=known.study.name,
        wave=known.offers_wave.name if known.offers_wave is not None else "",
        diagnoses=[
            Diagnosed.model_validate({name: entry[name] for name in Diagnosed.model_fields})
            for entry in known.diagnoses
        ],
    )


def _index(known: Known, made: dict[str, str], schemas: dict[str, str]) -> Index:
    study = known.study
    config = study.files.config.study
    fields, places, phases = _named(known)
    listed = [
        Published(path=name, sha256=sha256(text.encode()), schema_path=schema if schema in schemas else "")
        for name, text in sorted(made.items())
        for schema in [f"schema/{name.partition('.')[0]}.schema.json"]
    ]
    return Index(
        study=study.name,
        title=_texts({language: config.title.get(language) for language in LANGUAGES}),
        region=config.region,
        licence=known.pages.licence,
        contact=config.contact,
        example=config.example,
        released=releases_of(study)[known.last] is not None,
        waves=known.waves,
        fields=fields,
        places=places,
        life_phases=phases,
        files=listed,
    )


_MEDIA = {".json": "application/json", ".jsonld": "application/ld+json"}


def _openapi(study: Study, made: dict[str, str]) -> dict[str, Any]:
    """OpenAPI 3.1: each file is a path; nothing is asked of the server but to give it out."""
    paths = {}
    for name in sorted(made):
        stem, dot, ending = name.partition(".")
        shape = {"$ref": f"schema/{stem}.schema.json"} if stem in _SHAPES else {"type": "object"}
        paths[f"/{name}"] = {
            "get": {
                "operationId": stem.replace("-", "_"),
                "summary": f"{name} of {study.name}",
                "responses": {
                    "200": {"description": "As released", "content": {_MEDIA[dot + ending]: {"schema": shape}}},
                    "304": {"description": "Unchanged (ETag)"},
                },
            }
        }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": study.files.config.study.title.de,
            "version": VERSION.rpartition("/")[2],
            "description": "Needs, offers and findings, after disclosure control. Static files: any server gives them "
            "out; an ETag may be the sha256 of index.json.",
        },
        "paths": paths,
    }


def _widget(known: Known, index: Index) -> str:
    """A page to embed: municipality and phase of life to choose, need and offers of each field; whole without scripts.

    Its data are in the page; its script's hash is in the page's own policy.
    """
    language = known.language
    fields, places, phases = ([(one.id, one.title[language]) for one in each] for each in _listed(index))
    words = {
        "few": translate("too few", language),
        "modelled": translate("modelled", language),
        "offers": translate("Offers here", language),
        "to": translate("{low} to {high}%", language, low="{low}", high="{high}"),
    }
    data = {
        "language": language,
        "words": words,
        "needs": _chosen(known),
        "offers": [[entry["field"], entry["place"], entry["offers"]] for entry in known.offers],
        "counted": known.offers_wave is not None,
    }
    return (
        environment()
        .get_template("widget.html")
        .render(
            language=language,
            title=translate("What is lacking, and what there is", language),
            study=index.title[language],
            state=translate("Example data, made up.", language) if index.example else "",
            css=Markup(css()),  # noqa: S704 - our own file
            **inline_script("widget.js"),
            data=Markup(json.dumps(data, ensure_ascii=True).replace("<", "\\u003c")),  # noqa: S704 - escaped for HTML
            fields=fields,
            places=places,
            phases=phases,
            district={row["item"]: known.share(row["estimate"], 0) for row in known.own("unmet_need")},
            words={name: translate(text, language) for name, text in _WIDGET_WORDS.items()},
            wave=known.last,
        )
    )


_WIDGET_WORDS = {
    "place": "Municipality",
    "phase": "Phase of life",
    "district": "Whole district",
    "everyone": "Everyone",
    "field": "Field",
    "share": "Lack suitable offers",
    "offers": "Offers here",
    "note": "Shares of all who can judge both; of municipalities as modelled, and not by phase of life.",
}


def _listed(index: Index) -> tuple[Sequence[Named], Sequence[Named], Sequence[Named]]:
    return index.fields, index.places, index.life_phases


def _chosen(known: Known) -> list[list[Any]]:
    """Field, municipality or ``""``, phase of life or ``""``, share, low, high: of the newest wave."""
    return [
        [one.field, one.place or "", one.life_phase or "", one.share, one.low, one.high]
        for one in _needs(known).needs
        if one.wave == known.last
    ]


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"
