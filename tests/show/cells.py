"""What stands in a table."""

from __future__ import annotations

from bildungsbedarf.show.blocks import Block


def cells_of(block: Block) -> dict[str, list[str]]:
    """Label of a row → its other cells."""
    assert block.content is not None
    return {row[0]: row[1:] for row in block.content.rows}
