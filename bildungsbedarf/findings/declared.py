"""The declared measures of all rooms that compute some; whoever speaks of a frame looks its measure up here."""

from __future__ import annotations

from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.estimates import Facts
from bildungsbedarf.estimates import Unit as EstimateUnit
from bildungsbedarf.findings.model import Unit
from bildungsbedarf.needs import about as needs_about
from bildungsbedarf.needs.about import Measure
from bildungsbedarf.participation import about as participation_about
from bildungsbedarf.supply import about as supply_about

DECLARED: dict[str, Measure] = {**needs_about.MEASURES, **participation_about.MEASURES, **supply_about.MEASURES}


_UNITS: dict[EstimateUnit, Unit] = {"share": "share", "mean": "mean", "dots": "dots", "total": "persons"}
"""Unit of an estimate → unit of its finding; measures in other units have no sentences."""


def unit_of(unit: EstimateUnit, *, is_difference: bool) -> Unit:
    """Unit of a finding, from that of the estimate it tells."""
    if is_difference:
        return "share_difference" if unit == "share" else "difference"
    return _UNITS[unit]


def measure_of(facts: Facts) -> Measure:
    """The declared measure of a frame.

    Parameters
    ----------
    facts
        Facts of a frame.

    Returns
    -------
    Measure
        Its row.

    Raises
    ------
    ConfigError
        The measure is not declared: nothing is known of its questions, its base, or what may be said of it.

    Examples
    --------
    >>> findings.measure_of(bb.estimates.facts_of(needs.unmet(wave))).head
    'Unmet need'
    """
    if facts.measure not in DECLARED:
        raise ConfigError(
            f"the measure {facts.measure!r} is not declared",
            expected=nearest(facts.measure, DECLARED),
            remedy="declare it in needs/about (docs/architecture.md, How to add), or show the frame with show.table",
        )
    return DECLARED[facts.measure]
