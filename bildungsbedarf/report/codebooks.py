"""The codebook of every audience and wave as a page and as a spreadsheet."""

from __future__ import annotations

from html import escape
from io import BytesIO
from pathlib import Path

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.errors import StepError
from bildungsbedarf.show.workbooks import new_workbook
from bildungsbedarf.store import RESPONSES
from bildungsbedarf.wave import Study

_WIDTHS = {"code": 14, "type": 24, "question": 60, "item": 40, "answers": 60, "condition": 40, "settings": 30}


def write_codebooks(study: Study, folder: Path) -> list[Path]:
    """``<wave>_<audience>.html`` and ``.xlsx`` in ``folder``; waves with the same questionnaire too.

    Raises
    ------
    StepError
        The folder cannot be written to.
    """
    written: list[Path] = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for wave in study.of_all_audiences:
            if wave.config.data != RESPONSES:
                continue
            stem = folder / f"{wave.name}_{wave.audience}"
            for suffix, content in (
                (".html", _page(wave.codebook, study.language)),
                (".xlsx", _sheet(wave.codebook, study.language)),
            ):
                path = stem.with_name(stem.name + suffix)
                path.write_bytes(content)
                written.append(path)
    except OSError as error:
        raise StepError(f"codebook cannot be written: {error.strerror}", where=str(folder)) from None
    return written


def _page(book: Codebook, language: str) -> bytes:
    title = escape(book.title.get(language) or next(iter(book.title.values()), ""))
    style = (
        "body{font:16px/1.5 system-ui,sans-serif;margin:2rem;color:#111}table{border-collapse:collapse}"
        "th,td{border:1px solid #999;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    )
    table = book.table(language).to_html(index=False, border=0, na_rep="")
    table = table.replace("<th>", '<th scope="col">')
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{title}</title>'
        f"<style>{style}</style></head>\n<body><main><h1>{title}</h1>\n{table}\n</main></body>\n</html>\n"
    ).encode()


def _sheet(book: Codebook, language: str) -> bytes:
    stream = BytesIO()
    workbook = new_workbook(stream)
    sheet = workbook.add_worksheet("Codebook")
    head, wrap = workbook.add_format({"bold": True}), workbook.add_format({"text_wrap": True, "valign": "top"})
    table = book.table(language)
    for place, name in enumerate(table.columns):
        sheet.set_column(place, place, _WIDTHS.get(str(name), 16), wrap)
        sheet.write_string(0, place, str(name), head)
        for row, value in enumerate(table[name], start=1):
            sheet.write_string(row, place, str(value), wrap)
    sheet.freeze_panes(1, 1)
    workbook.close()
    return stream.getvalue()
