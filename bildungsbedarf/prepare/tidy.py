"""Multiple response and ranking questions as long tables: one row a person and item."""

from __future__ import annotations

import pandas as pd

from bildungsbedarf.codebook import Codebook


def multiple_response(responses: pd.DataFrame, codebook: Codebook, question: str) -> pd.DataFrame:
    """Boxes of a multiple choice question.

    Returns
    -------
    DataFrame with ``id``, ``item`` and ``ticked`` (boolean; missing where the person was not
    shown the question or did not pass its page). A written "other" counts as ticked.
    """
    wide = ticked_items(responses, codebook, question)
    long = wide.assign(id=responses["id"]).melt(id_vars="id", var_name="item", value_name="ticked")
    return long.astype({"ticked": "boolean"})


def ticked_items(responses: pd.DataFrame, codebook: Codebook, question: str) -> pd.DataFrame:
    """The same in wide form: one boolean column an item (``other`` last), rows as in ``responses``."""
    columns = codebook.columns_of(question)
    wide = pd.DataFrame({column.item: responses[column.name] for column in columns})
    if codebook[question].other:
        passed = wide.notna().any(axis=1)
        wide["other"] = responses[f"{question}_other"].notna().astype("boolean").mask(~passed)
    return wide


def ranking(responses: pd.DataFrame, codebook: Codebook, question: str) -> pd.DataFrame:
    """Places of a ranking question; partial rankings are kept.

    Returns
    -------
    DataFrame with ``id``, ``item`` (code) and ``place`` (1 = first), ranked items only.
    """
    places = {int(column.item): responses[column.name] for column in codebook.columns_of(question)}
    long = pd.concat(
        [
            pd.DataFrame({"id": responses["id"], "item": item.astype("object"), "place": place})
            for place, item in places.items()
        ],
        ignore_index=True,
    )
    return long.dropna(subset=["item"]).sort_values(["id", "place"], ignore_index=True)
