"""What comes first in a group is told only where nothing of the group is hidden."""

from __future__ import annotations

import pytest

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.wave import Wave
from tests.show.cells import cells_of


def test_the_largest_of_a_group_is_not_told_where_something_is_hidden(wave: Wave) -> None:
    frame = needs.unmet(wave, by="altersgruppe")
    released = disclosure.release(frame)
    hidden = set(released.decisions["altersgruppe"])
    lines = cells_of(show.firsts(released, wave))
    assert hidden and hidden < set(lines)
    for group, line in lines.items():
        own = frame[frame["altersgruppe"] == group].sort_values("estimate", ascending=False)
        if group in hidden:
            assert line[:2] == ["– u", "– u"]
        else:
            items = wave.codebook["WICHT"].items("de")
            first, second = (items[item] for item in own["variable"].head(2))
            assert line[0].startswith(f"{first}: ") and line[1].startswith(f"{second}: ")


def test_a_table_of_firsts_says_how_many_may_be_shown(wave: Wave) -> None:
    released = disclosure.release(needs.unmet(wave, by="gemeinde"))
    block = show.firsts(released, wave, count=1)
    assert block.content is not None
    assert block.content.headings == ["Platz 1", "Davon gezeigt"]
    shown = released.rows().groupby("gemeinde", observed=True).size()
    assert [row[-1].split()[0] for row in block.content.rows] == [
        str(shown.get(group, 0)) for group in released.frame["gemeinde"].unique()
    ]
    assert any("Verdecktes kann größer sein" in note for note in block.content.notes)
    assert block.data is not None
    assert len(block.data) == 1


def test_the_largest_rows_keep_the_groups_order(wave: Wave) -> None:
    first = disclosure.release(needs.unmet(wave, by="kinder")).largest(2)
    assert first.frame.groupby("kinder", observed=True).size().tolist() == [2, 2]
    for _, part in first.frame.groupby("kinder", observed=True):
        assert part["estimate"].is_monotonic_decreasing
    assert disclosure.release(needs.unmet(wave)).largest(2).frame["variable"].tolist() == needs.most_urgent(wave, 2)


def test_what_is_largest_is_refused_where_it_is_not_known(wave: Wave) -> None:
    with pytest.raises(ConfigError, match="1 or more"):
        disclosure.release(needs.unmet(wave)).largest(0)
    hidden = disclosure.release(needs.unmet(wave, by=["gemeinde", "altersgruppe", "geschlecht"]))
    with pytest.raises(ConfigError, match="something is hidden everywhere"):
        hidden.largest()
    with pytest.raises(ConfigError, match="another kind"):
        show.firsts(hidden, wave)
