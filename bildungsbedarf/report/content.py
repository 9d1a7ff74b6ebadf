"""What the pages are made of: read from executed notebooks and registers, nothing computed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from bildungsbedarf.errors import DataError
from bildungsbedarf.findings import Finding, Register, newest, read_register
from bildungsbedarf.findings.register import FILE as FINDINGS
from bildungsbedarf.run.notebooks import joined, read_notebook, text_in
from bildungsbedarf.run.steps import Step
from bildungsbedarf.show.blocks import MIME

_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True)
class Page:
    """One notebook as a page: ``parts`` are finished HTML, code is left out."""

    path: str
    title: str
    lead: str
    folder: str
    parts: list[str]


def read_page(step: Step, results: Path, language: str) -> Page:
    """The page of one executed notebook.

    Raises
    ------
    DataError
        The notebook was not executed, cannot be read, or has a text without words in the language.
    """
    notebook = read_notebook(step.executed(results))
    title, lead = step.name, ""
    sections = 0
    parts: list[str] = []
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell["cell_type"] == "markdown":
            where = f"notebooks/{step.notebook.name}, cell {number}"
            for piece in _pieces(text_in(cell, language, step.needs.language, where)):
                mark, heading, text = _heading(piece)
                if mark == "#":
                    title, lead = heading, _MARKDOWN.render(text)
                    continue
                if mark == "##":
                    sections += 1
                    parts.append(f'{_SECTION}{sections}">{_MARKDOWN.renderInline(heading)}</h2>\n')
                parts.append(_MARKDOWN.render(text))
        else:
            shown = (output.get("data", {}) for output in cell["outputs"])
            parts += [_opened(joined(data["text/html"])) for data in shown if MIME in data]
    return Page(f"{step.folder}/{step.name}.html", title, lead, step.folder, _told(parts))


def _told(parts: Sequence[str]) -> list[str]:
    """What says something: a heading beneath which nothing applies to this wave is left out."""
    full = [part for part in parts if part.strip()]
    following = [*full, _SECTION][1:]
    return [
        part for part, after in zip(full, following, strict=True) if not _is_section(part) or not _is_section(after)
    ]


_SECTION = '<h2 id="abschnitt-'


def _is_section(part: str) -> bool:
    return part.startswith(_SECTION)


_BETWEEN_CELLS = re.compile(r"\n(?=</?(?:t[rdh]|thead|tbody)\b)")
"""Line breaks that a table has for people who read its source: a page of many tables is the lighter without them."""


def _opened(block: str) -> str:
    """A block as a page shows it: with the drawings for phones that notebooks keep closed, and no line a cell."""
    block = _BETWEEN_CELLS.sub("", block)
    return block.replace('<template class="bb-narrow">', '<div class="bb-narrow">').replace("</template>", "</div>")


def source_title(step: Step, language: str) -> str:
    """What a notebook is called by its first heading, executed or not; its name where it cannot be read."""
    try:
        cells = read_notebook(step.notebook)["cells"]
        text = text_in(cells[0], language, step.needs.language, step.notebook.name)
    except (DataError, IndexError):
        return step.name
    mark, heading, _ = _heading(next(iter(_pieces(text)), ""))
    return heading if mark == "#" else step.name


def _pieces(source: str) -> list[str]:
    """Markdown cut before each heading of the first two levels."""
    pieces: list[list[str]] = [[]]
    for line in source.strip().splitlines():
        if line.startswith(("# ", "## ")) and pieces[-1]:
            pieces.append([])
        pieces[-1].append(line)
    return ["\n".join(piece) for piece in pieces]


def _heading(piece: str) -> tuple[str, str, str]:
    """Mark, heading and the text below; no mark where the piece has no heading."""
    first, _, text = piece.partition("\n")
    for mark in ("#", "##"):
        if first.startswith(f"{mark} "):
            return mark, first.removeprefix(f"{mark} ").strip(), text
    return "", "", piece


def read_registers(results: Path) -> dict[str, Register]:
    """Registers by folder, in order."""
    paths = sorted(results.glob(f"**/{FINDINGS}"))
    return {path.parent.relative_to(results).as_posix(): read_register(path) for path in paths}


def headlines(registers: dict[str, Register]) -> list[Finding]:
    """What belongs on the first page, from the newest wave of each audience."""
    found = [finding for register in registers.values() for finding in register.findings]
    first = [finding for finding in newest(found) if finding.headline]
    order = ["unmet_need", "trend_satisfaction", "trend_unmet_need", "barrier"]
    rank = {measure: number for number, measure in enumerate(order)}
    return sorted(first, key=lambda f: (rank.get(f.measure, len(order)), bool(f.groups), f.id))
