"""Every figure of the demo study by name; ``python -m tests.show.drawn`` writes the golden images anew."""

from __future__ import annotations

from pathlib import Path

from bildungsbedarf import disclosure, needs, show
from bildungsbedarf.show.blocks import Block
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study, Wave

GOLDEN = Path(__file__).with_name("golden")
DPI = 60


def figures(wave: Wave, later: Wave) -> dict[str, Block]:
    """Name → block."""

    def released(frame: object) -> disclosure.Released:
        return disclosure.release(frame)  # type: ignore[arg-type]

    pair = [released(needs.importance(wave)), released(needs.satisfaction(wave))]
    groups = released(needs.unmet(wave, by="altersgruppe"))
    equity = released(needs.equity(wave, "altersgruppe"))
    areas = released(needs.small_areas(wave, "F07"))
    change = released(needs.trend(wave, later, "satisfaction"))
    return {
        "dots": show.dot_plot(released(needs.unmet(wave)), wave, title="Bedarf", name="dots"),
        "dumbbell": show.dumbbell(pair, wave, title="Paare", name="dumbbell"),
        "change": show.change_plot(change, wave, later, title="Veränderung", name="change"),
        "slopes": show.slopes(change, wave, later, title="Verlauf", name="slopes"),
        "quadrants": show.quadrant_plot(released(needs.quadrants(wave)), wave, title="Felder", name="quadrants"),
        "ranks": show.rank_plot(released(needs.unmet(wave)), wave, title="Plätze", name="ranks"),
        "forest": show.forest(equity, wave, title="Unterschiede", name="forest", items=["F05", "F07"]),
        "multiples": show.small_multiples(groups, wave, title="Gruppen", name="multiples"),
        "diverging": show.diverging(released(needs.steps(wave, "ZUFR")), wave, title="Stufen", name="diverging"),
        "map": show.area_map(areas, needs.area_table(wave), wave, title="Karte", name="map"),
    }


def draw(block: Block, path: Path) -> None:
    """A figure as a small PNG."""
    block.figure.savefig(path, dpi=DPI, metadata={"Software": None})


if __name__ == "__main__":
    study = Study.load("bildungsbefragung", Project(Path(__file__).parents[2]))
    study.import_declared()
    for name, block in figures(study.wave("2026"), study.wave("2028")).items():
        draw(block, GOLDEN / f"{name}.png")
