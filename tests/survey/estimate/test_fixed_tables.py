"""A table the weights were fitted to does not vary: no test is made of the last bits of its sums."""

from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey import SurveyDesign, estimate
from bildungsbedarf.wave import Wave


@pytest.mark.parametrize("statistic", ["F", "Chisq", "lincom", "saddlepoint"])
def test_a_table_of_the_margins_is_not_tested(wave: Wave, statistic: str) -> None:
    with pytest.raises(DesignError, match="nothing of this table is left to chance"):
        estimate.chisq(wave, "altersgruppe", "geschlecht", statistic)  # type: ignore[arg-type]
    # without the weights it varies as any other
    found = estimate.chisq(wave.unweighted(), "altersgruppe", "geschlecht", statistic)  # type: ignore[arg-type]
    assert 0 <= found["p"].iloc[0] <= 1


def test_a_difference_that_does_not_vary_is_not_tested() -> None:
    design = SurveyDesign(pd.DataFrame({"y": [1.0, 1, 1, 2, 2, 2], "group": list("aaabbb")}))
    with pytest.raises(DesignError, match="nothing of this difference is left to chance"):
        estimate.ttest(design, "y ~ group")
