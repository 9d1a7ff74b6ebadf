"""Modelled values are a known function of every area's answers: an outsider inverts the model, and must not succeed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import ndtri

from bildungsbedarf import needs
from bildungsbedarf.disclosure import release
from bildungsbedarf.survey.models.fay_herriot import fay_herriot
from bildungsbedarf.wave import Wave

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class _Outsider:
    """Knows the table of municipalities, the district's value and base, the model, and what was published."""

    covariates: Numbers
    share: float
    persons: float
    estimate: Numbers
    half: Numbers
    known: Numbers

    @property
    def guess(self) -> Numbers:
        """Bases in proportion to inhabitants: what anybody can guess without the model."""
        hidden = np.isnan(self.known)
        people = np.exp(self.covariates[:, 1])
        rest = self.persons - np.nansum(self.known)
        return np.where(hidden, np.maximum(8, rest * people / people[hidden].sum()), self.known)

    def bases(self) -> Numbers:
        """The bases whose model gives the published estimates and widths."""
        hidden = np.isnan(self.known)
        count = int(hidden.sum())
        shown = np.isfinite(self.half)

        def of(t: Numbers) -> tuple[Numbers, float, float]:
            found = self.known.copy()
            found[hidden] = np.exp(t[2:])
            return found, float(np.exp(t[0])), float(np.exp(t[1]))

        def misfit(t: Numbers) -> Numbers:
            found, scale, ratio = of(t)
            weight = found / (found + ratio)
            inverse = np.linalg.solve((self.covariates.T * weight) @ self.covariates, self.covariates.T * weight)
            smoother = np.diag(weight) + (1 - weight)[:, None] * (self.covariates @ inverse)
            answers = np.linalg.solve(smoother, np.where(np.isfinite(self.estimate), self.estimate, self.share))
            model = fay_herriot(answers, scale / found, self.covariates)
            width = ndtri(0.975) * np.sqrt(model.interval_mse)
            rest = [100 * (scale / max(model.variance, 1e-9) / ratio - 1), found.sum() - self.persons]
            return np.concatenate([(width - self.half)[shown] / 1e-4, rest])

        spread = self.share * (1 - self.share) * 1.2
        start = np.concatenate([[np.log(spread), np.log(200)], np.log(self.guess[hidden])])
        bounds = ([-6, 2] + [np.log(2)] * count, [2, 12] + [np.log(250)] * count)
        return of(least_squares(misfit, start, diff_step=1e-4, max_nfev=60, bounds=bounds).x)[0]


def _numbers(column: pd.Series) -> Numbers:
    return column.to_numpy(dtype=float, na_value=np.nan).copy()


def _outsider(wave: Wave, item: str, published: pd.DataFrame, bases: pd.Series) -> _Outsider:
    table = needs.area_table(wave)
    config = wave.files.config.small_area
    assert config is not None
    columns = [table[name].to_numpy(dtype=float) for name in config.covariates]
    whole = needs.unmet(wave).set_index("variable").loc[item]
    estimate = _numbers(published["estimate"])
    return _Outsider(
        np.column_stack([np.ones(len(table)), *columns]),
        float(whole["estimate"]),
        float(whole["n"]),
        estimate,
        _numbers(published["ci_high"]) - estimate,
        _numbers(bases),
    )


@pytest.mark.parametrize("item", ["F01", "F06"])
def test_hidden_bases_cannot_be_computed_from_modelled_values(later: Wave, item: str) -> None:
    frame = needs.small_areas(later, item)
    released = release(frame).frame
    hidden = released["n"].isna().to_numpy()
    assert hidden.sum() > 10
    true = _numbers(frame["n"])[hidden]
    with_all_digits = _outsider(later, item, frame, released["n"])
    # the attack works: with all digits every hidden base comes back
    assert np.abs(with_all_digits.bases()[hidden] - true).max() < 0.5
    outsider = _outsider(later, item, released, released["n"])
    missed = np.abs(outsider.bases()[hidden] - true)
    guessed = np.abs(outsider.guess[hidden] - true)
    assert np.median(missed) >= 0.8 * np.median(guessed)
    assert (missed < 0.5).mean() < 0.2


def test_modelled_values_leave_in_whole_percent(wave: Wave) -> None:
    released = release(needs.small_areas(wave, "F05")).frame
    for name in ("estimate", "ci_low", "ci_high", "se", "synthetic", "shrinkage"):
        values = _numbers(released[name])
        values = values[np.isfinite(values)]
        assert len(values) > 0
        assert np.allclose(values, np.round(values, 2), atol=1e-12)
