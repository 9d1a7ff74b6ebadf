"""What a saved table holds says what its rows are called, beside their codes."""

from __future__ import annotations

from pathlib import Path

from bildungsbedarf import needs, show
from bildungsbedarf.disclosure import release
from bildungsbedarf.wave import Wave


def test_tables_of_every_kind_have_the_words_of_their_rows(wave: Wave, later: Wave) -> None:
    made = {
        "grid": show.grid(release(needs.steps(wave, "ZUFR")), wave, title="Zufriedenheit"),
        "change": show.change_table(release(needs.trend(wave, later, "satisfaction")), wave, later),
        "rank": show.rank_table(release(needs.unmet(wave)), wave),
        "firsts": show.firsts(release(needs.unmet(wave, by="altersgruppe")), wave),
    }
    labels = {name: set(block.data["label"]) for name, block in made.items()}
    assert all("Digitale Kompetenzen" in own for own in labels.values())
    steps = made["grid"].data.set_index("category")["category_label"]
    assert set(steps["1"]) == {"sehr unzufrieden"}
    assert (made["firsts"].data["altersgruppe_label"] == made["firsts"].data["altersgruppe"]).all()


def test_a_csv_of_changes_can_be_read_without_the_codebook(wave: Wave, later: Wave, tmp_path: Path) -> None:
    block = show.change_table(release(needs.trend(wave, later, "satisfaction")), wave, later)
    lines = block.save(tmp_path / "t.csv").read_text(encoding="utf-8-sig").splitlines()
    assert any("Digitale Kompetenzen" in line and "F05" in line for line in lines)
