"""Estimates by replicate: features' totals under every set of replicate weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from bildungsbedarf.survey.arrays import Floats, Ints
from bildungsbedarf.survey.design.replicates import Replicates
from bildungsbedarf.survey.reading.domains import Domains
from bildungsbedarf.survey.reading.features import Variable
from bildungsbedarf.survey.rows.asked import Rows
from bildungsbedarf.survey.variance.estimands import Estimand


def estimates(
    rows: Rows, replicates: Replicates, variables: Sequence[Variable], domains: Domains, estimand: Estimand
) -> Floats:
    """Estimates (replicates × variables × domains × estimates) of variables with equally many features."""
    block = rows.block([*domains.names, *(name for variable in variables for name in variable.needed)])
    domain = np.where(block.inside, domains.codes(block.frame, len(block)), -1)
    weights = replicates.weights
    present: Floats = np.asarray(weights.any(axis=1), dtype=np.float64)
    shape = len(domains), variables[0].width
    matrices = [_by_feature(variable, block.frame, domain, shape) for variable in variables]
    totals = np.stack([(matrix @ weights).reshape(*shape, -1) for matrix in matrices])
    # persons, as R, are those of the sample: the correction n / (n − 1) of a variance stays the same
    counts = np.stack([(matrix @ present[:, None]).reshape(shape) for matrix in matrices])
    return estimand.points(np.moveaxis(totals, -1, 0), counts[None])


def _by_feature(variable: Variable, frame: pd.DataFrame, domain: Ints, shape: tuple[int, int]) -> sparse.csr_matrix:
    """Rows: domain and feature; columns: persons; values: the features."""
    domains, width = shape
    if variable.is_discrete:
        codes = variable.codes(frame)
        used = np.flatnonzero((domain >= 0) & (codes >= 0))
        places = domain[used] * width + codes[used]
        return sparse.csr_matrix((np.ones(len(used)), (places, used)), shape=(domains * width, len(domain)))
    features = variable.features(frame)[0]
    used = np.flatnonzero(domain >= 0)
    places = (domain[used][:, None] * width + np.arange(width)).reshape(-1)
    rows = np.repeat(used, width)
    return sparse.csr_matrix((features[used].reshape(-1), (places, rows)), shape=(domains * width, len(domain)))
