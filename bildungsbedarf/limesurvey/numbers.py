"""Text as numbers, in the time of its different values: answers repeat."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd


def to_numbers(text: pd.Series, errors: Literal["raise", "coerce"] = "coerce") -> pd.Series:
    """``pandas.to_numeric`` of each different value once; float64, missing stays missing; infinity is no number.

    Raises
    ------
    ValueError
        A text is no number, and ``errors`` is ``raise``.
    """
    places, values = pd.factorize(text)
    known = pd.to_numeric(pd.Series(values, dtype="object"), errors=errors).to_numpy(dtype=float, na_value=np.nan)
    known = np.where(np.isfinite(known), known, np.nan)
    return pd.Series(np.append(known, np.nan)[places], index=text.index)
