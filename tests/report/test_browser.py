"""Pages opened in Chromium: accessible, readable on a phone, no request to any other host."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from matplotlib.testing.compare import compare_images

from tests.report.shots import ARGUMENTS, CHROMIUM, GOLDEN, KEPT, SHOTS, shoot
from tests.report.test_site import PAGES

pytestmark = pytest.mark.browser
TOLERANCE = 4.0
"""Root mean square over grey values: another version of Chromium draws the edges of letters a shade darker."""


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()


@pytest.mark.parametrize("name", SHOTS)
def test_pages_look_as_they_did(browser: object, results: Path, name: str) -> None:
    shoot(browser, results / "site", name, KEPT / f"{name}.png")
    assert compare_images(str(GOLDEN / f"{name}.png"), str(KEPT / f"{name}.png"), TOLERANCE) is None


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("name", [*PAGES, "a-z.html", "2028/nachweise.html", "../all/documents/leitbild.html"])
def test_pages_are_accessible_and_fit(browser: object, results: Path, name: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(viewport={"width": width, "height": 900})  # type: ignore[attr-defined]
    requests: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto((results / "site" / name).as_uri())
    assert len(requests) == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]})
    problems = [f"{entry['id']}: {entry['nodes'][0]['html'][:100]}" for entry in found.response["violations"]]
    assert problems == []
    page.close()


@pytest.mark.parametrize(
    "name",
    ["index.html", "themen/F05.html", "gemeinden/019.html", "a-z.html", "all/30_leitbild.html", "2028/nachweise.html"],
)
def test_the_dark_look_is_readable(browser: object, results: Path, name: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = browser.new_page(color_scheme="dark")  # type: ignore[attr-defined]
    page.goto((results / "site" / name).as_uri())
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(16, 22, 28)"
    found = Axe().run(page, options={"runOnly": ["wcag2aa"]})
    assert [entry["id"] for entry in found.response["violations"]] == []
    page.close()


@pytest.mark.parametrize(("width", "shown"), [(1280, "wide"), (390, "narrow")])
def test_one_drawing_of_the_first_page_is_shown(browser: object, results: Path, width: int, shown: str) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})  # type: ignore[attr-defined]
    page.goto((results / "site" / "index.html").as_uri())
    drawings = "[...document.querySelectorAll('.start-plot')].filter(e => e.getClientRects().length)"
    seen = page.evaluate(f"{drawings}.map(e => e.classList[1])")
    assert seen == [shown]
    texts = f"[...document.querySelectorAll('.start-plot.{shown} text')]"
    sizes = page.evaluate(f"{texts}.map(e => e.getBoundingClientRect().height)")
    assert min(sizes) >= 12
    page.close()


def test_the_first_page_is_read_in_a_minute_on_a_phone(browser: object, results: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})  # type: ignore[attr-defined]
    page.goto((results / "site" / "index.html").as_uri())
    assert page.evaluate("document.documentElement.scrollHeight") <= 3 * 844
    page.evaluate("document.querySelectorAll('.visually-hidden').forEach(e => e.remove())")
    assert len(page.inner_text("main").split()) <= 350
    assert page.evaluate("""document.fonts.check('16px "Source Sans 3"') && document.fonts.size""") == 1
    page.close()


def test_one_wave_is_shown_at_a_time_and_chosen_without_scripts(browser: object, results: Path) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto((results / "site" / "themen" / "F05.html").as_uri())
    assert "33 von 100" in page.inner_text("dl.facts:visible")
    whole = page.locator("figure:visible").count()
    page.keyboard.press("Tab")
    page.locator("#wave-0").focus()
    page.keyboard.press("ArrowRight")
    assert "48 von 100" in page.inner_text("dl.facts:visible")
    assert page.locator("figure:visible").count() == whole
    names = page.locator("figure:visible").evaluate_all("them => them.map(each => each.id)")
    assert all(name.endswith("-2026") for name in names)
    context.close()


@pytest.mark.parametrize(
    "name",
    ["themen/F05.html", "themen/F07.html", "lebensphasen/schulzeit.html", "gemeinden/019.html", "beteiligung.html"],
)
@pytest.mark.parametrize("width", [1280, 390])
def test_no_text_of_a_drawing_is_cut_or_small(browser: object, results: Path, name: str, width: int) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})  # type: ignore[attr-defined]
    page.goto((results / "site" / name).as_uri())
    found = page.evaluate(
        """[...document.querySelectorAll('svg.start-plot')].filter(e => e.getClientRects().length).flatMap(svg => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].map(text => {
                const own = text.getBoundingClientRect();
                return [own.left >= box.left - 1 && own.right <= box.right + 1, own.height];
            });
        })"""
    )
    assert found
    assert all(is_inside for is_inside, _ in found)
    assert min(height for _, height in found) >= 12
    page.close()


def test_nothing_is_too_small_cut_or_read_sideways_on_a_phone(browser: object, results: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 844})  # type: ignore[attr-defined]
    site = results / "site"
    found = []
    for path in sorted(path for path in site.rglob("*.html") if "downloads" not in path.parts):
        page.goto(path.as_uri())
        told = page.evaluate(
            """() => {
                const shown = [...document.querySelectorAll('svg')].filter(e => e.getClientRects().length);
                const textsOf = svg => [...svg.querySelectorAll('text')].filter(e => e.textContent.trim());
                const texts = shown.flatMap(svg => textsOf(svg).map(text => {
                    const box = svg.getBoundingClientRect(), own = text.getBoundingClientRect();
                    const at = text.getScreenCTM(), scale = Math.hypot(at.a, at.b);
                    const size = parseFloat(getComputedStyle(text).fontSize) * scale;
                    const cut = own.left < box.left - 1.5 || own.right > box.right + 1.5;
                    return [size < 11.9 ? 'small' : cut ? 'cut' : '', text.textContent, size];
                })).filter(each => each[0]);
                const wide = [...document.querySelectorAll('.bb-scroll')]
                    .filter(e => e.getClientRects().length && e.scrollWidth > e.clientWidth + 1)
                    .map(e => ['wide', e.innerText.slice(0, 40), e.scrollWidth]);
                const page = document.documentElement.scrollWidth > 390 ? [['page', '', 0]] : [];
                return [...texts, ...wide, ...page];
            }"""
        )
        found += [(path.relative_to(site).as_posix(), *each) for each in told]
    assert found == []
    page.close()


def test_the_search_hides_what_it_does_not_find_and_runs_under_the_pages_own_policy(
    browser: object, results: Path
) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto((results / "site" / "a-z.html").as_uri())
    whole = page.locator("[data-entry]:visible").count()
    page.fill("#wort", "senioren digital")
    assert page.locator("[data-entry]:visible").count() == 0
    page.fill("#wort", "DIGITALE komp")
    assert 0 < page.locator("[data-entry]:visible").count() < whole
    assert page.locator('[data-entry]:visible a[href="themen/F05.html"]').count() == 1
    page.fill("#wort", "sohrewald")
    assert page.inner_text("#suche output") == "1"
    page.fill("#wort", "")
    assert page.locator("[data-entry]:visible").count() == whole
    assert told == []
    page.close()


def test_what_is_typed_on_the_first_page_is_searched(browser: object, results: Path) -> None:
    page = browser.new_page()  # type: ignore[attr-defined]
    page.goto((results / "site" / "index.html").as_uri())
    page.fill("#wort", "sohrewald")
    page.click("form.find button")
    page.wait_for_url("**/a-z.html?wort=sohrewald")
    assert page.input_value("#wort") == "sohrewald"
    assert page.inner_text("#suche output") == "1"
    page.close()


def test_contents_stand_beside_the_page_where_there_is_room(browser: object, results: Path) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 844})  # type: ignore[attr-defined]
    page.goto((results / "site" / "themen" / "F05.html").as_uri())
    place = "document.querySelector('nav.chips ul').getBoundingClientRect()"
    assert page.evaluate(f"{place}.left > document.querySelector('h1').getBoundingClientRect().right")
    page.evaluate("window.scrollTo(0, 2000)")
    assert 0 <= page.evaluate(f"{place}.top") <= 40
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate(f"{place}.left") < 40
    page.close()


def test_without_scripts_the_list_is_whole_and_no_empty_search_field_stands_there(
    browser: object, results: Path
) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto((results / "site" / "a-z.html").as_uri())
    assert page.locator("#suche").is_hidden()
    assert page.locator("[data-entry]").count() > 80
    context.close()
