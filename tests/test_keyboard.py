"""Typical mistakes at the keyboard, in a real IPython: one or two lines that say what is near, not our way there."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

import bildungsbedarf
from bildungsbedarf.calls import _ALIASES
from bildungsbedarf.show.extension import COULD, OWN_EYES, SHOWN_LATER
from bildungsbedarf.wave import Study, Wave

MISTAKES = {
    'estimate.mean(wave, "WICHT_F1")': "WICHT_F01",
    'estimate.mean(wave, "ALTER", by="alter")': "ALTER",
    'estimate.mean(wave, "ALTER", by="Altersgrupe")': "Altersgruppe",
    'estimate.mean(wave.design, "ALTR")': "ALTER",
    'estimate.proportion(wave, "WICHT[F55]")': "WICHT_F05",
    "estimate.men": "'mean'",
    "needs.unmett(wave)": "'unmet'",
    "show.dotplot": "'dot_plot'",
    "findings.recrd": "'record'",
    "disclosure.realease": "'release'",
    "monitoring.serie": "'series'",
    'needs.trend(wave, later, "satisfacton")': "satisfaction",
    'needs.trend(wave, later, "unmet_need", by="kider")': "kinder",
    'needs.unmet(wave, bye="kinder")': "did you mean 'by'",
    "needs.unmet(wave, cut=4)": "important_from",
    'estimate.mean(wave, variables="ALTER")': "vars",
    "estimate.mean(wave)": "vars",
    'needs.unmet("2028")': 'study.wave("2026")',
    "needs.unmet(study)": 'study.wave("2026")',
    'needs.unmet([wave, "2028"])': 'study.wave("2026")',
    'estimate.mean(wave.responses, "ALTER")': "a wave or a design",
    'needs.trend(later, wave, "unmet_need")': "the first wave is the later one",
    'disclosure.release(needs.unmet(wave)).only("F99")': "F09",
    'disclosure.release(needs.unmet(wave, by="kinder")).only(kinder="mit Kinder")': "mit Kindern",
    "show.table(disclosure.release(needs.unmet(wave)), later)": "of another wave",
    "wave.config = None": "not changed in place",
    "needs.trend(wave, later, needs.took_part)": "no measure that is compared",
    "needs.trend(wave, later, needs.scale)": "estimate.difference(later, earlier",
    'disclosure.release(needs.unmet(wave, by="altersgruppe")).only(alter="65+")': "known: altersgruppe",
    'disclosure.release(needs.unmet(wave)).only(kinder="mit Kindern")': "a frame that is split",
    'needs.unmet(wave, by="Kommune")': "groups: altersgruppe, geschlecht",
    'needs.ranking(wave, "WICHT")': "expected: RANG",
    'needs.steps(wave, "GESCHL")': "WICHT, ZUFR",
    "wave.design.where(\"ALTER > 30 und GESCHL == 'w'\")": "joined in English",
    'wave.design.where("nicht ALTER > 30")': "joined in English",
    'show.table(disclosure.release(needs.unmet(wave)), wave).save("a.pdf")': "of a table .docx",
    'estimate.chisq(wave, "GESCHL", "GESCHL")': "crosses two variables",
    'estimate.crosstab(wave, "GESCHL", "GESCHL")': "crosses two variables",
    'study.in_language("english")': "known: de, en",
    'needs.unmet(wave.design, ["WICHT_F01"], ["ZUFR_F01"])': "scale=(1, 5)",
    "needs.unmet(wave, important_from=7)": "important_from, dissatisfied_to",
    'estimate.ttest(wave, "ALTER ~ altersgruppe")': "estimate.glm",
    'estimate.glm(wave, "TEILN, ALTER")': "TEILN ~ ALTER",
    'wave.design["ALTR"]': "ALTER",
    'wave.with_variables(x="mean(WICHT_F01, WICHT_F02)")': "mean(axis=1)",
    'study.wave("2027")': "'2028'",
    'study.wave("2026", "schüler")': "schule",
    'study.findings["unmet_need.F5"]': "unmet_need.F05",
    'wave["WICHT_F1"]': "WICHT_F01",
    'wave.with_variables(ALTER="ALTER > 3")': "variable of this name",
    'wave.with_variables(x="ALTER >> 3")': "x",
    "show.table(needs.unmet(wave), wave)": "disclosure.release",
    "disclosure.release(wave.responses)": "not a frame of estimates",
    'show.dot_plot(disclosure.release(needs.unmet(wave, by="kinder")), wave)': "show.table shows any",
    'show.save(show.table(disclosure.release(needs.unmet(wave)), wave), "a.doc")': ".docx",
    'needs.small_areas(study.wave("2026", "schule"), "F05")': "self-selected",
    'bb.Study.load("bildung")': "bildungsbefragung",
    'monitoring.series(study, "arbeitslose")': "arbeitslosenquote",
    'show.table(disclosure.release(needs.unmet(wave)), wave, titel="X")': "did you mean 'title'",
    "show.table(disclosure.release(needs.unmet(wave)))": "'wave'",
    'show.table(disclosure.release(needs.unmet(wave)), "2028")': 'study.wave("2026")',
    "show.table(wave, disclosure.release(needs.unmet(wave)))": "disclosure.release",
    'show.save(disclosure.release(needs.unmet(wave)), "x.docx")': "show.table(",
    "show.sentences(disclosure.release(needs.unmet(wave)), wave)": "findings.record",
    "show.quadrant_plot(disclosure.release(needs.unmet(wave)), wave)": "needs.quadrants(wave)",
    'wave.with_variables(x=lambda table: table["ALTER"].iloc[99999])': "cannot be computed",
    "wave.with_variables(x=lambda table: nothing)": "name 'nothing' is not defined",
    "wave.with_variables(x=lambda table: 1 / 0)": "ZeroDivisionError",
    "wave.with_variables(x=wave['ALTER'].iloc[[0, 0, 1]])": "two values belong to one person",
    "disclosure.release(needs.unmet(wave), wave)": "disclosure.Limits(",
    'disclosure.release(needs.unmet(wave), {"minimum_base": 20})': "disclosure.Limits(",
    'disclosure.Limits(minimum_base="20")': "a whole number",
    'estimate.mean(wave, "ALTER", level="0.95")': "0.95",
    'estimate.quantile(wave, "ALTER", [])': "0.5 is the median",
    "estimate.mean(wave, [])": "no variable is named",
    'needs.unmet(wave, important_from="4")': "a whole number",
    "needs.unmet(wave, scale=5)": "a scale of their own",
    'disclosure.release(needs.unmet(wave)).largest("3")': "a whole number",
    "disclosure.release(needs.unmet(wave)).only(5)": "named by a text",
    "show.table([], wave)": "nothing to show",
    'show.area_map(disclosure.release(needs.small_areas(wave, "F05")), None, wave)': "needs.area_table(wave)",
    "show.table(disclosure.release(needs.unmet(wave)), wave).save(5)": "bedarf.docx",
    "wave.codebook[5]": "no question 5",
    'needs.item_title(wave, "F99")': "F09",
    'estimate.tabulate(wave, "TEILN", "kinder")': "estimate.crosstab",
    "show.forest(disclosure.release(needs.unmet(wave)), wave)": "needs.equity(wave, group)",
    "show.choices(disclosure.release(needs.unmet(wave)), wave)": "needs.sensitivity(wave)",
    'needs.unmet(wave, by="alter")': "ALTER",
    'wave.with_variables("ALTER >= 65")': "variables=…",
    "wave.with_variables(alt=lambda answers: answers['ALTR'] > 3)": "ALTER",
    'wave.with_rules("excluded")': "exclude",
    "wave.labels()": "variable",
    "wave.labels('ALTER', languge='en')": "did you mean 'language'",
    'wave.mean("ALTER")': "bb.estimate.mean(wave, …)",
    'wave.design.mean("ALTER")': "bb.estimate.mean(wave, …)",
    "wave.respones": "'responses'",
    "bb.shows": "did you mean 'show'",
    'wave["EHREN"]': "EHREN_VER, EHREN_POL",
    'estimate.mean(wave, "WICHT")': "WICHT_F01",
    'show.methods(wave, "englisch")': "known: de, en",
    'wave.title("kinder", "englisch")': "known: de, en",
    'needs.equity(wave, ["kinder", "geschlecht"])': "one name or text in quotes",
    "show.table(disclosure.release(needs.quadrants(wave)), wave)": "show.quadrant_plot",
    "wave.where('ALTER > 3')": "wave.design.where",
    "disclosure.release(needs.unmet(wave)).head()": "released.rows().head",
    'estimate.mean(wave, "kinder")': "estimate.proportion",
    'bb.Study("bildungsbefragung")': "bb.Study.load",
    "bb.Study.load()": "study",
    "bb.SurveyDesign(wave.responses, weight='w')": "did you mean 'weights'",
    "bb.weighting.rake(wave.design, {})": "nothing to fit",
    'estimate.glm(wave, "kinder ~ ALTER", "binomial", category="mit")': "mit Kindern",
    'estimate.median(wave, "ALTER")': 'quantile(wave, "ALTER", 0.5)',
    'estimate.mean(wave, "ALTER", level=95)': "0.95 for 95 %",
    'estimate.quantile(wave, "ALTER", 50)': "0.5 is the median",
    'estimate.mean(wave, "ALTER", by=["kinder", "kinder"])': "named twice",
    'estimate.chisq(wave, "altersgruppe", ["kinder"])': "one name or text",
    'estimate.ttest(wave, "ALTER")': "ALTER ~ …",
    'estimate.glm(wave, "teilnahme ~ ALTER")': '"binomial" and category=',
    'estimate.glm(wave, "GESAMT ~ WICHT[F05]")': "WICHT_F05",
    "wave.ALTER": 'wave["ALTER"]',
    "wave.head()": "wave.responses.head",
    "wave.weights": "wave.design.weights",
    "wave.codebook.WICHT": 'codebook["WICHT"]',
    "wave.codebook.head()": "codebook.table().head",
    "wave.with_variables(x=[1, 2])": "pd.Series(values, index=wave.responses.index)",
    "wave.with_variables(x=lambda a: a.ALTR)": "'ALTR'",
    'wave.with_variables(x=lambda a: (a["ZUFR_F05"] >= 4).astype(int))': "boolean",
    'wave.with_variables(x="20 < ALTER < 70")': "ALTER >= 20 and ALTER <= 30",
    "needs.ranking(wave, top=2)": 'statistic="top"',
    'needs.ranking(wave, statistic="top", top=9)': "2 to 5",
    'needs.trend(wave, wave, "satisfaction")': "both waves are the same",
    'needs.inequality(wave, "geschlecht")': "order=['w', 'm']",
    'show.table(disclosure.release(needs.unmet(wave)), wave, order="estimate")': "Ungedeckter Bedarf",
    "show.table(disclosure.release(needs.intersections(later)), later)": "nothing was found",
    'show.choices({"TEILN": disclosure.release(needs.unmet(wave))}, wave)': "needs.sensitivity",
}


@pytest.fixture(scope="module")
def shell(study: Study, wave: Wave, later: Wave) -> InteractiveShell:
    made = InteractiveShell.instance()
    made.run_cell("import bildungsbedarf as bb\nfrom bildungsbedarf import *")
    rooms = "disclosure, estimate, findings, monitoring, needs, show"
    made.run_cell(f"from bildungsbedarf import {rooms}")
    made.push({"study": study, "wave": wave, "later": later})
    return made


@pytest.mark.parametrize("code", MISTAKES)
def test_a_mistake_is_told_in_a_few_lines(shell: InteractiveShell, code: str) -> None:
    with capture_output() as told:
        result = shell.run_cell(code)
    assert result.error_in_exec is not None, "nothing was wrong"
    text = told.stdout + told.stderr
    assert MISTAKES[code] in text
    assert len(text.strip().splitlines()) <= 8, text
    assert "bildungsbedarf/" not in text


def test_the_whole_way_is_shown_where_somebody_asks_for_it(
    shell: InteractiveShell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BILDUNGSBEDARF_DEBUG", "1")
    with capture_output() as told:
        shell.run_cell('study.wave("2027")')
    assert "study.py" in told.stdout + told.stderr


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("needs.unmet(wave)", "not for publication"),
        ("wave.responses['ALTER']", "not for publication"),
        ("wave", "not for publication"),
        ("disclosure.release(needs.unmet(wave))", "passed the gate: show.table"),
        ("show.table(disclosure.release(needs.unmet(wave)), wave)", "could be published"),
        ("1 + 1", ""),
        ("needs.unmet(wave);", ""),
    ],
)
def test_the_extension_says_what_could_be_published(shell: InteractiveShell, code: str, told: str) -> None:
    shell.run_line_magic("load_ext", "bildungsbedarf")
    try:
        with capture_output() as shown:
            shell.run_cell(code)
    finally:
        shell.run_line_magic("unload_ext", "bildungsbedarf")
    assert [one[1:].startswith(told) for one in _verdicts(shown.stdout)] == ([True] if told else [])
    with capture_output() as shown:
        shell.run_cell(code)
    assert _verdicts(shown.stdout) == []


def test_commands_run_from_a_cell(shell: InteractiveShell) -> None:
    shell.run_line_magic("load_ext", "bildungsbedarf")
    try:
        with capture_output() as shown:
            shell.run_cell("%bildungsbedarf explain nothing.at_all")
            shell.run_cell("%bildungsbedarf --version")
    finally:
        shell.run_line_magic("unload_ext", "bildungsbedarf")
    assert "exit code 2" in shown.stdout or "exit code 3" in shown.stdout
    assert bildungsbedarf.__version__ in shown.stdout
    assert "Traceback" not in shown.stdout
    assert shell.find_line_magic("bildungsbedarf") is None


def _verdicts(printed: str) -> list[str]:
    return [line for line in printed.splitlines() if line[1:-1] in (COULD, SHOWN_LATER, OWN_EYES)]


def test_what_other_programs_call_it_is_there() -> None:
    for told in _ALIASES.values():
        assert told.split("(", 1)[0] in bildungsbedarf.estimate.__all__
    assert not set(_ALIASES) & set(bildungsbedarf.estimate.__all__)
