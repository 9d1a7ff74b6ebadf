"""What a design keeps of its data, and which rows and columns it takes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.errors import DesignError
from bildungsbedarf.survey import SurveyDesign, estimate


def _repeated() -> pd.DataFrame:
    return pd.DataFrame({"y": [1.0, 2.0, 3.0, 4.0], "w": [1.0, 1.0, 2.0, 2.0]}, index=[0, 0, 1, 1])


def test_an_index_with_doubles_does_not_say_which_row_is_which() -> None:
    data = _repeated()
    design = SurveyDesign(data, weights="w")
    swapped = data.iloc[[1, 0, 2, 3]]["y"] > 1.5
    with pytest.raises(DesignError, match="mask cannot be matched"):
        design.where(swapped)
    with pytest.raises(DesignError, match="columns cannot be matched"):
        design.with_columns(data[["y"]].add_suffix("2"))
    assert len(design.where(design.data["y"] > 1.5)) == len(design.where((data["y"] > 1.5).to_numpy())) == 3
    kept = SurveyDesign(data.set_axis(["a", "b", "c", "d"]), weights="w")
    assert kept.data.index.tolist() == ["a", "b", "c", "d"]


def test_what_happens_to_the_data_afterwards_does_not_reach_the_design() -> None:
    data = _repeated().reset_index(drop=True)
    design = SurveyDesign(data, weights="w")
    data.loc[0, "y"] = 1000.0
    data["w"] = 5.0
    del data["y"]
    seen = design.data
    seen["y"] = 0.0
    assert estimate.mean(design, "y").loc[0, "estimate"] == pytest.approx(17 / 6)


@pytest.mark.parametrize(
    ("mask", "message"),
    [
        (["Y", "N", "Y", "N"], "true or false of each row"),
        (np.array([0, 1, 1, 0]), "true or false of each row"),
        (pd.Series(["a", None, "b", "a"]), "true or false of each row"),
        (pd.DataFrame({"m": [True] * 4}), "a mask is one column"),
        (np.ones((4, 2), dtype=bool), "a mask is one column"),
        ([True, False], "another length"),
    ],
)
def test_a_mask_says_true_or_false(mask: object, message: str) -> None:
    with pytest.raises(DesignError, match=message):
        SurveyDesign(_repeated(), weights="w").where(mask)  # type: ignore[arg-type]


def test_unknown_is_outside() -> None:
    design = SurveyDesign(_repeated(), weights="w")
    assert len(design.where(pd.array([True, None, False, True], dtype="boolean"))) == 2
    assert len(design.where(np.array([True, None, False, True], dtype=object))) == 2
    assert len(design.where(pd.Series([None] * 4))) == 0


@pytest.mark.parametrize(
    ("columns", "message"),
    [(["y", "y"], "same name(.|\n)*'y'"), (["y", 3], "no text(.|\n)*3"), ([("a", "b"), "y"], "no text")],
)
def test_columns_have_a_name_of_their_own(columns: list[object], message: str) -> None:
    data = pd.DataFrame([[1, 2], [3, 4]])
    data.columns = pd.Index(columns, tupleize_cols=False)
    with pytest.raises(DesignError, match=message):
        SurveyDesign(data)
    with pytest.raises(DesignError, match=message):
        SurveyDesign(pd.DataFrame({"z": [1, 2]})).with_columns(data)


def test_what_the_design_was_made_from_stays() -> None:
    design = SurveyDesign(_repeated().reset_index(drop=True), weights="w")
    with pytest.raises(DesignError, match=r"made from this column(.|\n)*'w'"):
        design.with_columns(pd.DataFrame({"w": [1.0] * 4}))
    with pytest.raises(DesignError, match=r"no table(.|\n)*'Series'"):
        design.with_columns(pd.Series([1.0] * 4))  # type: ignore[arg-type]
    assert estimate.mean(design.with_columns(pd.DataFrame({"y": [0.0] * 4})), "y").loc[0, "estimate"] == 0
