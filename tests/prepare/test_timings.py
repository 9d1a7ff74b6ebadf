"""Times in all and by page, speed against the others, and answers keyed in from paper."""

from __future__ import annotations

import pandas as pd
import pytest

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.prepare import prepare_table
from bildungsbedarf.prepare.timings import page_seconds, relative_speed
from bildungsbedarf.sources.timings import with_timings
from bildungsbedarf.wave import Wave


def test_speed_is_the_mean_of_median_by_own_time() -> None:
    seconds = pd.DataFrame({1: [10.0, 20.0, 40.0], 2: [100.0, 50.0, 5.0]}, dtype="Float64")
    # page 1: 20/10, 20/20, 20/40; page 2: 50/100, 50/50, 50/5 → at most 3
    assert relative_speed(seconds).tolist() == [(2 + 0.5) / 2, 1.0, (0.5 + 3) / 2]
    assert relative_speed(pd.DataFrame(index=[0, 1])).isna().all()


def _timed(raw: pd.DataFrame, book: Codebook) -> pd.DataFrame:
    groups = list(dict.fromkeys(question.gid for question in book.questions))
    timed = {f"groupTime{gid}": [str(30 * (number + 1))] * len(raw) for number, gid in enumerate(groups)}
    table = raw.assign(**timed)
    table.loc[table.index[:5], list(timed)] = "2"
    table.loc[table.index[5], list(timed)] = ""
    return table


def test_pages_are_timed_where_the_export_has_times(wave: Wave) -> None:
    raw = _timed(wave.snapshot.read(), wave.codebook)
    found = page_seconds(raw, wave.codebook)
    assert list(found.columns) == [1, 2, 3]
    assert found.iloc[10].tolist() == [30.0, 60.0, 90.0]
    assert found.iloc[5].isna().all()
    by_question = raw[["id"]].assign(**{f"questionTime{q.qid}": "1.5" for q in wave.codebook.questions})
    summed = page_seconds(by_question, wave.codebook)
    assert summed.iloc[0].tolist() == [
        1.5 * sum(question.page == page for question in wave.codebook.questions) for page in (1, 2, 3)
    ]
    assert page_seconds(wave.snapshot.read(), wave.codebook).shape[1] == 0


def test_who_clicks_through_is_flagged_page_by_page(wave: Wave) -> None:
    raw = _timed(wave.snapshot.read(), wave.codebook)
    quality = wave.config.quality.model_copy(update={"maximum_speed": 2.0, "minimum_share_of_median_duration": 0.0})
    config = wave.config.model_copy(update={"quality": quality})
    found = prepare_table(raw, wave.codebook, config, "2026", "erwachsene", ["WICHT"])
    fast = set(raw["id"].head(5).astype(int))
    assert set(found.responses.loc[found.responses["speeding"], "id"]) == fast & set(found.responses["id"])
    assert found.quality.page_minutes == {"1": 0.5, "2": 1.0, "3": 1.5}
    assert found.responses["relative_speed"].max() == 3.0


def test_paper_is_a_mode_and_has_no_duration(wave: Wave) -> None:
    config = wave.config.model_copy(update={"paper": "KANAL == 'HNA'"})
    found = prepare_table(wave.snapshot.read(), wave.codebook, config, "2026", "erwachsene", ["WICHT"])
    on_paper = found.responses["mode"] == "paper"
    assert (on_paper == (found.responses["KANAL"] == "HNA").fillna(False)).all()
    assert found.responses.loc[on_paper, "duration_minutes"].isna().all()
    assert not found.responses.loc[on_paper, "speeding"].any()
    assert found.quality.modes == {
        "online": int((~on_paper).sum()),
        "paper": int(on_paper.sum()),
    }
    assert set(wave.responses["mode"]) == {"online"}


@pytest.mark.parametrize(
    ("field", "heading"),
    [
        ("_990101X1time", "groupTime1"),
        ("_990101X1X7time", "questionTime7"),
        ("Q7_Ctime", "questionTime7"),
        ("interviewtime", "interviewtime"),
    ],
)
def test_timings_of_an_archive(field: str, heading: str) -> None:
    rows = f"<row><id>2</id><{field}>31.5</{field}></row>"
    content = f"<document><timings><rows>{rows}</rows></timings></document>".encode()
    table = with_timings(pd.DataFrame({"id": ["1", "2"]}, dtype="str"), content, "wave.lsa")
    assert table[heading].tolist() == ["", "31.5"]
    assert with_timings(table, None, "wave.lsa") is table
