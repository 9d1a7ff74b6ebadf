"""Write the JSON Schemas beside this file: ``make schemas``."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import BaseModel

from bildungsbedarf.findings import Register
from bildungsbedarf.study import Leitbild, StudyConfig, WaveConfig
from bildungsbedarf.study.indicators import IndicatorsFile
from bildungsbedarf.study.offers import OffersFile
from bildungsbedarf.study.pages import PagesFile
from bildungsbedarf.study.programme import ProgrammeFile
from bildungsbedarf.study.quotes import QuotesFile
from bildungsbedarf.study.themes import ThemesFile

SCHEMAS: dict[str, type[BaseModel]] = {
    "findings": Register,
    "indicators": IndicatorsFile,
    "themes": ThemesFile,
    "leitbild": Leitbild,
    "offers": OffersFile,
    "pages": PagesFile,
    "programme": ProgrammeFile,
    "quotes": QuotesFile,
    "study": StudyConfig,
    "wave": WaveConfig,
}


def text(model: type[BaseModel]) -> str:
    """A model's JSON Schema as the text of its file."""
    return json.dumps(model.model_json_schema(by_alias=True), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for name, model in SCHEMAS.items():
        (Path(__file__).parent / f"{name}.schema.json").write_text(text(model), encoding="utf-8")
