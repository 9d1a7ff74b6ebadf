"""Write microdata for SPSS, Stata, as CSV with a data package, or as DDI-Codebook 2.5; to a path a person names."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, get_args
from xml.etree.ElementTree import Element, SubElement, indent, tostring

import numpy as np
import pandas as pd
import pyreadstat

from bildungsbedarf.errors import ConfigError, StepError, nearest
from bildungsbedarf.study import Project
from bildungsbedarf.wave.microdata import MISSING, WEIGHT, Described, Microdata, numbered, reason_codes

Format = Literal["spss", "stata", "csv", "ddi"]
_SUFFIXES = {"spss": ".sav", "stata": ".dta", "csv": "", "ddi": ".xml"}
_LONGEST_LABEL = 120
_NAMESPACE = "ddi:codebook:2_5"
_STATA_LONGEST = 32
_MOST_TEXTS = 3
_SPSS_WORDS = re.compile(r"(?i:all|and|by|eq|ge|gt|le|lt|ne|not|or|to|with)|[_$#].*")
_STATA_WORDS = re.compile(
    r"_all|_b|byte|_coef|_cons|double|float|if|in|int|long|_n|_N|_pi|_pred|_rc|_skip|str\d+|strL|using|with"
)
"""Words that the program keeps for itself."""


def export_microdata(data: Microdata, form: str, path: Path, project: Project) -> Path:
    """Write the microdata; a folder with ``data.csv``, ``missing.csv`` and ``datapackage.json`` for ``csv``.

    Raises
    ------
    ConfigError
        Unknown format, a path under ``results/`` (what lies there is published), or something there already.
    StepError
        It cannot be written; nothing half-written stays.
    """
    if form not in get_args(Format):
        raise ConfigError("unknown format", value=form, expected=nearest(form, get_args(Format)))
    target = (path if path.suffix or form == "csv" else path.with_name(path.name + _SUFFIXES[form])).absolute()
    if target.resolve().is_relative_to((project.root / "results").resolve()):
        raise ConfigError("microdata never lie under results/", value=str(path), remedy="name a path outside of it")
    if target.exists():
        raise ConfigError("there is something at this path", value=str(path), remedy="name another path")
    data = _renamed(data, export_names(data, form))
    write: Callable[[Microdata, Path], None] = {"spss": _spss, "stata": _stata, "csv": _csv, "ddi": _ddi}[form]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".export-") as folder:
            staged = Path(folder) / target.name
            write(data, staged)
            _private(staged)
            shutil.move(staged, target)
    except OSError as error:
        raise StepError(f"export cannot be written: {error.strerror}", where=str(path)) from None
    return target


def _private(path: Path) -> None:
    """For the owner alone: it holds what people answered."""
    for one in [path, *(path.rglob("*") if path.is_dir() else [])]:
        one.chmod(0o700 if one.is_dir() else 0o600)


def export_names(data: Microdata, form: str) -> dict[str, str]:
    """Variables that are called otherwise in the file, with their names there.

    SPSS and Stata keep some words for themselves, and SPSS takes large and small letters for the same.
    """
    if form not in ("spss", "stata"):
        return {}
    taken: set[str] = set()
    found: dict[str, str] = {}
    for variable in data.variables:
        name = variable.name
        is_kept = _SPSS_WORDS if form == "spss" else _STATA_WORDS
        while is_kept.fullmatch(name) or (name.casefold() if form == "spss" else name) in taken:
            name = f"{name}_" if not name.startswith("_") else f"v{name}"
        taken.add(name.casefold() if form == "spss" else name)
        if name != variable.name:
            found[variable.name] = name
    return found


def _renamed(data: Microdata, names: dict[str, str]) -> Microdata:
    variables = tuple(replace(v, name=names.get(v.name, v.name)) for v in data.variables)
    return replace(
        data, data=data.data.rename(columns=names), missing=data.missing.rename(columns=names), variables=variables
    )


def _spss(data: Microdata, path: Path) -> None:
    """Codes as they are; missing reasons as −1, −2, … (``reason_codes``), declared as user-missing.

    SPSS knows at most three missing values of a text: where there are more reasons, the rarer ones are one.
    """
    table = data.data.copy()
    labels: dict[str, dict[Any, str]] = {}
    ranges: dict[str, list[Any]] = {}
    for variable in data.variables:
        reasons = data.missing[variable.name]
        codes = reason_codes(data, variable)
        occurring = [reason for reason in MISSING if (reasons == reason).any()]
        own: dict[Any, str] = {_code(code, variable): _short(text) for code, text in variable.values.items()}
        if occurring and variable.is_number:
            table[variable.name] = table[variable.name].where(reasons.isna(), reasons.astype("object").map(codes))
            own |= {float(codes[reason]): reason for reason in occurring}
            ranges[variable.name] = [{"lo": float(min(codes.values())), "hi": float(max(codes.values()))}]
        elif occurring:
            texts, told = _missing_texts(reasons, occurring, codes)
            table[variable.name] = table[variable.name].where(reasons.isna(), texts)
            own |= told
            ranges[variable.name] = list(told)
        if variable.is_number:
            table[variable.name] = table[variable.name].astype("float64")
        if own:
            labels[variable.name] = own
    pyreadstat.write_sav(
        table,
        str(path),
        file_label=_short(data.title)[:64],
        column_labels={variable.name: _short(variable.label) for variable in data.variables},
        variable_value_labels=labels,
        missing_ranges=ranges,
    )


def _missing_texts(reasons: pd.Series, occurring: list[str], codes: dict[str, int]) -> tuple[pd.Series, dict[str, str]]:
    """What stands in a text variable for each reason, three different ones at most; and their labels."""
    own = reasons.astype("object").map(lambda reason: reason if pd.isna(reason) else str(codes[reason]))
    if len(occurring) <= _MOST_TEXTS:
        return own, {str(codes[reason]): reason for reason in occurring}
    by_count = sorted(occurring, key=lambda reason: (-int((reasons == reason).sum()), reason))
    rarer = by_count[_MOST_TEXTS - 1 :]
    together = str(min(codes.values()) - 1)
    kept = {str(codes[reason]): reason for reason in by_count[: _MOST_TEXTS - 1]}
    return own.mask(reasons.isin(rarer), together), kept | {together: ", ".join(rarer)}


def _stata(data: Microdata, path: Path) -> None:
    """All codes as numbers; missing reasons as ``.a``, ``.b``, … in the order of the reasons."""
    table, labels = numbered(data)
    letters = {reason: chr(ord("a") + number) for number, reason in enumerate(MISSING)}
    users: dict[str, list[str]] = {}
    final: dict[str, dict[Any, str]] = {
        name: {code: _short(t) for code, t in each.items()} for name, each in labels.items()
    }
    for variable in data.variables:
        reasons = data.missing[variable.name]
        occurring = [reason for reason in MISSING if (reasons == reason).any()]
        if not occurring or not pd.api.types.is_float_dtype(table[variable.name].dtype):
            continue
        marks = reasons.astype("object").map(letters)
        table[variable.name] = table[variable.name].astype("object").where(reasons.isna(), marks)
        users[variable.name] = [letters[reason] for reason in occurring]
        final.setdefault(variable.name, {}).update({letters[reason]: reason for reason in occurring})
    for variable in data.variables:
        if len(variable.name) > _STATA_LONGEST:
            raise ConfigError(
                "Stata takes names of 32 signs at most", value=variable.name, remedy="export to SPSS or CSV"
            )
    pyreadstat.write_dta(
        table,
        str(path),
        file_label=_short(data.title)[:80],
        column_labels=[_short(variable.label)[:80] for variable in data.variables],
        variable_value_labels=final,
        missing_user_values=users,
        version=15,
    )


def _csv(data: Microdata, path: Path) -> None:
    """Codes as text; what is missing is empty, and why stands in the same place of ``missing.csv``."""
    path.mkdir()
    table = pd.DataFrame({v.name: _texts(data.data[v.name]) for v in data.variables})
    table.to_csv(path / "data.csv", index=False, lineterminator="\n")
    data.missing.astype("object").to_csv(path / "missing.csv", index=False, lineterminator="\n", na_rep="")
    reasons = [{"name": v.name, "type": "string", "constraints": {"enum": ["", *MISSING]}} for v in data.variables]
    resources = [
        _resource("data", "data.csv", [_field(variable) for variable in data.variables]),
        _resource("missing", "missing.csv", reasons),
    ]
    package = {"profile": "tabular-data-package", "name": "microdata", "title": data.title, "resources": resources}
    text = json.dumps(package, ensure_ascii=False, indent=1) + "\n"
    (path / "datapackage.json").write_text(text, encoding="utf-8")


def _resource(name: str, file: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": file,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _field(variable: Described) -> dict[str, Any]:
    found: dict[str, Any] = {"name": variable.name, "type": "number" if variable.is_number else "string"}
    found["title"] = variable.label
    if variable.question:
        found["description"] = variable.question
    if variable.values:
        found["categories"] = [{"value": code, "label": text} for code, text in variable.values.items()]
        if not variable.is_number:
            found["constraints"] = {"enum": list(variable.values)}
    return found


def _ddi(data: Microdata, path: Path) -> None:
    """Description only: study, file, and every variable with question, categories and counts of persons."""
    root = Element("codeBook", {"xmlns": _NAMESPACE, "version": "2.5", "xml:lang": data.language})
    titles = SubElement(SubElement(SubElement(root, "stdyDscr"), "citation"), "titlStmt")
    SubElement(titles, "titl").text = data.title
    file = SubElement(SubElement(root, "fileDscr", {"ID": "F1"}), "fileTxt")
    SubElement(file, "fileName").text = "data.csv"
    sizes = SubElement(file, "dimensns")
    SubElement(sizes, "caseQnty").text = str(len(data.data))
    SubElement(sizes, "varQnty").text = str(len(data.variables))
    described = SubElement(root, "dataDscr")
    for number, variable in enumerate(data.variables, start=1):
        _ddi_variable(described, f"V{number}", variable, data)
    indent(root)
    path.write_bytes(b'<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="utf-8") + b"\n")


def _ddi_variable(parent: Element, number: str, variable: Described, data: Microdata) -> None:
    attributes = {"ID": number, "name": variable.name, "files": "F1"}
    if variable.name == WEIGHT:
        attributes["wgt"] = "wgt"
    attributes["intrvl"] = "contin" if variable.is_number and not variable.values else "discrete"
    element = SubElement(parent, "var", attributes)
    SubElement(element, "labl").text = variable.label
    if variable.question:
        SubElement(SubElement(element, "qstn"), "qstnLit").text = variable.question
    for code, text in variable.values.items():
        category = SubElement(element, "catgry")
        SubElement(category, "catValu").text = code
        SubElement(category, "labl").text = text
    reasons = data.missing[variable.name]
    for reason, number_of in reason_codes(data, variable).items():
        if (reasons == reason).any():
            category = SubElement(element, "catgry", {"missing": "Y"})
            SubElement(category, "catValu").text = str(number_of)
            SubElement(category, "labl").text = reason
    SubElement(element, "varFormat", {"type": "numeric" if variable.is_number else "character", "schema": "other"})


def _texts(column: pd.Series) -> pd.Series:
    if not pd.api.types.is_float_dtype(column.dtype):
        return column.fillna("")
    return column.map(lambda value: "" if np.isnan(value) else f"{value:.17g}")


def _code(code: str, variable: Described) -> float | str:
    return float(code) if variable.is_number else code


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST_LABEL else text[: _LONGEST_LABEL - 1] + "…"
