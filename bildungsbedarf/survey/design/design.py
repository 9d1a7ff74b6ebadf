"""``SurveyDesign``: data with weights, strata, clusters and finite population corrections.

Immutable: every method returns a new design. Variances follow R's ``survey`` (Lumley 2010,
*Complex Surveys*; Särndal, Swensson & Wretman 1992).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from bildungsbedarf.calls import with_words
from bildungsbedarf.displays import Display, Displayed
from bildungsbedarf.errors import ConfigError, DesignError, nearest
from bildungsbedarf.estimates import CHOSEN_ROWS, Origin
from bildungsbedarf.expression import Expression
from bildungsbedarf.survey.arrays import Floats, Mask
from bildungsbedarf.survey.design.replicates import Kind, Replicates, from_columns, make
from bildungsbedarf.survey.frames import as_list, texts_among
from bildungsbedarf.survey.rows.asked import Rows
from bildungsbedarf.survey.rows.in_memory import RowsInMemory, check_names
from bildungsbedarf.survey.sample.cells import Calibration, LonelyPsu, check_lonely
from bildungsbedarf.survey.sample.stages import DesignColumns, Stage, build_stages, build_weights

if TYPE_CHECKING:
    from pyarrow.dataset import Dataset


Numbers = TypeVar("Numbers", Floats, Mask)


@with_words
class SurveyDesign(Displayed):
    """A sample as drawn.

    Parameters
    ----------
    data
        One row an element, a person as a rule: the gate counts rows as persons. The design keeps a copy; an index
        with doubles, which cannot tell rows apart, is numbered anew.
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
        clusters; an fpc smaller than the sample; names variable and rows. Columns without a name of their own.
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
        if not isinstance(data, pd.DataFrame):
            raise DesignError("the data are no table", value=type(data).__name__, expected="a DataFrame")
        for what, name in (("weights", weights), ("strata", strata)):
            if name is not None and not isinstance(name, str):
                raise DesignError(
                    f"{what} are named by their column",
                    value=type(name).__name__,
                    expected="the name of a column",
                    remedy=f"add them to the data: SurveyDesign(data.assign({what[0]}=…), {what}='{what[0]}')",
                )
        if data.empty:
            raise DesignError("a design needs at least one row")
        check_names(data)
        data = data.copy(deep=False) if data.index.is_unique else data.reset_index(drop=True)
        stages = build_stages(data, strata, as_list(clusters), as_list(fpc), nested)
        rows = RowsInMemory(
            data, build_weights(data, weights, stages, bool(fpc)), np.ones(len(data), dtype=bool), stages
        )
        self._set(rows, DesignColumns(weights, strata, tuple(as_list(clusters)), tuple(as_list(fpc))), lonely_psu)

    def _set(self, rows: Rows, columns: DesignColumns, lonely_psu: LonelyPsu) -> None:
        self.rows = rows
        self.columns = columns
        self.lonely_psu: LonelyPsu = lonely_psu
        self.replicates: Replicates | None = None
        self.report: Any = None
        self.origin = Origin(uncoded=tuple(rows.texts))

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
        data
            One row an element.
        weights
            Column, or weights by row.
        replicates
            A frame (rows as in ``data``, one column a replicate) or columns of ``data``.
        kind
            Kind of replicates.
        scale
            Scale of the variance.
        rscales
            Scales by replicate.
        rho
            Fay's ρ.
        mse
            Deviations from the full sample's estimate instead of the replicates' mean.
        combined
            Replicate weights contain the sampling weights; else they multiply them.

        Returns
        -------
        SurveyDesign
            A new design.

        Raises
        ------
        DesignError
            Unknown kind; weights or scales that do not fit.

        Examples
        --------
        >>> data = d.data.assign(r1=d.weights * 2, r2=d.weights * 0.5)
        >>> bb.SurveyDesign.from_replicates(data, "w", ["r1", "r2"], "JK1").df
        0
        """
        design = cls(data, weights=weights, lonely_psu="adjust")
        made = from_columns(design.data, design.weights, replicates, kind, scale, rscales, rho, mse, combined)
        return design._with(replicates=made)

    def to_replicates(self, kind: Kind, n: int | None = None, rho: float | None = None, seed: int = 0) -> SurveyDesign:
        """The same design with replicate weights made from its first stage.

        ``n`` is the number of bootstrap replicates (default 100), drawn with ``seed``.

        Parameters
        ----------
        kind
            Kind of replicates.
        n
            Number of bootstrap replicates.
        rho
            Fay's ρ.
        seed
            Seed of the draws.

        Returns
        -------
        SurveyDesign
            A new design.

        Raises
        ------
        DesignError
            The design does not fit the kind.

        Examples
        --------
        >>> d.to_replicates("JKn").df
        10
        """
        return self._with(replicates=make(self.in_memory, kind, n, rho, seed))

    def __len__(self) -> int:
        return self.rows.inside

    def _display(self) -> Display:
        strata, units, _ = self.rows.outline()[0]
        replicates = None if self.replicates is None else self.replicates.weights.shape[1]
        spread = "" if self.rows.is_scanned else f"{self.weights.min():,.2f} to {self.weights.max():,.2f}"
        told = {
            "strata": f"{strata:,}" + (f" of {self.columns.strata}" if self.columns.strata else ""),
            "primary units": f"{units:,}" + (f" of {self.columns.clusters[0]}" if self.columns.clusters else ""),
            "finite population": self.columns.fpc,
            "weights sum to": round(self.rows.weight, 1),
            "weights": spread,
            "replicates": replicates,
            "effective persons": getattr(self.report, "effective_n", None),
            "part": self.origin.part,
            "sampling": self.origin.sampling,
            "from": self.origin.source,
        }
        return Display.of(f"{self._kind}: {self.rows.inside:,} of {self.rows.count:,} rows", told)

    @property
    def _kind(self) -> str:
        return "SurveyDesign, scanned" if self.rows.is_scanned else "SurveyDesign"

    def _line(self) -> str:
        rows = self.rows
        strata, units, _ = rows.outline()[0]
        return (
            f"{self._kind}: {rows.inside} of {rows.count} rows, {strata} strata, {units} PSUs, "
            f"weights sum to {rows.weight:,.1f}"
        )

    @property
    def in_memory(self) -> RowsInMemory:
        """The rows, where all are at hand.

        Raises
        ------
        DesignError
            They stay in their files (``scan``).
        """
        if isinstance(self.rows, RowsInMemory):
            return self.rows
        raise DesignError(
            "this is not offered for a scanned design: it needs all rows in memory",
            remedy="read the columns you need with pandas and make a SurveyDesign of them",
        )

    @property
    def data(self) -> pd.DataFrame:
        """The data, one row an element; what is done to it does not reach the design."""
        return self.in_memory.data.copy(deep=False)

    def __getitem__(self, name: str) -> pd.Series:
        if name not in self.in_memory.data.columns:
            known = list(map(str, self.in_memory.data.columns))
            raise ConfigError("the design has no such column", value=name, expected=nearest(str(name), known))
        return self.data[name]

    @property
    def weights(self) -> Floats:
        """The final weight of each row; read-only."""
        return _read_only(self.in_memory.weights)

    @property
    def domain(self) -> Mask:
        """Which rows are in the domain; read-only."""
        return _read_only(self.in_memory.domain)

    @property
    def stages(self) -> tuple[Stage, ...]:
        """How the sample was drawn, by row."""
        return self.in_memory.stages

    @property
    def calibrations(self) -> tuple[Calibration, ...]:
        """What the weights were fitted to, in order."""
        return self.in_memory.calibrations

    def levels(self, name: str) -> list[Any]:
        """Categories of a variable: all declared ones, else those that occur, sorted.

        Parameters
        ----------
        name
            A variable.

        Returns
        -------
        list
            Categories.

        Examples
        --------
        >>> d.levels("sex")
        ['f', 'm']
        """
        return self.rows.levels(name)

    @property
    def df(self) -> int:
        """Degrees of freedom: PSUs − strata of the domain, or rank of its replicate weights − 1 (R's ``degf``)."""
        return self.rows.df if self.replicates is None else self.replicates.df(self.domain)

    def where(self, condition: str | pd.Series | Mask) -> SurveyDesign:
        """A domain: rows where ``condition`` holds; the design stays whole.

        ``condition`` is a text such as ``"ALTER >= 65 and MIGR == 'Y'"``, a boolean Series (matched with the data
        by its index) or an array in the order of the rows. Rows where it is unknown are outside.

        Parameters
        ----------
        condition
            Text, boolean Series or array.

        Returns
        -------
        SurveyDesign
            A new design.

        Raises
        ------
        ConfigError, DesignError
            A text that cannot be read or names unknown columns; a mask of other rows.

        Examples
        --------
        >>> d.where("sex == 'f'")
        <SurveyDesign: 6 of 12 rows, 2 strata, 12 PSUs, weights sum to 90.0>
        """
        told = condition if isinstance(condition, str) and not self._speaks_of_texts(condition) else CHOSEN_ROWS
        parts = list(dict.fromkeys(filter(None, [self.origin.part, told])))
        part = " and ".join(f"({one})" if " or " in one else one for one in parts) if len(parts) > 1 else parts[0]
        return self._with(rows=self.rows.where(condition), origin=replace(self.origin, part=part))

    def with_columns(self, columns: pd.DataFrame) -> SurveyDesign:
        """The same design with further columns, matched with the data by their index; one of the same name is replaced.

        Texts among them may be what single persons wrote: the gate names only categories of enough persons.

        Parameters
        ----------
        columns
            Columns, matched with the data by their index.

        Returns
        -------
        SurveyDesign
            A new design.

        Raises
        ------
        DesignError
            The columns' rows are not those of the data, or a column the design was made from would be replaced.

        Examples
        --------
        >>> d.with_columns(pd.DataFrame({"double": 2 * d.data["y"]})).data.shape
        (12, 7)
        """
        rows = self.in_memory.with_columns(columns)
        if fixed := [name for name in self.columns.all if name in columns.columns]:
            raise DesignError(
                "the design was made from this column: another one in its place would not change the design",
                value=fixed[0],
                remedy="give the column another name, or make a new SurveyDesign",
            )
        kept = [name for name in self.origin.uncoded if name not in columns.columns]
        return self._with(rows=rows, origin=replace(self.origin, uncoded=(*kept, *texts_among(columns))))

    def with_weights(
        self,
        weights: Floats | pd.Series,
        calibration: Calibration | None = None,
        replicates: Replicates | None = None,
        report: Any = None,
    ) -> SurveyDesign:
        """The same design with other weights, and what they were fitted to beside what they were before.

        Parameters
        ----------
        weights
            By row: an array in the order of the rows, or a Series matched with the data by its index.
        calibration
            What they were fitted to; only fitted weights may be negative.
        replicates
            Replicate weights.
        report
            How the fit went.

        Returns
        -------
        SurveyDesign
            A new design.

        Raises
        ------
        DesignError
            Weights of other rows; missing, infinite, negative or all zero.

        Examples
        --------
        >>> float(d.with_weights(d.weights * 2).weights.sum())
        360.0
        """
        rows = self.in_memory.with_weights(weights, calibration)
        return self._with(rows=rows, replicates=replicates or self.replicates, report=report)

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
        weights
            Column, or weights by row.
        strata
            Column of strata.
        clusters
            Columns of sampling units by stage.
        fpc
            Columns of population sizes or fractions.
        lonely_psu
            Rule for strata with one PSU.
        nested
            PSU ids count within strata.
        executor
            ``local``, or ``dask://HOST:PORT``: blocks are summed on that cluster (extra ``cluster``), whose
            machines see the files under the same path; the numbers are the same.

        Returns
        -------
        SurveyDesign
            A new design.

        Raises
        ------
        DesignError
            As for a design in memory; no Parquet files, or an executor that cannot be reached.
        """
        # its libraries are loaded by those who scan only
        from bildungsbedarf.survey.rows.scanned import ScannedRows

        check_lonely(lonely_psu)
        columns = DesignColumns(weights, strata, tuple(as_list(clusters)), tuple(as_list(fpc)))
        design = object.__new__(cls)
        design._set(ScannedRows.open(source, columns, nested, executor), columns, lonely_psu)
        return design

    def described(self, origin: Origin) -> SurveyDesign:
        """The same design, its estimates saying where they come from; a domain stays one.

        Which of its texts nobody declared is the design's own (``declared``), whatever ``origin`` says.

        Parameters
        ----------
        origin
            Sampling, people and source.

        Returns
        -------
        SurveyDesign
            A new design.

        Examples
        --------
        >>> from bildungsbedarf.estimates import CHOSEN_ROWS, Origin, facts_of
        >>> facts_of(estimate.mean(d.described(Origin("census")), "y")).sampling
        'census'
        """
        part = self.origin.part or origin.part
        return self._with(origin=replace(origin, part=part, uncoded=self.origin.uncoded))

    def declared(self, names: Iterable[str]) -> SurveyDesign:
        """The same design, texts of some columns being categories that somebody declared: the gate names all of them.

        Parameters
        ----------
        names
            Columns whose texts are codes or labels, and nothing that persons wrote.

        Returns
        -------
        SurveyDesign
            A new design.

        Examples
        --------
        >>> "sex" in d.origin.uncoded, "sex" in d.declared(["sex"]).origin.uncoded
        (True, False)
        """
        known = set(names)
        uncoded = tuple(name for name in self.origin.uncoded if name not in known)
        return self._with(origin=replace(self.origin, uncoded=uncoded))

    def _speaks_of_texts(self, condition: str) -> bool:
        """Whether a condition holds texts that nobody declared: its own words may be what somebody wrote."""
        uncoded = self.origin.uncoded
        return bool(uncoded) and not set(uncoded).isdisjoint(Expression(condition).among(self.rows.names))

    def fitted(self, rows: Rows, report: Any) -> SurveyDesign:
        """The same design over rows whose weights were fitted where they lie.

        Parameters
        ----------
        rows
            Rows with fitted weights.
        report
            How the fit went.

        Returns
        -------
        SurveyDesign
            A new design.
        """
        return self._with(rows=rows, report=report)

    def _with(self, **changes: Any) -> SurveyDesign:
        new = object.__new__(type(self))
        new.__dict__.update({**self.__dict__, **changes})
        return new


def _read_only(values: Numbers) -> Numbers:
    """The same numbers; who changes them in place would change every design that shares them."""
    view = values.view()
    view.flags.writeable = False
    return view
