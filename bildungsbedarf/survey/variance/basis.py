"""What estimates rest on, taken from a design once and handed on: rows, domains, replicates, rule for lonely PSUs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bildungsbedarf.estimates import Facts, Kind, Origin, Unit
from bildungsbedarf.survey.design.design import SurveyDesign
from bildungsbedarf.survey.design.replicates import Replicates
from bildungsbedarf.survey.frames import refuse_reserved
from bildungsbedarf.survey.reading.domains import Crossing, Domains
from bildungsbedarf.survey.rows.asked import Rows
from bildungsbedarf.survey.sample.cells import Cells
from bildungsbedarf.survey.sums.sums import Pairs, all_pairs, occurring_pairs

_FEW_PAIRS = 1 << 14


@dataclass(frozen=True, eq=False)
class Basis:
    """Rows and the domains they are estimated by; ``df`` are the design's degrees of freedom."""

    rows: Rows
    domains: Domains
    replicates: Replicates | None
    lonely: str
    df: float
    origin: Origin

    @staticmethod
    def of(d: SurveyDesign, by: Sequence[str] = ()) -> Basis:
        """All combinations of the categories of ``by``; one domain where it is empty."""
        refuse_reserved(by)
        return Basis(d.rows, Domains.of(d.rows, by), d.replicates, d.lonely_psu, float(d.df), d.origin)

    def by(self, names: Sequence[str]) -> Basis:
        """The same rows by other groups."""
        return replace(self, domains=Domains.of(self.rows, names))

    def facts(self, measure: str, unit: Unit, level: float, kind: Kind = "level") -> Facts:
        """What a frame of these estimates says of itself."""
        origin = self.origin
        return Facts(
            measure,
            unit,
            kind,
            by=tuple(self.domains.names),
            sampling=origin.sampling,
            level=level,
            base=origin.people,
            source=origin.source,
            part=origin.part,
            limits=origin.limits,
            uncoded=origin.uncoded,
        )

    @property
    def cells(self) -> Cells:
        """Groups of rows that strata, sampling units and calibrations cannot tell apart."""
        return self.rows.cells

    def keeps_cells(self, domains: Domains | Crossing) -> bool:
        """Variances follow from sums by cell and domain."""
        return self.replicates is None and self.rows.fits_cells(len(domains))

    @cached_property
    def pairs(self) -> Pairs:
        """The pairs of cell and domain whose sums are kept."""
        return pairs_of(self.rows, self.domains)


def pairs_of(rows: Rows, domains: Domains | Crossing) -> Pairs:
    """All pairs of cell and domain, or only those that occur where there are many units."""
    cells = rows.cells
    every = cells.count * len(domains)
    if rows.is_scanned or cells.projections or every <= max(_FEW_PAIRS, rows.count // 8):
        return all_pairs(cells.count, len(domains))
    block = rows.block(domains.names)
    domain = np.where(block.inside, domains.codes(block.frame, len(block)), -1)
    return occurring_pairs(block.cells, domain, cells.count, len(domains))
