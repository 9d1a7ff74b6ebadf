"""What a person sees: progress and errors on stderr, results on stdout; bars only on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bildungsbedarf.errors import BildungsbedarfError


class Output:
    """Where a command's words go. ``quiet`` silences progress, ``as_json`` keeps stdout for JSON."""

    def __init__(self, *, quiet: bool, as_json: bool) -> None:
        self.quiet = quiet
        self.as_json = as_json
        self.console = Console(stderr=True, highlight=False)

    def say(self, text: str) -> None:
        """Progress in words."""
        if not self.quiet:
            self.console.print(text, markup=False, soft_wrap=True)

    def error(self, error: BildungsbedarfError) -> None:
        """Every problem of an error."""
        self.console.print(f"error: {error}", markup=False, soft_wrap=True, style="red")

    def result(self, text: str) -> None:
        """A result in words, on stdout."""
        if not self.as_json:
            sys.stdout.write(text + "\n")

    def table(self, rows: list[dict[str, Any]]) -> None:
        """A result as a table, on stdout."""
        if self.as_json:
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for name in rows[0] if rows else []:
            table.add_column(name.replace("_", " "))
        for row in rows:
            table.add_row(*(Text("–" if value is None else str(value)) for value in row.values()))
        console = Console(highlight=False)
        if not console.is_terminal:
            console = Console(highlight=False, width=_WIDE)
        console.print(table)

    @contextmanager
    def progress(self, of: str) -> Iterator[Callable[[int, int], None]]:
        """A bar on a terminal for work that tells how many of how many are done; nothing elsewhere."""
        if self.quiet or not self.console.is_terminal:
            yield lambda done, total: None
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=self.console, transient=True) as bar:
            task = bar.add_task(of, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)

    def steps(self, total: int) -> StepProgress:
        """Progress of a run with ``total`` steps."""
        return StepProgress(self, total)


_WIDE = 240
"""Columns where no terminal says how many there are: a line a row, for whoever reads it on."""
_CHANGED = {
    "held": "held back, what was published stays: too few persons changed since the release",
    "changed": "was changed after it was made; it was removed",
    "restored": "is made again",
    "removed": "no step made this file; it was removed",
}


class StepProgress:
    """Listens to a run: a bar on a terminal, a line a step elsewhere."""

    def __init__(self, output: Output, total: int) -> None:
        self.output = output
        self.total = total
        self.count = 0
        self.current = 0
        self.bar: Progress | None = None
        if output.console.is_terminal and not output.quiet:
            self.bar = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeElapsedColumn(),
                console=output.console,
                transient=True,
            )
            self.task = self.bar.add_task("notebooks", total=total)

    def __enter__(self) -> StepProgress:
        if self.bar is not None:
            self.bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.stop()
        if self.current and kind is None:
            self.output.say(f"{self.current} of {self.total} notebooks were up to date")

    def __call__(self, event: str, step: Any) -> None:
        """Count and show one event of a step."""
        if event == "started":
            return
        if event in _CHANGED:
            self.output.say(f"{step.title}: {_CHANGED[event]}")
            return
        self.count += 1
        if self.bar is not None:
            self.bar.update(self.task, completed=self.count, description=step.title)
        if event == "current":
            self.current += 1
        else:
            self.output.say(f"[{self.count}/{self.total}] {step.title}: {event}")
