"""Execute one notebook through papermill, clean it so that bytes repeat, and check what it displays."""

from __future__ import annotations

import json
import logging
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from bildungsbedarf.errors import DataError, DisclosureError, Problem, StepError
from bildungsbedarf.run.launching import KERNEL, Watch, environment_of, files_opened
from bildungsbedarf.run.processes import end_all, has_room_for_sockets, own_folder
from bildungsbedarf.sealing import SEAL, is_sealed
from bildungsbedarf.study.config import RunConfig

Notebook = dict[str, Any]

_NBFORMAT = 4
_KEPT_METADATA = ("bildungsbedarf", "kernelspec", "language_info")
DEFAULTS = RunConfig()
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_INJECTED = "injected-parameters"
OWN = "bildungsbedarf"
"""Our part of a notebook's and a cell's metadata."""


@dataclass(frozen=True)
class Executed:
    """A notebook that ran: its text, and the files it opened, by path in the project."""

    text: str
    reads: tuple[str, ...]


def execute(
    source: Path,
    parameters: dict[str, str],
    root: Path,
    failed: Path | None = None,
    *,
    inputs: Sequence[Path] = (),
    limits: RunConfig = DEFAULTS,
) -> Executed:
    """Run a notebook, with outputs, without clock times and random ids.

    Parameters
    ----------
    source, parameters
        The notebook, and what its cell ``parameters`` gets.
    root
        The project.
    failed
        Folder in which a notebook that fails is kept, readable by its owner only, to be opened where it stopped.
    inputs
        Files and folders it may open; default: surveys, reference data and snapshots.
    limits
        Seconds and memory it may take.

    Raises
    ------
    StepError
        A cell failed or took too long, the kernel died or is unknown, or the file is no notebook; names notebook,
        cell and line.
    DisclosureError
        A cell displays something that did not pass the gate.
    """
    # papermill takes a second to import: only when something is executed.
    import papermill
    from nbclient.exceptions import CellTimeoutError
    from nbformat import ValidationError
    from papermill.exceptions import PapermillException, PapermillExecutionError
    from traitlets.config import Config

    logging.getLogger("papermill").setLevel(logging.ERROR)
    where, seal = f"notebooks/{source.name}", token_hex()
    read_notebook(source)
    with own_folder() as folder:
        target = folder / source.name
        socket = {"transport": "ipc", "ip": str(folder / "kernel")} if has_room_for_sockets(folder) else {}
        watch = Watch(folder, limits.notebook_seconds)
        try:
            with environment_of(folder, root, inputs, limits, seal), watch:
                papermill.execute_notebook(
                    _as_is(source),
                    _as_is(target),
                    parameters=parameters,
                    progress_bar=False,
                    log_output=False,
                    kernel_name=KERNEL,
                    language="python",
                    cwd=str(source.parent),
                    execution_timeout=limits.cell_seconds,
                    config=Config({"KernelManager": socket}),
                    extra_arguments=["--log-level=CRITICAL"],
                )
        except PapermillExecutionError as error:
            kept = _keep(target, failed)
            raise _cell_failed(error, source, kept, parameters) from None
        except CellTimeoutError:
            expected = f"at most {limits.cell_seconds} seconds a cell (cell_seconds in study.toml)"
            raise StepError("a cell took too long", where=where, expected=expected) from None
        except RuntimeError:
            # nbclient's DeadKernelError, or one that ended before it could answer
            if watch.ended:
                expected = f"at most {limits.notebook_seconds} seconds (notebook_seconds in study.toml)"
                raise StepError("the notebook took too long", where=where, expected=expected) from None
            raise StepError(
                "the kernel died", where=where, remedy="it may have taken more memory than there is; run with --jobs 1"
            ) from None
        except (PapermillException, ValidationError) as error:
            what = f"notebook cannot be executed: {str(error).splitlines()[0]}"
            raise StepError(what, where=where, remedy="open and save it in JupyterLab") from None
        except OSError as error:
            what = f"the notebook's process could not be started: {error.strerror}"
            raise StepError(what, where=where, remedy="is the disk full, or the folder for temporary files?") from None
        finally:
            end_all(folder)
        notebook = read_notebook(target)
        reads = files_opened(folder)
    clean(notebook)
    refuse_unreleased(notebook, source.name, seal)
    return Executed(to_text(notebook), reads)


def _as_is(path: Path) -> str:
    """A path as papermill takes it, which puts parameters into braces."""
    return str(path).replace("{", "{{").replace("}", "}}")


def _cell_failed(error: Any, source: Path, kept: Path | None, parameters: dict[str, str]) -> StepError:
    """The cell as the person who wrote the notebook counts them, its line, and what Python said of it."""
    cells = read_notebook(source)["cells"]
    written = [number for number, cell in enumerate(cells, start=1) if "".join(cell["source"]) == error.source]
    cell = written[0] if written else error.cell_index
    line = _failing_line(error)
    where = f"notebooks/{source.name}, cell {cell}" + (f", line {line}" if line else "")
    lines = error.source.splitlines()
    remedy = f"open it with 'bildungsbedarf lab' and run it with {parameters}"
    return StepError(
        f"cell failed: {error.ename}: {error.evalue}",
        where=where,
        value=lines[line - 1].strip() if 0 < line <= len(lines) else None,
        remedy=f"open {kept.name} in {kept.parent}" if kept is not None else remedy,
    )


def _failing_line(error: Any) -> int:
    """Line of the cell on which it stopped; 0 where Python does not say."""
    text = _ANSI.sub("", "\n".join(error.traceback))
    found = re.findall(r"^-+> (\d+) ", text, re.M) or re.findall(r"line (\d+)", text)
    return int(found[0]) if found else 0


def _keep(target: Path, folder: Path | None) -> Path | None:
    """A notebook that failed, for its owner to open."""
    if folder is None or not target.is_file():
        return None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = folder / target.name
    shutil.copyfile(target, kept)
    kept.chmod(0o600)
    return kept


def clean(notebook: Notebook) -> None:
    """Remove what changes from run to run: times, random ids, the versions of the machine, and warnings.

    A warning on stderr can quote a value, and it is no finding.
    """
    kept = {name: value for name, value in notebook["metadata"].items() if name in _KEPT_METADATA}
    notebook["metadata"] = {**kept, "language_info": {"name": "python"}}
    written = 0
    for cell in notebook["cells"]:
        tags = list(cell["metadata"].get("tags", []))
        is_injected = _INJECTED in tags
        # Ids count only the cells a person wrote, so that injected parameters don't shift them.
        written += not is_injected
        cell["id"] = _INJECTED if is_injected else f"cell-{written:02d}"
        told = cell["metadata"].get(OWN)
        cell["metadata"] = {**({OWN: told} if told else {}), **({"tags": tags} if tags else {})}
        if "outputs" in cell:
            cell["outputs"] = [output for output in cell["outputs"] if output.get("name") != "stderr"]
        for output in cell.get("outputs", []):
            if output["output_type"] in ("display_data", "execute_result"):
                output["metadata"] = {}


def refuse_unreleased(notebook: Notebook, name: str, seal: str = "") -> None:
    """Every display must be a block of ``show``: those alone carry what passed the gate.

    With ``seal``, the key of the notebook's run, each block must be as the library made it there; the seals are taken
    off. Nothing else may be shown beside a block, and no file hang on a text.

    Raises
    ------
    DisclosureError
        With every cell that shows something else.
    """
    problems = []
    for number, cell in enumerate(notebook["cells"], start=1):
        if cell.get("attachments"):
            problems.append(
                Problem(
                    "a file hangs on a text of the notebook",
                    f"notebooks/{name}, cell {number}",
                    ", ".join(cell["attachments"]),
                    "words alone; figures from bb.show",
                )
            )
        for output in cell.get("outputs", []):
            if output["output_type"] in ("display_data", "execute_result") and _is_a_block(output["data"], seal):
                continue
            problems.append(
                Problem(
                    "cell displays something that did not pass the disclosure gate",
                    f"notebooks/{name}, cell {number}",
                    "".join(cell["source"]).strip().splitlines()[-1],
                    "a block of bb.show",
                    "show.table(disclosure.release(frame), …); end other lines with a semicolon or assign them",
                )
            )
    if problems:
        raise DisclosureError(problems)


def _is_a_block(data: dict[str, Any], seal: str) -> bool:
    """Whether a display is a block and nothing else; its seal is taken off."""
    from bildungsbedarf.show.blocks import MIME

    payload = data.get(MIME)
    if not isinstance(payload, dict) or not set(data) <= {MIME, "text/html", "text/plain"}:
        return False
    texts = [joined(data.get(kind, "")) for kind in ("text/html", "text/plain")]
    is_ours = not seal or is_sealed(seal, payload, *texts)
    payload.pop(SEAL, None)
    return is_ours


def blocks(notebook: Notebook) -> list[dict[str, Any]]:
    """Payloads of all blocks displayed, in order."""
    # drawing takes a second to import: looking what is up to date needs none
    from bildungsbedarf.show.blocks import MIME

    return [
        output["data"][MIME]
        for cell in notebook["cells"]
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]


def read_notebook(path: Path) -> Notebook:
    """A notebook file as plain values; nbformat would take seconds to load for that.

    Raises
    ------
    DataError
        Not there, or not a notebook.
    """
    try:
        content = json.loads(path.read_bytes())
        if content["nbformat"] >= _NBFORMAT and isinstance(content["cells"], list):
            return dict(content)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(f"notebook cannot be read: {error}", where=path.name, remedy="run with --force") from None
    raise DataError("notebook is of an old format", where=path.name, remedy="open and save it in JupyterLab")


def to_text(notebook: Notebook) -> str:
    """A notebook as the text that is kept, laid out as Jupyter does."""
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def text_in(cell: dict[str, Any], language: str, written_in: str, where: str) -> str:
    """A text cell in the report's language: as written, or as its metadata say in another language.

    Raises
    ------
    DataError
        It says nothing in this language.
    """
    if language == written_in:
        return joined(cell["source"])
    told = cell["metadata"].get(OWN, {}).get(language)
    if not told:
        raise DataError(
            "a text of the notebook has no words in the report's language",
            where=where,
            value=joined(cell["source"]).strip().splitlines()[0],
            expected=f'metadata of the cell: {{"{OWN}": {{"{language}": "…"}}}}',
        )
    return joined(told)


def joined(text: str | list[str]) -> str:
    """A notebook's text, which is one string or its lines."""
    return text if isinstance(text, str) else "".join(text)
