"""A wave for R: its data, and a script whose ``survey`` gives the numbers of this program, standard errors too."""

from __future__ import annotations

import json
import os
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, StepError
from bildungsbedarf.survey import SurveyDesign
from bildungsbedarf.survey.estimate.descriptive import mean
from bildungsbedarf.wave.microdata import WEIGHT, Described, Microdata, microdata
from bildungsbedarf.wave.wave import Wave

DATA, SCRIPT = "data.csv", "analysis.R"
_MARGIN = "margin_"
_COMPARED = 3
"""Means that the script compares with ours."""
_EXACT = 17


def to_r(wave: Wave, folder: Path) -> Path:
    """Write data and script; the path of the script.

    Free texts, access codes and times to the second are left out, as in every export. The script reads the data,
    gives columns their labels, makes the design (strata, clusters, corrections for finite populations) and fits
    it to the margins the weights were raked to, so that standard errors know of them; at its end it stops where a
    mean or its standard error is not ours.

    Raises
    ------
    ConfigError
        The design is known by replicate weights alone, the folder holds something already or lies under results/.
    StepError
        It cannot be written.
    """
    root = wave.files.project.root
    if folder.resolve().is_relative_to((root / "results").resolve()):
        raise ConfigError("microdata never lie under results/", value=str(folder), remedy="name a path outside of it")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError("there is something at this path", value=str(folder), remedy="name another folder")
    design = wave.design
    if design.replicates is not None:
        raise ConfigError("a design of replicate weights is not written for R", where=wave.source)
    told = microdata(wave)
    classes = _classes(design)
    table = told.data.assign(**{name: codes for name, (codes, _) in classes.items()})
    for name in (design.columns.strata, *design.columns.clusters, *design.columns.fpc):
        if name is not None and name not in table:
            table[name] = design.data[name].to_numpy()
    script = _script(wave, told, design, classes)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        text = table.to_csv(index=False, lineterminator="\n", float_format=f"%.{_EXACT}g")
        for name, content in ((DATA, text), (SCRIPT, script)):
            with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
                stream.write(content.encode())
    except OSError as error:
        raise StepError(f"data for R cannot be written: {error.strerror}", where=str(folder)) from None
    return folder / SCRIPT


def _classes(design: SurveyDesign) -> dict[str, tuple[list[str], dict[str, float]]]:
    """Margins the weights were raked to: column → class of each row, and total of each class that occurs."""
    if not design.calibrations:
        return {}
    calibration = design.calibrations[-1]
    found: dict[str, tuple[list[str], dict[str, float]]] = {}
    start = 0
    for number, totals in enumerate(design.report.margins.values(), start=1):
        own = calibration.auxiliary[:, start : start + len(totals)]
        start += len(totals)
        at = own.argmax(axis=1)[calibration.cell]
        codes = [str(place + 1) for place in at]
        values = list(totals.values())
        found[f"{_MARGIN}{number}"] = (codes, {str(place + 1): values[place] for place in np.unique(at)})
    return found


def _script(
    wave: Wave, told: Microdata, design: SurveyDesign, classes: dict[str, tuple[list[str], dict[str, float]]]
) -> str:
    lines = [
        _comment(f"{told.title}: {wave.source}. Written by bildungsbedarf {version('bildungsbedarf')}."),
        "# Answers of single persons: keep them where only those may read them who must.",
        "# Run it in this folder. Needs the package survey; with srvyr: design <- srvyr::as_survey(design)",
        "library(survey)",
        "",
        f'data <- read.csv("{DATA}", colClasses = "character", na.strings = "", fileEncoding = "UTF-8",',
        "                 check.names = FALSE)",
    ]
    numbers = [one.name for one in told.variables if one.is_number]
    extra = [name for name in design.columns.fpc if name not in told.data]
    lines += [f"for (name in {_vector([*numbers, *extra])}) data[[name]] <- as.numeric(data[[name]])"]
    lines += [line for one in told.variables for line in _labelled(one)]
    chosen = "# Those who answered chose themselves: the standard errors R gives say nothing of anybody else."
    lines += ["", *([] if wave.allows_inference else [chosen]), *_design(design)]
    if classes:
        totals = ",\n  ".join(
            f"data.frame({name} = {_vector(known)}, Freq = c({', '.join(map(_number, known.values()))}))"
            for name, (_, known) in classes.items()
        )
        lines += [
            "# the weights are fitted already: this tells the standard errors what they were fitted to",
            f"margins <- list(\n  {totals}\n)",
            f"design <- rake(design, list({', '.join(f'~{name}' for name in classes)}), margins,",
            "               control = list(maxit = 100, epsilon = 1e-12, verbose = FALSE))",
        ]
    lines += ["", *_checks(wave, told, design)]
    return "\n".join(lines) + "\n"


def _labelled(one: Described) -> list[str]:
    place = f"data[[{_text(one.name)}]]"
    lines = []
    if not one.is_number and one.values and len(set(one.values.values())) == len(one.values):
        codes, labels = _vector(one.values), _vector(one.values.values())
        lines.append(f"{place} <- factor({place}, levels = {codes}, labels = {labels})")
    return [*lines, f'attr({place}, "label") <- {_text(one.label)}']


def _design(design: SurveyDesign) -> list[str]:
    columns = design.columns
    ids = " + ".join(map(_name, columns.clusters)) or "1"
    parts = [f"ids = ~{ids}"]
    if columns.strata:
        parts.append(f"strata = ~{_name(columns.strata)}")
    parts.append(f"weights = ~{WEIGHT}")
    if columns.fpc:
        parts.append(f"fpc = ~{' + '.join(map(_name, columns.fpc))}")
    return [
        f'options(survey.lonely.psu = "{design.lonely_psu}")',
        f"design <- svydesign({', '.join(parts)}, data = data, nest = TRUE)",
    ]


def _checks(wave: Wave, told: Microdata, design: SurveyDesign) -> list[str]:
    """Means of the first numeric answers, compared with ours; of a sample with their standard errors."""
    asked = {column.name for column in wave.codebook.columns}
    there = [one.name for one in told.variables if one.is_number and one.name in asked]
    lines = ["# the first means, beside those of bildungsbedarf"]
    for name in there[:_COMPARED]:
        values = pd.to_numeric(told.data[name])
        if values.notna().sum() < 2:
            continue
        row = mean(design, name).iloc[0]
        ours = [float(row["estimate"]), *([float(row["se"])] if pd.notna(row["se"]) else [])]
        read = "c(coef(found), SE(found))" if len(ours) > 1 else "coef(found)"
        lines += [
            f"found <- svymean(~{_name(name)}, design, na.rm = TRUE)",
            "print(found)",
            f"stopifnot(isTRUE(all.equal(as.numeric({read}), c({', '.join(map(_number, ours))}), tolerance = 1e-6)))",
        ]
    return lines


def _comment(text: str) -> str:
    return "# " + " ".join(text.split())


def _text(text: str) -> str:
    """A string of R: JSON's signs are R's too."""
    return json.dumps(str(text), ensure_ascii=False)


def _name(name: str) -> str:
    return "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`"


def _vector(texts: object) -> str:
    return f"c({', '.join(map(_text, texts))})"  # type: ignore[call-overload]


def _number(value: float) -> str:
    return f"{value:.{_EXACT}g}"
