"""Throw mutated bytes at the parsers, guided by what they execute; a traceback ends the process with an error.

``python tests/fuzz_parsers.py -seed=1 -runs=20000`` (flags of libFuzzer).
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["bildungsbedarf.codebook", "bildungsbedarf.expression"]):
    from bildungsbedarf.codebook.readers.lss import parse_lss
    from bildungsbedarf.codebook.readers.remote import parse_remote
    from bildungsbedarf.codebook.routing.relevance import parse_relevance
    from bildungsbedarf.errors import BildungsbedarfError
    from bildungsbedarf.expression import Expression

PARSERS = (
    lambda raw: parse_lss(raw, "fuzz.lss"),
    lambda raw: parse_remote(raw, "fuzz.json"),
    lambda raw: parse_relevance(raw.decode("utf-8", "replace")),
    lambda raw: Expression(raw.decode("utf-8", "replace"), "fuzz"),
)


def one(raw: bytes) -> None:
    """The first byte chooses the parser; only our own errors are allowed."""
    if not raw:
        return
    try:
        PARSERS[raw[0] % len(PARSERS)](raw[1:])
    except BildungsbedarfError as error:
        assert str(error)


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
