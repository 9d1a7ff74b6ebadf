"""``SurveyDesign``: data with weights, strata, clusters and finite population corrections.

Immutable: every method returns a new design. Variances follow R's ``survey`` (Lumley 2010,
*Complex Surveys*; Särndal, Swensson & Wretman 1992).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd

from bildungsbedarf.errors import DesignError
from bildungsbedarf.study.expression import Expression
from bildungsbedarf.survey.cells import Calibration, Cells, LonelyPsu, check_lonely
from bildungsbedarf.survey.profiles import Profile
from bildungsbedarf.survey.rows import RowsInMemory
from bildungsbedarf.survey.stages import DesignColumns, Floats, Mask, build_stages, build_weights, count_distinct

if TYPE_CHECKING:
    from pyarrow.dataset import Dataset

    from bildungsbedarf.survey.replicates import Kind, Replicates


class SurveyDesign(RowsInMemory):
    """A sample as drawn.

    Parameters
    ----------
    data
        One row an element.
    weights
        Column of sampling weights; without it, weights follow from ``fpc`` (population sizes by
        stage), else are 1.
    strata
        Column of strata of the first stage.
    clusters
        Columns of sampling units by stage, the first being the PSU; none: each row is its own PSU.
    fpc
        Columns of population sizes (numbers above 1) or sampling fractions (up to 1), by stage.
    lonely_psu
        What a stratum with one PSU adds to the variance: ``fail`` refuses, ``remove`` and
        ``certainty`` nothing, ``adjust`` its distance from the grand mean, ``average`` the mean of
        the other strata.
    nested
        PSU ids are unique within strata only (R's ``nest=TRUE``); with ``False`` an id in two
        strata is an error.

    Raises
    ------
    DesignError
        Unknown columns; negative, missing, infinite or all-zero weights; missing strata or
        clusters; an fpc smaller than the sample; names variable and rows.
    """

    def __init__(
        self,
        data: pd.DataFrame,
        weights: str | None = None,
        strata: str | None = None,
        clusters: str | Sequence[str] | None = None,
        fpc: str | Sequence[str] | None = None,
        lonely_psu: LonelyPsu = "fail",
        nested: bool = True,
    ) -> None:
        check_lonely(lonely_psu)
        if data.empty:
            raise DesignError("a design needs at least one row")
        self.data = data.reset_index(drop=True)
        self.lonely_psu = lonely_psu
        self.columns = DesignColumns(weights, strata, tuple(_names(clusters)), tuple(_names(fpc)))
        self.stages = build_stages(self.data, strata, _names(clusters), _names(fpc), nested)
        self.weights = build_weights(self.data, weights, self.stages, bool(fpc))
        self.domain: Mask = np.ones(len(data), dtype=bool)
        self.calibrations: tuple[Calibration, ...] = ()
        self.replicates: Replicates | None = None
        self.report: Any = None
        self._df: int | None = None
        self._cells: Cells | None = None
        self._profiles: dict[str, Profile] = {}

    @classmethod
    def from_replicates(
        cls,
        data: pd.DataFrame,
        weights: str | None,
        replicates: pd.DataFrame | Sequence[str],
        kind: Kind,
        scale: float | None = None,
        rscales: Sequence[float] | float | None = None,
        rho: float | None = None,
        mse: bool = False,
        combined: bool = True,
    ) -> SurveyDesign:
        """A design known only by its replicate weights.

        Parameters
        ----------
        replicates
            A frame (rows as in ``data``, one column a replicate) or columns of ``data``.
        combined
            Replicate weights contain the sampling weights; else they multiply them.
        mse
            Deviations from the full sample's estimate instead of the replicates' mean.

        Raises
        ------
        DesignError
            Unknown kind; weights or scales that do not fit.
        """
        from bildungsbedarf.survey.replicates import from_columns

        design = cls(data, weights=weights, lonely_psu="adjust")
        made = from_columns(design.data, design.weights, replicates, kind, scale, rscales, rho, mse, combined)
        return design._with(replicates=made)

    def to_replicates(self, kind: Kind, n: int | None = None, rho: float | None = None, seed: int = 0) -> SurveyDesign:
        """The same design with replicate weights made from its first stage.

        ``n`` is the number of bootstrap replicates (default 100), drawn with ``seed``.

        Raises
        ------
        DesignError
            The design does not fit the kind.
        """
        from bildungsbedarf.survey.replicates import make

        return self._with(replicates=make(self, kind, n, rho, seed))

    def __len__(self) -> int:
        return int(self.domain.sum())

    def __repr__(self) -> str:
        first = self.stages[0]
        return (
            f"<SurveyDesign: {len(self)} of {len(self.data)} rows, {count_distinct(first.stratum)} strata, "
            f"{count_distinct(first.unit)} PSUs, weights sum to {self.weights[self.domain].sum():,.1f}>"
        )

    @property
    def df(self) -> int:
        """Degrees of freedom: PSUs − strata of the domain, or rank of its replicate weights − 1 (R's ``degf``)."""
        if self._df is None:
            first = self.stages[0]
            inside = self.domain & (self.weights > 0)
            self._df = (
                self.replicates.df(self.domain)
                if self.replicates is not None
                else count_distinct(first.unit[inside]) - count_distinct(first.stratum[inside])
            )
        return self._df

    def where(self, condition: str | pd.Series | Mask) -> SurveyDesign:
        """A domain: rows where ``condition`` holds; the design stays whole.

        ``condition`` is a boolean mask, or a text such as ``"ALTER >= 65 and MIGR == 'Y'"``.
        Rows where it is unknown are outside.
        """
        if isinstance(condition, str):
            condition = Expression(condition).evaluate(self.data)
        mask = pd.Series(condition).astype("boolean").fillna(False).to_numpy(dtype=bool)
        if len(mask) != len(self.data):
            raise DesignError("mask has another length than the data", value=len(mask), expected=str(len(self.data)))
        return self._with(domain=self.domain & mask)

    def with_columns(self, columns: pd.DataFrame) -> SurveyDesign:
        """The same design with further columns (same rows, in the same order)."""
        if len(columns) != len(self.data):
            raise DesignError("columns have another length than the data", value=len(columns))
        extra = columns.set_axis(self.data.index)
        return self._with(
            _profiles={}, data=pd.concat([self.data.drop(columns=extra.columns, errors="ignore"), extra], axis=1)
        )

    def with_weights(
        self,
        weights: Floats,
        calibration: Calibration | None = None,
        replicates: Replicates | None = None,
        report: Any = None,
    ) -> SurveyDesign:
        """The same design with other weights, and what they were fitted to beside what they were before."""
        added = () if calibration is None else (calibration,)
        return self._with(
            weights=weights,
            calibrations=(*self.calibrations, *added),
            replicates=replicates or self.replicates,
            report=report,
            _cells=None,
        )

    @classmethod
    def scan(
        cls,
        source: str | Path | Dataset,
        weights: str | None = None,
        strata: str | None = None,
        clusters: str | Sequence[str] | None = None,
        fpc: str | Sequence[str] | None = None,
        lonely_psu: LonelyPsu = "fail",
        nested: bool = True,
        executor: str = "local",
    ) -> SurveyDesign:
        """A design whose rows stay in Parquet: the same results, block by block, whatever the number of rows.

        Parameters
        ----------
        source
            A Parquet file, a folder of them, or a ``pyarrow.dataset.Dataset`` of Parquet files.
        executor
            ``local``, or ``dask://HOST:PORT``: blocks are summed on that cluster (extra ``cluster``), whose
            machines see the files under the same path; the numbers are the same.

        One pass reads the design's own columns. Then one pass each: means, totals, ratios, proportions,
        variances, crosstabs, tests and contrasts of one variable, an iteration of a model, ``rake`` and
        ``poststratify``; two: covariances of several variables; quantiles one up to 10,000 distinct
        values, else two. Categories of text columns, and the range of numbers where the files don't know
        it, are looked up once. Not offered: replicate weights, masks, new columns, trimming, ``calibrate``,
        the score interval of quantiles beyond 10,000 values: each says so.

        Raises
        ------
        DesignError
            As for a design in memory; no Parquet files, or an executor that cannot be reached.
        """
        from bildungsbedarf.survey.scanned import ScannedDesign

        return ScannedDesign(source, weights, strata, _names(clusters), _names(fpc), lonely_psu, nested, executor)

    def outline(self) -> list[tuple[int, int, bool]]:
        """By stage: strata, sampling units, and whether there is a finite population correction."""
        return [
            (count_distinct(stage.stratum), count_distinct(stage.unit), bool(np.isfinite(stage.population).all()))
            for stage in self.stages
        ]

    @property
    def fitted_to(self) -> list[str]:
        """What the weights were fitted to, in words."""
        return [calibration.label for calibration in self.calibrations]

    def _with(self, **changes: Any) -> Self:
        new = object.__new__(type(self))
        new.__dict__.update(self.__dict__)
        new.__dict__.update({"_df": None, **changes})
        return new


def _names(columns: str | Sequence[str] | None) -> list[str]:
    if columns is None:
        return []
    return [columns] if isinstance(columns, str) else list(columns)
