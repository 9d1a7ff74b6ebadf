"""Pages as they look, in Chromium; ``python -m tests.report.shots`` writes the golden images of the demo anew."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).with_name("golden")
KEPT = ROOT / "build" / "screenshots"
"""Where the last run of the tests leaves what it saw; git ignores it."""
CHROMIUM = shutil.which("chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync", "--no-first-run"]
SHOTS = {
    "start-phone": ("index.html", 390, "light", "screen"),
    "start": ("index.html", 1280, "light", "screen"),
    "field-dark": ("themen/F05.html", 390, "dark", "screen"),
    "municipality": ("gemeinden/019.html", 390, "light", "screen"),
    "goal-print": ("ziele/digitale-teilhabe.html", 1280, "light", "print"),
}
"""Name → page, width, colours, medium; of each what stands on the first 844 pixels."""


def shoot(browser: Any, site: Path, name: str, path: Path) -> None:
    """Write the picture ``name``."""
    page, width, colours, medium = SHOTS[name]
    opened = browser.new_page(viewport={"width": width, "height": 844}, color_scheme=colours)
    opened.emulate_media(media=medium)
    opened.goto((site / page).as_uri())
    path.parent.mkdir(parents=True, exist_ok=True)
    opened.screenshot(path=str(path))
    opened.close()


if __name__ == "__main__":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for shot in SHOTS:
            shoot(started, ROOT / "results" / "bildungsbefragung" / "site", shot, GOLDEN / f"{shot}.png")
        started.close()
