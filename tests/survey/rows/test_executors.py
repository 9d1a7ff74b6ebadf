"""The same numbers from a dask cluster on this machine, whatever the number of workers."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from bildungsbedarf.errors import BildungsbedarfError, ConfigError, DesignError
from bildungsbedarf.survey import SurveyDesign, estimate, weighting
from bildungsbedarf.survey.rows import executors
from tests.survey.rows.test_scanned import MARGINS, people

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cluster")
    for number in range(4):
        people(400, number).to_parquet(made / f"{number}.parquet", row_group_size=150)
    return made


@pytest.fixture(scope="module", params=[1, 2])
def scheduler(request: pytest.FixtureRequest) -> Iterator[str]:
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=request.param,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        host="127.0.0.1",
        scheduler_port=0,
    ) as cluster:
        yield cluster.scheduler_address.replace("tcp://", "dask://")


@pytest.mark.filterwarnings("default")
def test_a_cluster_gives_the_same_numbers(folder: Path, scheduler: str) -> None:
    designs = [
        weighting.rake(SurveyDesign.scan(folder, weights="w", strata="s", clusters="psu", executor=executor), MARGINS)
        for executor in ("local", scheduler)
    ]
    calls = [
        lambda d: estimate.table(d, ["item", "y"], by=["g", "sex"]),
        lambda d: estimate.covariance(d, "mean", ["item", "y"], by="g"),
        lambda d: estimate.quantile(d.where("age > 30"), ["y", "item"], [0.5]),
        lambda d: estimate.glm(d, "y ~ z + g"),
    ]
    for call in calls:
        pd.testing.assert_frame_equal(*(call(d) for d in designs), check_exact=True)


@pytest.mark.filterwarnings("default")
def test_errors_on_a_worker_arrive(folder: Path, scheduler: str) -> None:
    with pytest.raises(DesignError, match="not a number"):
        SurveyDesign.scan(folder, weights="sex", executor=scheduler)


def test_executors_that_are_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="local, or dask"):
        SurveyDesign.scan(folder, executor="cluster")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    monkeypatch.setattr(executors, "WAIT", "0.5s")
    with pytest.raises(BildungsbedarfError, match=r"no dask scheduler answers|pip install"):
        SurveyDesign.scan(folder, executor=f"dask://127.0.0.1:{free}")
