"""Groups of opinion: planted ones are found, and none is invented."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from bildungsbedarf import participation
from bildungsbedarf.participation.opinions import SMALLEST_GROUP
from bildungsbedarf.sources.kinds import Votes
from bildungsbedarf.survey.arrays import Floats
from bildungsbedarf.wave import Study


def _votes(values: Floats) -> Votes:
    people = pd.Series([f"p{number}" for number in range(len(values))], dtype="string")
    items = pd.Series([f"Z{number}" for number in range(values.shape[1])], dtype="string")
    rows, columns = np.nonzero(~np.isnan(values))
    return Votes(
        pd.DataFrame({"id": items, "kind": "statement", "text": items}),
        pd.DataFrame({"id": people, "group": ""}),
        pd.DataFrame(
            {
                "participant": people.to_numpy()[rows],
                "statement": items.to_numpy()[columns],
                "value": values[rows, columns],
            }
        ),
    )


def _cast(chances: Floats, rng: np.random.Generator, unseen: float = 0.0) -> Floats:
    """Agree by chance, else disagree; a tenth pass; some statements were not seen."""
    values = np.where(rng.random(chances.shape) < chances, 1.0, -1.0)
    values[rng.random(values.shape) < 0.1] = 0.0
    values[rng.random(values.shape) < unseen] = np.nan
    return values


@pytest.mark.parametrize("unseen", [0.0, 0.3])
def test_two_planted_groups_are_found(unseen: float) -> None:
    rng = np.random.default_rng(4)
    planted = np.repeat([0, 1], [60, 31])
    chances = np.tile(rng.uniform(0.2, 0.8, 14), (91, 1))
    chances[:, ::2] = np.where(planted[:, None] == 0, 0.9, 0.12)
    found = participation.opinions(_votes(_cast(chances, rng, unseen)))
    assert (found.is_found, found.k) == (True, 2)
    known = found.groups.notna().to_numpy()
    codes = found.groups.cat.codes.to_numpy()[known].astype(np.int64)
    assert participation.adjusted_rand(planted[known], codes) > 0.85
    # the largest is A
    assert list(found.groups.cat.categories) == ["A", "B"]
    assert (codes == 0).sum() > (codes == 1).sum()


@pytest.mark.parametrize("kind", ["no connection", "a gradient without a gap"])
def test_none_is_invented(kind: str) -> None:
    told = 0
    for seed in range(6):
        rng = np.random.default_rng(seed)
        logits = np.tile(rng.normal(0, 0.8, 14), (91, 1))
        if kind != "no connection":
            logits = logits + rng.normal(size=(91, 1)) * rng.normal(size=14) * 1.2
        found = participation.opinions(_votes(_cast(1 / (1 + np.exp(-logits)), rng)))
        told += found.is_found
        assert found.groups.isna().all() == (not found.is_found)
    assert told == 0


def test_the_same_votes_give_the_same_groups_whatever_the_order_of_people() -> None:
    rng = np.random.default_rng(9)
    chances = np.where(np.arange(60)[:, None] < 30, 0.9, 0.1) * np.ones((60, 10))
    votes = _votes(_cast(chances, rng))
    one, again = participation.opinions(votes), participation.opinions(votes)
    pd.testing.assert_series_equal(one.groups, again.groups)
    turned = Votes(votes.statements, votes.participants[::-1].reset_index(drop=True), votes.votes)
    other = participation.opinions(turned).groups.reindex(one.groups.index)
    codes = (series.cat.codes.to_numpy().astype(np.int64) for series in (one.groups, other))
    assert participation.adjusted_rand(*codes) > 0.95


def test_too_few_people_or_votes_have_no_groups() -> None:
    rng = np.random.default_rng(1)
    few = participation.opinions(_votes(_cast(np.full((2 * SMALLEST_GROUP - 1, 9), 0.5), rng)))
    assert (few.k, few.is_found, few.voters) == (0, False, 19)
    unseen = _cast(np.full((40, 20), 0.5), rng)
    # everybody voted on five of twenty statements, each on others
    np.put_along_axis(unseen, rng.permuted(np.tile(np.arange(20), (40, 1)), axis=1)[:, 5:], np.nan, axis=1)
    assert participation.opinions(_votes(unseen)).k == 0


def test_all_passing_is_no_group() -> None:
    assert not participation.opinions(_votes(np.zeros((50, 8)))).is_found


def test_adjusted_rand_by_hand() -> None:
    """Hubert & Arabie 1985: of six people in {3, 3} and {2, 2, 2}: (2 − 6·3/15) / ((6 + 3)/2 − 6·3/15)."""
    one, other = np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2])
    assert participation.adjusted_rand(one, other) == pytest.approx((2 - 18 / 15) / (4.5 - 18 / 15))


def test_the_demo_has_none(study: Study) -> None:
    for name, audience in (("2026", "konferenz1"), ("2028", "konferenz2")):
        assert not participation.opinions(study.wave(name, audience)).is_found
