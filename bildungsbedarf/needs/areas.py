"""Municipalities: direct estimates of unmet need, and modelled ones that borrow strength from all."""

from __future__ import annotations

import numpy as np
import pandas as pd

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.needs.batteries import battery
from bildungsbedarf.needs.family import declared_facts
from bildungsbedarf.study.analyses import SmallAreaConfig
from bildungsbedarf.survey import estimate
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.survey.estimate.arithmetic import Arithmetic
from bildungsbedarf.survey.models.fay_herriot import fay_herriot
from bildungsbedarf.wave import Wave
from bildungsbedarf.wave.recipes import recomputable


@recomputable
def small_areas(wave: Wave, item: str, variance: str = "smoothed") -> pd.DataFrame:
    """Unmet need in one field by municipality: direct and modelled (``fay_herriot``).

    ``variance="smoothed"``: sampling variances p̄(1 − p̄) · deff / n with the district's share and the item's
    design effect, since variances from a handful of persons are worth little; ``"direct"``: as estimated.

    Parameters
    ----------
    wave
        One audience in one wave.
    item
        Code of an item.
    variance
        ``smoothed`` or ``direct`` sampling variances.

    Returns
    -------
    One row an area of the district's table: ``variable``, the area's code in the group's column, ``name``, ``n``,
    ``count``, ``estimate`` (modelled), ``se`` (root of its mean squared error), ``ci_low``, ``ci_high``
    (wider than ± 1.96 · ``se``: the variance between areas is estimated too; ``FayHerriot.interval``),
    ``direct``, ``direct_se``, ``shrinkage`` (weight of the direct estimate), ``synthetic``, ``note``.
    The facts say that the estimates are ``modelled``; their details have the share in the whole ``district``, which
    the gate decides on.

    Raises
    ------
    ConfigError
        study.toml has no ``[small_area]``, or the sampling carries no inference.

    Examples
    --------
    >>> needs.small_areas(wave, "F05")[["gemeinde", "estimate"]].round(2).head(2)
      gemeinde  estimate
    0      001      0.47
    1      002      0.54
    """
    config = small_area_of(wave)
    if not wave.allows_inference:
        raise ConfigError("self-selected answers carry no model of areas", where=f"audience {wave.audience}")
    table = area_table(wave)
    pair = battery(wave)
    unmet = pair.unmet()
    if item not in unmet.columns:
        raise ConfigError("there is no such item", value=item, expected=nearest(item, map(str, unmet.columns)))
    design = wave.design.with_columns(unmet[[item]])
    shares = estimate.proportion(design, item, by=config.group)
    by_area = shares[shares["category"] == "True"].set_index(config.group)
    by_area.index = by_area.index.astype("string")
    found = by_area.reindex(table.index)
    persons = found["n"].fillna(0).to_numpy(dtype=float)
    direct, errors = (found[name].to_numpy(dtype=float, na_value=np.nan) for name in ("estimate", "se"))
    direct = np.where(persons > 0, direct, np.nan)
    whole = estimate.proportion(design, item)
    district = whole[whole["category"] == "True"].iloc[0]
    variances = _smoothed(district, persons) if variance == "smoothed" else errors**2
    covariates = [table[name].to_numpy(dtype=float) for name in config.covariates]
    model = fay_herriot(direct, variances, np.column_stack([np.ones(len(table)), *covariates]))
    se = np.sqrt(model.mse)
    low, high = model.interval()
    frame = pd.DataFrame(
        {
            "variable": pd.array([item] * len(table), dtype="string"),
            "category": pd.array([pd.NA] * len(table), dtype="string"),
            config.group: table.index.astype("string"),
            "name": table["name"].to_numpy(),
            "n": pd.array(persons.astype(int), dtype="Int64"),
            "count": found["count"].fillna(0).astype("Int64").to_numpy(),
            "estimate": np.clip(model.estimate, 0.0, 1.0),
            "se": se,
            "ci_low": np.clip(low, 0.0, 1.0),
            "ci_high": np.clip(high, 0.0, 1.0),
            "direct": direct,
            "direct_se": errors,
            "shrinkage": model.shrinkage,
            "synthetic": model.synthetic,
            "note": pd.array([pd.NA if n > 0 else "from the covariates alone" for n in persons], dtype="string"),
        }
    )
    told = {name: float(district[name]) for name in ("n", "count", "estimate", "ci_low", "ci_high")}
    details = {
        **pair.definition,
        "covariates": list(config.covariates),
        "between_variance": model.variance,
        "district": told,
    }
    facts = declared_facts(shares, "small_area", kind="modelled", details=details)
    return facts.on(frame)


def _smoothed(district: pd.Series, persons: Floats) -> Floats:
    share, deff = float(district["estimate"]), max(float(district["deff"]), 1.0)
    with np.errstate(divide="ignore"):
        return np.where(persons > 0, share * (1 - share) * deff / persons, np.nan)


def area_table(wave: Wave) -> pd.DataFrame:
    """The district's table by area code: ``name``, covariates as computed, ``lon`` and ``lat`` where it has them.

    Areas without inhabitants are left out.

    Parameters
    ----------
    wave
        One audience in one wave.

    Returns
    -------
    pandas.DataFrame
        By area code: ``name``, covariates, ``lon``, ``lat``.

    Raises
    ------
    ConfigError
        study.toml has no ``[small_area]``, or the file lacks a column that it names.

    Examples
    --------
    >>> needs.area_table(wave)["name"].head(2).tolist()
    ['Ahnatal', 'Bad Karlshafen']
    """
    config = small_area_of(wave)
    raw = wave.reference_table(config.file)
    expressions = {text: Arithmetic(text) for text in config.covariates}
    named = {config.key, config.label, *(name for found in expressions.values() for name in found.names)}
    if missing := sorted(named - set(map(str, raw.columns))):
        raise ConfigError("file has no such column", where=f"data/reference/{config.file}", value=missing[0])
    numbers = pd.DataFrame({name: pd.to_numeric(raw[name], errors="coerce") for name in raw.columns}, dtype="float64")
    inhabited = np.ones(len(raw), dtype=bool)
    if "population" in raw.columns:
        inhabited = numbers["population"].to_numpy() > 0
    raw, numbers = raw[inhabited], numbers[inhabited]
    codes = raw[config.key].astype("string").str[-config.digits :]
    table = pd.DataFrame({"name": raw[config.label].to_numpy()}, index=pd.Index(codes, name=config.group))
    for text, expression in expressions.items():
        values = [{name: (float(row[name]), 0) for name in expression.names} for _, row in numbers.iterrows()]
        table[text] = [float(expression.evaluate(known, 1)[0]) for known in values]
    for name in ("lon", "lat"):
        if name in raw.columns:
            table[name] = numbers[name].to_numpy(dtype=float)
    return table


def small_area_of(wave: Wave) -> SmallAreaConfig:
    """``[small_area]`` of study.toml.

    Raises
    ------
    ConfigError
        There is none.
    """
    config = wave.files.config.small_area
    if config is None:
        raise ConfigError("study.toml has no [small_area]", where="study.toml", expected="group, file, covariates")
    return config
