"""Read a questionnaire from whatever file holds it."""

from __future__ import annotations

from pathlib import Path

from bildungsbedarf.codebook.model import Codebook
from bildungsbedarf.codebook.readers.lss import parse_lss, read_lss
from bildungsbedarf.codebook.readers.remote import read_remote
from bildungsbedarf.codebook.readers.small import read_small
from bildungsbedarf.codebook.readers.tsv import read_tsv
from bildungsbedarf.codebook.readers.xlsform import read_xlsform
from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.archive import read_part


def read_codebook(path: Path) -> Codebook:
    """A questionnaire from ``.lss``, ``.lsa``, tab-separated structure, small table, XLSForm, or RemoteControl.

    Raises
    ------
    DataError
        None of these, or what is wrong in it.
    """
    if not path.is_file():
        raise DataError("questionnaire is missing", where=path.name, remedy="check the path")
    suffix = path.suffix.lower()
    if suffix == ".lsa":
        content = read_part(path, "structure")
        if content is None:
            raise DataError("archive holds no survey structure", where=path.name, expected="a member ending in .lss")
        return parse_lss(content, path.name)
    if suffix in (".txt", ".tsv"):
        return read_tsv(path)
    if suffix == ".csv":
        return read_small(path)
    if suffix == ".json":
        return read_remote(path)
    if suffix in (".xlsx", ".xlsm"):
        return read_xlsform(path)
    if suffix in _NONE:
        what, remedy = _NONE[suffix]
        raise DataError(f"this is {what}, no questionnaire", where=path.name, remedy=remedy)
    return read_lss(path)


_NONE = {
    ".lsr": ("a table of responses", "export the survey structure (.lss); the responses are imported afterwards"),
    ".lsg": ("a group of questions", "export the whole survey structure (.lss)"),
    ".lsq": ("a single question", "export the whole survey structure (.lss)"),
    ".lsl": ("a label set", "export the whole survey structure (.lss)"),
    ".sav": ("a table of responses", "name its questionnaire: .lss, a small table, or an XLSForm"),
    ".pdf": ("a print", "export the survey structure (.lss)"),
}
"""Files people take for a questionnaire: what each is, and what to do."""
