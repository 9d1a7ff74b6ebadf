"""What a design keeps of its data, and which rows and columns it takes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DesignError
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


def test_what_a_design_hands_out_cannot_be_written_to() -> None:
    design = SurveyDesign(pd.DataFrame({"y": [1.0, 2.0, 3.0], "w": [1.0, 2.0, 3.0]}), weights="w")
    for values in (design.weights, design.domain, design.where("y > 1").weights):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 0


def test_weights_belong_to_the_rows_by_their_index() -> None:
    data = pd.DataFrame({"y": [1.0, 2.0, 6.0]}, index=["a", "b", "c"])
    design = SurveyDesign(data)
    weighted = design.with_weights(pd.Series([0.0, 0.0, 3.0], index=["c", "b", "a"]))
    assert estimate.mean(weighted, "y").loc[0, "estimate"] == 1.0
    given = np.array([1.0, 1.0, 1.0])
    weighted = design.with_weights(given)
    given[2] = 100.0
    assert estimate.mean(weighted, "y").loc[0, "estimate"] == 3.0


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.array([1.0, np.nan, 1.0]), "missing, infinite or negative"),
        (np.array([1.0, -1.0, 1.0]), "missing, infinite or negative"),
        (np.zeros(3), "all weights are zero"),
        (np.ones(2), "do not fit the data"),
        ("w", "do not fit the data"),
        (1.0, "do not fit the data"),
        (pd.Series([1.0] * 3, index=[7, 8, 9]), "cannot be matched"),
    ],
)
def test_weights_that_cannot_be(weights: object, message: str) -> None:
    design = SurveyDesign(pd.DataFrame({"y": [1.0, 2.0, 6.0]}))
    with pytest.raises(DesignError, match=message):
        design.with_weights(weights)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": {"y": [1]}}, "the data are no table"),
        ({"data": None}, "the data are no table"),
        ({"weights": np.ones(4)}, "weights are named by their column"),
        ({"strata": ["w"]}, "strata are named by their column"),
        ({"fpc": 100}, "named by a text"),
        ({"clusters": 1}, "named by a text"),
    ],
)
def test_arguments_of_a_design(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(BildungsbedarfError, match=message):
        SurveyDesign(**{"data": _repeated(), **arguments})  # type: ignore[arg-type]


def test_columns_that_cannot_be_told_apart_or_ordered() -> None:
    big = [2**53, 2**53 + 1] * 2
    data = pd.DataFrame({"big": big, "mixed": ["a", 1, "b", 2], "lists": [[1]] * 4, "none": pd.Series([None] * 4)})
    data["y"] = [1.0, 2.0, 3.0, 4.0]
    design = SurveyDesign(data)
    with pytest.raises(DesignError, match="cannot be told apart"):
        estimate.mean(design, "y", by="big")
    with pytest.raises(DesignError, match="cannot be told apart"):
        estimate.mean(design, "big")
    for name in ("mixed", "lists"):
        with pytest.raises(DesignError, match="categories of different kinds"):
            estimate.proportion(design, name)
    with pytest.raises(DesignError, match="nobody has a value of this group"):
        estimate.mean(design, "y", by="none")
    with pytest.raises(ConfigError, match="named by a text"):
        estimate.mean(design, 1)  # type: ignore[arg-type]
    with pytest.raises(DesignError, match="not a number"):
        estimate.mean(SurveyDesign(pd.DataFrame({"z": [1j, 2j]})), "z")


def test_numbers_of_arrow_are_numbers() -> None:
    pytest.importorskip("pyarrow")
    data = pd.DataFrame({"y": pd.array([1, None, 3], dtype="int64[pyarrow]"), "g": ["a", "a", "b"]})
    assert estimate.mean(SurveyDesign(data), "y").loc[0, "estimate"] == 2.0
    assert estimate.proportion(SurveyDesign(data), "y")["count"].tolist() == [1, 1]
