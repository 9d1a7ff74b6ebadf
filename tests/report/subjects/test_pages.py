"""Pages by subject of the demo study, as they were written; and what they say where something is not certain."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest

from bildungsbedarf.findings import Finding, read_register
from bildungsbedarf.language import percent
from bildungsbedarf.report.content import read_registers
from bildungsbedarf.report.subjects import Known, SubjectPage, read_known, subject_pages
from bildungsbedarf.report.subjects.all_pages import letters
from bildungsbedarf.report.subjects.fields import field_pages
from bildungsbedarf.report.subjects.known import goal_path
from bildungsbedarf.report.subjects.parts import Link
from bildungsbedarf.report.subjects.reference import plain_page
from bildungsbedarf.report.subjects.takeaways import areas_title, first_title, rank_title
from bildungsbedarf.wave import Study


@pytest.fixture(scope="module")
def known(study: Study, results: Path) -> Known:
    found = [one for register in read_registers(results).values() for one in register.findings]
    notebooks = [Link("Leitbild", "all/30_leitbild.html", "Alle Wellen")]
    read = read_known(study, found, lambda one: f"{one.wave}#{one.id}", notebooks)
    assert read is not None
    return read


@pytest.fixture(scope="module")
def pages(known: Known) -> dict[str, SubjectPage]:
    return {page.path: page for page in subject_pages(known)}


def test_there_is_a_page_a_field_a_phase_of_life_and_a_municipality(pages: dict[str, SubjectPage]) -> None:
    kinds = [path.split("/")[0] for path in pages if "/" in path]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "themen": 10,
        "lebensphasen": 6,
        "gemeinden": 28,
        "ziele": 7,
    }
    assert len({page.title for page in pages.values()}) == len(pages)


def test_pages_of_a_kind_lead_to_each_other_without_an_end_left_open(pages: dict[str, SubjectPage]) -> None:
    place = "themen/F01.html"
    seen = [place]
    while (link := pages[place].following) is not None:
        back = pages[link.href].previous
        assert back is not None
        assert back.href == place
        place = link.href
        seen.append(place)
    assert len(seen) == 10


def test_each_number_of_a_field_page_is_the_registers(results: Path, pages: dict[str, SubjectPage]) -> None:
    for one in read_register(results / "2028" / "findings.json").findings:
        if one.id != f"unmet_need.{one.item}":
            continue
        page = pages[f"themen/{one.item}.html"]
        assert f"{100 * one.estimate:.0f} von 100" in page.title
        figure = page.sections[0].figures[0]
        row = next(row for row in figure.table.rows if row[0] == page.name)
        low, high = (percent(end, "de", sign=False) for end in one.ends)
        assert row[1] == f"{percent(one.estimate, 'de')} ({low} bis {high}\u202f%)"
        assert row[2].replace(".", "") == str(one.n)
        drawn = [line for line in csv.reader(StringIO(figure.csv)) if line[:2] == [page.name, "2028"]]
        assert float(drawn[0][2]) == pytest.approx(one.estimate, abs=1e-6)


def test_the_table_beneath_a_figure_has_the_rows_that_are_drawn_in_their_order(pages: dict[str, SubjectPage]) -> None:
    figures = [figure for page in pages.values() for section in page.sections for figure in section.figures]
    assert len(figures) > 70
    for figure in figures:
        for drawing in figure.plots:
            drawn = [" ".join(line["text"] for line in row["lines"]) for row in drawing["rows"]]
            assert drawn == [row[0] for row in figure.table.rows]
        assert len({figure.name for figure in figures}) == len({(figure.name, figure.csv) for figure in figures})


def test_a_change_is_called_certain_only_where_its_interval_leaves_zero_out(
    known: Known, pages: dict[str, SubjectPage]
) -> None:
    told = {item: pages[f"themen/{item}.html"] for item in known.fields}
    for item, page in told.items():
        change = known.finding(f"trend_unmet_need.{item}")
        assert change is not None
        low, high = change.ends
        assert ("weniger als" in page.title) == (high < 0), item
        assert ("mehr als" in page.title) == (low > 0), item
        assert ("lässt sich nicht sicher sagen" in page.lead) == (low <= 0 <= high), item
    assert any("weniger als" in page.title for page in told.values())
    assert any("lässt sich nicht sicher sagen" in page.lead for page in told.values())


def test_each_wave_of_a_field_is_told_as_it_was_known_then(known: Known, pages: dict[str, SubjectPage]) -> None:
    page = pages["themen/F05.html"]
    assert page.waves == ["2028", "2026"]
    now, then = page.facts
    assert ("Wie groß", "33 von 100 (30 bis 36)") in now
    assert ("Wie groß", "48 von 100 (44 bis 51)") in then
    assert not [heading for heading, _ in then if heading.startswith("Veränderung")]
    section = next(section for section in page.sections if section.anchor == "fuer-wen")
    (earlier,) = section.earlier
    assert [figure.name for figure in (*section.figures, *earlier.figures)] == ["gruppen-F05", "gruppen-F05-2026"]
    rows = {row["item"]: row["estimate"] for row in known.own("unmet_need", "2026")}
    drawn = next(section for section in page.sections if section.anchor == "wie-gross").earlier[0].figures[0]
    told = {row[0]: row[1].partition("\u202f")[0].split(" ")[0] for row in drawn.table.rows}
    assert told == {known.fields[item]: percent(share, "de").split("\u202f")[0] for item, share in rows.items()}
    own = {one.text for one in earlier.said}
    claims = {one.statement["de"] for one in known.findings if one.wave == "2026" and one.item == "F05"}
    assert own
    assert all(any(text.split(":")[0] in claim for claim in claims) for text in own)


def test_a_wave_that_did_not_ask_says_so(known: Known) -> None:
    rows = {**known.rows, "2026": [row for row in known.rows["2026"] if row["item"] != "F05"]}
    page = _of(known, rows=rows)["themen/F05.html"]
    section = next(section for section in page.sections if section.anchor == "wie-gross")
    assert section.earlier[0].is_bare
    assert not section.is_empty
    assert page.facts[1] == []


def test_of_one_wave_there_is_no_switch(known: Known) -> None:
    page = _of(known, rows={"2028": known.rows["2028"]})["themen/F05.html"]
    assert page.waves == []
    assert all(section.earlier == [] for section in page.sections)


def test_a_figure_says_how_many_persons_it_rests_on(known: Known, pages: dict[str, SubjectPage]) -> None:
    figure = next(figure for figure in pages["themen/F05.html"].figures if figure.name == "felder-F05")
    persons = [row["n"] for row in known.own("unmet_need")]
    low, high = (f"{number // 1000}.{number % 1000:03}" for number in (min(persons), max(persons)))
    assert f"Grundlage: je {low} bis {high} Personen." in figure.notes


def test_a_phase_of_life_names_a_first_field_only_where_the_register_claims_it(
    known: Known, pages: dict[str, SubjectPage]
) -> None:
    assert pages["lebensphasen/nach-dem-beruf.html"].title == (
        "Nach dem Beruf: Am meisten fehlt im Bereich „Digitale Kompetenzen“"
    )
    without = [one for one in known.findings if one.kind != "rank"]
    bare = {page.path: page for page in subject_pages(replace(known, findings=without))}
    assert "lässt sich nicht sicher sagen" in bare["lebensphasen/nach-dem-beruf.html"].title


def test_a_municipality_is_never_ranked_and_says_whose_numbers_they_are(pages: dict[str, SubjectPage]) -> None:
    for path, page in pages.items():
        if not path.startswith("gemeinden/"):
            continue
        text = f"{page.title} {page.lead}"
        assert "zu wenige" in text or "Ein Modell wägt sie" in text
        assert not re.search(r"Platz|Rang\b|am meisten", text)
        assert any("Rangfolge" in note for note in page.sections[0].figures[0].notes)


def _of(known: Known, **changes: object) -> dict[str, SubjectPage]:
    return {page.path: page for page in subject_pages(replace(known, **changes))}  # type: ignore[arg-type]


def _text(page: SubjectPage) -> str:
    said = [one.text for section in page.sections for one in section.said]
    told = [text for section in page.sections for text in section.paragraphs]
    return "\n".join([page.title, page.lead, *(f"{a}: {b}" for facts in page.facts for a, b in facts), *said, *told])


def test_of_several_waves_the_one_a_change_begins_with_is_named(known: Known) -> None:
    later = [
        one.model_copy(update={"wave": one.wave.replace("2028", "2030"), "recipe": None})
        for one in known.findings
        if one.audience == "erwachsene" and one.wave.endswith("2028")
    ]
    rows = {**known.rows, "2030": known.rows["2028"]}
    made = replace(known, rows=rows, findings=[*known.findings, *later])
    made.__dict__["survey"] = known.survey
    page = next(page for page in field_pages(made) if page.path == "themen/F05.html")
    assert "weniger als 2026" in page.title
    assert ("Veränderung seit 2026", "−14 Punkte (−21 bis −8), gesichert") in page.facts[0]
    assert "Das ist besser als 2026." in _text(plain_page(made))
    # a change that ended before the newest wave says nothing of it
    made = replace(known, rows=rows)
    made.__dict__["survey"] = known.survey
    page = next(page for page in field_pages(made) if page.path == "themen/F05.html")
    assert "weniger" not in page.title
    assert "gesichert" not in _text(replace(page, facts=page.facts[:1]))


def test_what_other_audiences_claim_of_groups_is_not_the_surveys(known: Known) -> None:
    claim = next(one for one in known.findings if one.id == "equity.F05.altersgruppe-65+" and one.wave == "2028")
    foreign = claim.model_copy(update={"audience": "schule", "item": "F01", "id": "equity.F01.altersgruppe-65+"})
    pages = _of(known, findings=[*known.findings, foreign])
    assert foreign.statement["de"].split(":")[0] not in _text(pages["themen/F01.html"])


def test_a_smaller_need_is_told_and_drawn_as_certain_too(known: Known) -> None:
    claim = next(one for one in known.findings if one.id == "equity.F05.altersgruppe-65+" and one.wave == "2028")
    statement = {"de": "Bei Menschen von 30 bis 44 Jahren ist der Bedarf kleiner.", "en": "It is smaller."}
    smaller = claim.model_copy(
        update={
            "id": "equity.F05.altersgruppe-30–44",
            "groups": {"altersgruppe": "30–44"},
            "estimate": -0.1,
            "statement": statement,
        }
    )
    page = _of(known, findings=[*known.findings, smaller])["themen/F05.html"]
    section = next(section for section in page.sections if section.anchor == "fuer-wen")
    assert statement["de"] in [one.text for one in section.said]
    looks = {row["lines"][0]["text"]: row["look"] for row in section.figures[0].plots[0]["rows"]}
    assert looks["Altersgruppe: 30–44"] == looks["Altersgruppe: 65+"] == "now top"
    assert looks["Altersgruppe: 18–29"] == "now hollow"


def test_every_group_that_was_compared_stands_in_the_figure(known: Known, pages: dict[str, SubjectPage]) -> None:
    section = next(section for section in pages["themen/F06.html"].sections if section.anchor == "fuer-wen")
    labels = [row[0] for row in section.figures[0].table.rows]
    for by in known.survey.compared_groups:
        assert any(label.startswith(known.survey.title(by)) for label in labels), by
    assert "Migrationsgeschichte: mit Migrationsgeschichte" in labels


def test_a_mark_is_hollow_only_where_the_weight_is_known_to_be_next_to_nothing(
    known: Known, pages: dict[str, SubjectPage]
) -> None:
    weights = {
        (row["group"], row["item"]): row["weight"] for row in known.rows[known.last] if row["measure"] == "small_area"
    }
    assert None in weights.values()
    for area in known.areas:
        figure = pages[f"gemeinden/{area['code']}.html"].sections[0].figures[0]
        items = {label: item for item, label in known.fields.items()}
        for row in figure.plots[0]["rows"]:
            item = items[" ".join(line["text"] for line in row["lines"])]
            weight = weights[area["code"], item]
            # where no municipality's answers weigh anything, a hidden weight is known too
            of_all = [one for (_, asked), one in weights.items() if asked == item and one is not None]
            assert ("hollow" in row["look"]) == ((weight is not None and weight <= 0.1) or max(of_all) < 0.1)


def test_a_conference_asked_in_two_waves_is_told_in_its_newest(known: Known) -> None:
    own = [one for one in known.findings if one.audience == "konferenz2"]
    again = [one.model_copy(update={"wave": "2026"}) for one in own]
    page = _of(known, findings=[*known.findings, *again])["beteiligung.html"]
    rows = page.sections[0].figures[0].table.rows
    assert len(rows) == len({row[0] for row in rows}) == 12


def test_sentences_of_conferences_say_which_one_speaks(pages: dict[str, SubjectPage]) -> None:
    said = [one for section in pages["themen/F05.html"].sections for one in section.said if one.source == "conference"]
    assert len(said) > 1
    assert all(one.text.startswith(("Erste Bildungskonferenz 2026:", "Zweite Bildungskonferenz 2028:")) for one in said)


def test_pages_that_are_left_out_are_not_made(known: Known) -> None:
    pages = known.study.files.pages
    assert pages is not None
    files = replace(known.study.files, pages=pages.model_copy(update={"leave_out": ["municipalities", "life_phases"]}))
    left = {page.path.split("/")[0] for page in subject_pages(replace(known, study=Study(files)))}
    assert "gemeinden" not in left
    assert "gemeinden.html" not in left
    assert "lebensphasen.html" not in left
    assert "themen.html" in left
    files = replace(known.study.files, pages=pages.model_copy(update={"leave_out": ["fields"]}))
    made = {page.path: page for page in subject_pages(replace(known, study=Study(files)))}
    targets = [link.href for page in made.values() for section in page.sections for link in section.links]
    assert not [href for href in targets if href.startswith("themen")]


def test_each_goal_has_a_page_with_its_verdict_and_everything_that_speaks_to_it(
    known: Known, pages: dict[str, SubjectPage]
) -> None:
    own = {path: page for path, page in pages.items() if path.startswith("ziele/")}
    assert len(own) == len(known.goals) == 7
    for one in known.goals:
        page = own[f"ziele/{one.goal.id}.html"]
        text = _text(page)
        for piece in one.pieces:
            assert piece.finding.statement["de"] in text
        for lacking in one.lacking:
            assert lacking.finding in text
    contested = own["ziele/sprache-und-ankommen.html"]
    assert contested.title == "Sprache und Ankommen: umstritten"
    assert {one.source for section in contested.sections for one in section.said} >= {"survey", "conference"}
    assert "Kein Befund" in own["ziele/lernorte-im-laendlichen-raum.html"].lead


def test_without_the_page_of_the_leitbild_nothing_leads_there(known: Known) -> None:
    made = _of(known, notebooks=())
    targets = [link.href for page in made.values() for section in page.sections for link in section.links]
    assert "ziele/digitale-teilhabe.html" in targets
    assert not [href for href in targets if href.startswith("all/")]


def test_a_study_whose_first_audience_was_not_asked_about_needs_has_none(study: Study) -> None:
    files = replace(study.files, folder=study.files.folder.with_name("another"))
    assert read_known(Study(files), [], lambda one: "") is None


def test_letters_take_umlauts_and_quotation_marks_for_what_they_stand_before() -> None:
    links = [Link(title, str(place)) for place, title in enumerate(["Österreich", "„Ost“", "Zoo", "65+", "Ahnatal"])]
    found = letters(links, "de")
    assert [(one.letter, len(one.links)) for one in found] == [("A", 1), ("O", 2), ("Z", 1), ("#", 1)]


class _Stops(HTMLParser):
    """Counts what takes the focus before the content."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0
        self.is_before = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_before = self.is_before and tag != "main"
        self.count += self.is_before and tag in ("a", "button", "input", "summary")


def test_at_most_eight_stops_lie_before_the_content_and_titles_are_unique(results: Path) -> None:
    titles: dict[str, Path] = {}
    for path in (results / "site").rglob("*.html"):
        if "downloads" in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        stops = _Stops()
        stops.feed(text)
        assert stops.count <= 8, path
        title = re.search(r"<title>(.*?)</title>", text, re.DOTALL)
        assert title is not None
        assert title[1] not in titles, (path, titles.get(title[1]))
        titles[title[1]] = path


def test_hashes_stand_on_the_page_of_data_and_method_alone_of_those_by_subject(results: Path) -> None:
    site = results / "site"
    sha = read_register(results / "2028" / "findings.json").findings[0].snapshot[-1]
    assert sha in (site / "daten-und-methode.html").read_text(encoding="utf-8")
    for path in [site / "index.html", *(site / "themen").glob("*.html"), *(site / "gemeinden").glob("*.html")]:
        assert sha[:12] not in path.read_text(encoding="utf-8")


def test_a_sentence_loses_its_interval_and_nothing_else() -> None:
    from bildungsbedarf.report.sentences import short

    def of(text: str) -> str:
        return short(Finding.model_construct(statement={"de": text}), "de")

    assert of("Es sind 5 % (zwischen 4 und 6 %; Sicherheit 95 %).") == "Es sind 5 %."
    assert of("100 von 455 Punkten (22 %).") == "100 von 455 Punkten (22 %)."
    assert (
        of("Rund 54.000 (zwischen 49.000 und 59.000; Sicherheit 95 %); das sind 27 %.") == "Rund 54.000; das sind 27 %."
    )


def test_each_figure_is_a_drawing_of_its_own_with_title_and_source(
    results: Path, pages: dict[str, SubjectPage]
) -> None:
    for figure in (figure for page in pages.values() for figure in page.figures):
        path = results / "site" / "zahlen" / f"{figure.name}.svg"
        root = ElementTree.fromstring(path.read_text(encoding="utf-8"))
        texts = [node.text for node in root.iter("{http://www.w3.org/2000/svg}text")]
        assert texts[0] == figure.title
        assert "Beispieldaten, erfunden." in str(texts[-1])
        described = root.find("{http://www.w3.org/2000/svg}desc")
        assert described is not None
        assert described.text == figure.alt
        assert "href" not in path.read_text(encoding="utf-8")


def test_two_goals_never_share_a_page() -> None:
    paths = {goal_path(name) for name in ("Z 1", "Z.1", "Z_1", "Z/1", "Ü", "~20~", "../x")}
    assert len(paths) == 7
    assert all("/" not in path.removeprefix("ziele/") for path in paths)


def _titles(known: Known, item: str) -> dict[str, str]:
    page = next(page for page in field_pages(known) if page.path == f"themen/{item}.html")
    return {figure.name: figure.title for section in page.sections for figure in section.figures}


def test_titles_of_figures_say_what_they_show_and_no_more(known: Known) -> None:
    digital, training = _titles(known, "F05"), _titles(known, "F04")
    assert digital["felder-F05"] == "„Digitale Kompetenzen“: größter ungedeckter Bedarf von allen 10 Bereichen"
    row = known.row("unmet_need", "F04")
    assert row is not None
    best, worst = int(row["rank_best"]), int(row["rank_worst"])
    assert best < worst
    assert training["felder-F04"].endswith(f"{best}. bis {worst}. Stelle von 10 Bereichen")
    larger = {one.item for one in known.group_claims("equity", "intersection") if one.estimate > 0}
    for item in known.fields:
        title = _titles(known, item)[f"gruppen-{item}"]
        assert ("größerer Bedarf bei" in title) == (item in larger), title
        assert ("kein Unterschied nachweisbar" in title) == (
            not any(one.item == item for one in known.group_claims("equity", "intersection"))
        ), title


def test_where_nothing_is_certain_titles_are_neutral(known: Known) -> None:
    row = {"estimate": 0.2, "low": None, "high": None, "rank_best": None, "rank_worst": None}
    assert rank_title(known, row, "X", "neutral") == "neutral"
    assert rank_title(known, None, "X", "neutral") == "neutral"
    assert areas_title(known, [("A", row), ("B", row)], "X", "neutral") == "neutral"
    assert first_title(known, None, {}, "“{item}” is what is lacking most", "neutral") == "neutral"
    apart = [("A", {"estimate": 0.1, "low": 0.05, "high": 0.15}), ("B", {"estimate": 0.3, "low": 0.2, "high": 0.4})]
    assert (
        areas_title(known, apart, "X", "neutral")
        == "„X“: am höchsten in B (30\u202f%), am niedrigsten in A (10\u202f%)"
    )
    alike = [("A", {"estimate": 0.1, "low": 0.05, "high": 0.25}), ("B", {"estimate": 0.3, "low": 0.2, "high": 0.4})]
    assert "kein Unterschied" in areas_title(known, alike, "X", "neutral")
