"""Read a questionnaire from whatever file holds it."""

from __future__ import annotations

from pathlib import Path

from bildungsbedarf.codebook.model import Codebook
from bildungsbedarf.codebook.readers.lss import parse_lss, read_lss
from bildungsbedarf.codebook.readers.remote import read_remote
from bildungsbedarf.codebook.readers.small import read_small
from bildungsbedarf.codebook.readers.tsv import read_tsv
from bildungsbedarf.errors import DataError
from bildungsbedarf.limesurvey.archive import read_part


def read_codebook(path: Path) -> Codebook:
    """A questionnaire from ``.lss``, ``.lsa``, tab-separated structure, small table, or RemoteControl (``.json``).

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
    return read_lss(path)
