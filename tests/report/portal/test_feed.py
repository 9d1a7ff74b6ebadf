"""The feed: valid by the schemas it goes out with and by those of its first version, and what the gate let through."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bildungsbedarf.findings import read_register

FIRST = Path(__file__).parent / "v1"
CHROMIUM = shutil.which("chromium")


@pytest.fixture(scope="module")
def portal(results: Path) -> Path:
    return results / "portal"


def _read(path: Path) -> Any:
    return json.loads(path.read_bytes())


@pytest.mark.parametrize("name", ["index", "needs", "offers", "diagnoses"])
def test_each_file_is_valid_by_its_schema_and_by_that_of_the_first_version(portal: Path, name: str) -> None:
    content = _read(portal / f"{name}.json")
    for schema in (portal / "schema" / f"{name}.schema.json", FIRST / f"{name}.schema.json"):
        Draft202012Validator.check_schema(_read(schema))
        assert list(Draft202012Validator(_read(schema)).iter_errors(content)) == []


@pytest.mark.parametrize("name", ["index", "needs", "offers", "diagnoses"])
def test_what_version_one_promised_is_still_promised(portal: Path, name: str) -> None:
    """Nothing that a reader relies on is gone: every key of then is there, required where it was."""
    now, then = _read(portal / "schema" / f"{name}.schema.json"), _read(FIRST / f"{name}.schema.json")
    shapes = {"": (now, then), **{key: (now["$defs"][key], then["$defs"][key]) for key in then.get("$defs", {})}}
    for key, (here, there) in shapes.items():
        assert set(there.get("properties", {})) <= set(here.get("properties", {})), key
        assert set(there.get("required", [])) <= set(here.get("required", [])), key


def test_the_index_names_every_file_with_its_hash(portal: Path) -> None:
    index = _read(portal / "index.json")
    for file in index["files"]:
        assert hashlib.sha256((portal / file["path"]).read_bytes()).hexdigest() == file["sha256"]
        assert not file["schema_path"] or (portal / file["schema_path"]).is_file()
    there = {path.name for path in portal.glob("*.json*")} - {"index.json", "openapi.json"}
    assert {file["path"] for file in index["files"]} == there
    assert index["example"] is True
    assert index["released"] is False
    for one in [*index["fields"], *index["places"], *index["life_phases"]]:
        assert (portal.parent / "site" / one["page"]).is_file()


def test_needs_of_the_district_are_the_registers_and_municipalities_are_marked_as_modelled(
    portal: Path, results: Path
) -> None:
    needs = _read(portal / "needs.json")["needs"]
    register = {one.id: one for one in read_register(results / "2028" / "findings.json").findings}
    district = [one for one in needs if one["wave"] == "2028" and not one["place"] and not one["life_phase"]]
    assert len(district) == 10
    for one in district:
        assert one["share"] == pytest.approx(register[f"unmet_need.{one['field']}"].estimate, abs=1e-6)
    assert all(one["modelled"] == (one["place"] is not None) for one in needs)
    assert {one["life_phase"] for one in needs} >= {"nach-dem-beruf", "schulzeit"}
    hidden = [one for one in needs if one["share"] is None]
    assert hidden
    assert all(one["low"] is None and one["high"] is None for one in hidden)


def test_diagnoses_name_only_what_there_is_to_look_for(portal: Path) -> None:
    index, found = _read(portal / "index.json"), _read(portal / "diagnoses.json")["diagnoses"]
    assert found
    assert not {one["diagnosis"] for one in found} & {"enough", "cannot_say"}
    assert {one["place"] for one in found} <= {one["id"] for one in index["places"]}
    assert {one["field"] for one in found} <= {one["id"] for one in index["fields"]}


def test_the_openapi_document_has_a_path_a_file_and_its_references_are_there(portal: Path) -> None:
    document = _read(portal / "openapi.json")
    assert document["openapi"] == "3.1.0"
    for path, item in document["paths"].items():
        assert (portal / path.removeprefix("/")).is_file()
        for media in item["get"]["responses"]["200"]["content"].values():
            reference = media["schema"].get("$ref")
            assert reference is None or (portal / reference).is_file()


def test_the_feed_holds_no_answer_and_no_other_host(portal: Path) -> None:
    for path in portal.rglob("*"):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            for hostile in ("=1+1", "Mustermann", "0561 1234567", "Herrn Beispiel"):
                assert hostile not in text
    widget = (portal / "widget.html").read_text(encoding="utf-8")
    assert "http" not in widget.split("<body>")[1].split('<script type="application/json"')[0]
    assert "default-src 'none'" in widget


@pytest.mark.browser
def test_the_widget_shows_need_and_offers_of_what_is_chosen(portal: Path) -> None:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    from axe_playwright_python.sync_playwright import Axe

    needs = _read(portal / "needs.json")["needs"]
    offers = _read(portal / "offers.json")["offers"]
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 320, "height": 800})
        requests: list[str] = []
        told: list[str] = []
        page.on("request", lambda request: requests.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.goto((portal / "widget.html").as_uri())
        row = page.locator('tr[data-field="F05"]')
        assert row.locator("[data-share]").inner_text().startswith("33")
        assert row.locator("td[data-offers]").inner_text() == str(
            sum(one["offers"] for one in offers if one["field"] == "F05")
        )
        page.select_option("[name=phase]", "nach-dem-beruf")
        own = next(
            one for one in needs if (one["wave"], one["field"], one["life_phase"]) == ("2028", "F05", "nach-dem-beruf")
        )
        assert row.locator("[data-share]").inner_text().startswith(f"{100 * own['share']:.0f}")
        page.select_option("[name=place]", "003")
        assert page.input_value("[name=phase]") == ""
        assert "Modellwert" in row.locator("[data-share]").inner_text()
        page.select_option("[name=place]", "019")
        assert row.locator("[data-share]").inner_text() == "zu wenige"
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "best-practice"]})
        assert [entry["id"] for entry in found.response["violations"]] == []
        assert len(requests) == 1
        assert told == []
        without = browser.new_context(java_script_enabled=False).new_page()
        without.goto((portal / "widget.html").as_uri())
        assert without.locator("form").is_hidden()
        assert without.locator('tr[data-field="F05"] [data-share]').inner_text().startswith("33")
        browser.close()


@pytest.mark.browser
def test_a_few_lines_of_plain_javascript_read_the_feed(portal: Path, tmp_path: Path) -> None:
    """From a server, as a portal would: which field lacks most, and where nobody offers it."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    sync_api = pytest.importorskip("playwright.sync_api")
    import functools
    import http.server
    import threading

    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(portal))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with sync_api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{server.server_port}/index.json")
            most = page.evaluate(
                """async () => {
                    const get = async name => (await fetch(name)).json();
                    const [index, needs, offers] = await Promise.all(
                        ["index.json", "needs.json", "offers.json"].map(get));
                    const wave = index.waves.at(-1);
                    const own = needs.needs.filter(n => n.wave === wave && !n.place && !n.life_phase);
                    const most = own.reduce((a, b) => (b.share > a.share ? b : a)).field;
                    const there = new Set(offers.offers.filter(o => o.field === most).map(o => o.place));
                    return [most, index.places.filter(place => !there.has(place.id)).length];
                }"""
            )
            browser.close()
    finally:
        server.shutdown()
        server.server_close()
    offered = {one["place"] for one in _read(portal / "offers.json")["offers"] if one["field"] == "F05"}
    assert most == ["F05", 28 - len(offered)]
