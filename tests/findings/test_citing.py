from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf import findings
from bildungsbedarf.errors import Problem
from bildungsbedarf.study import Project
from bildungsbedarf.wave import Study

DEMO = "bildungsbefragung"


@pytest.mark.parametrize(
    ("old", "new", "what", "expected"),
    [
        ('finding = "unmet_need.F05"', 'finding = "unmet_nead.F05"', "a measure there is not", "'unmet_need'"),
        ('finding = "unmet_need.F05"', 'finding = "small_area.F05"', "a measure there is not", ""),
        ('finding = "unmet_need.F05"', 'finding = "unmet_need.F22"', "nothing that is asked", "'unmet_need.F02'"),
        ('finding = "barrier.INFO"', 'finding = "barrier.INFOS"', "nothing that is asked", "'barrier.INFO'"),
        ('finding = "agreement.Z07"', 'finding = "agreement.Z077"', "nothing that is asked", "'agreement.Z07'"),
        ('finding = "unmet_need.F05"', 'finding = "gap.F05"', "in another unit than it is", "mean"),
        ('audience = "konferenz2"', 'audience = "erwachsene"', "not asked of audience erwachsene", "konferenz1"),
        ("by = 2032", "by = 2012", "before or with the first survey", "2027 or later"),
    ],
)
def test_a_citation_of_nothing_is_told_with_its_line(
    project: Project, old: str, new: str, what: str, expected: str
) -> None:
    path: Path = project.surveys / DEMO / "leitbild.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    told = [one for one in findings.citing_problems(Study.load(DEMO, project)) if what in one.what]
    assert told
    assert expected in told[0].expected
    line = int(told[0].where.rpartition("line ")[2])
    named = path.read_text(encoding="utf-8").splitlines()[line - 1]
    assert named.partition(" = ")[0] in ("finding", "unit", "by", "target")


def test_the_demo_cites_what_there_is(study: Study) -> None:
    assert findings.citing_problems(study) == []
    assert len([entry for goal in study.files.leitbild.goal for entry in goal.evidence]) > 10


_B4 = "bildung-B4"
_FIRST = (
    'finding = "unmet_need.F05"\naudience = "erwachsene"\nunit = "share"\ndirection = "above"\nlimit = 0.25\n'
    "against = 0.10"
)


def _citing(project: Project, finding: str, unit: str, limit: float, audience: str = "erwachsene") -> list[Problem]:
    """What is said of another finding in place of the demo's first piece of evidence."""
    path: Path = project.surveys / DEMO / "leitbild.toml"
    text = path.read_text(encoding="utf-8")
    assert _FIRST in text
    lines = [f'finding = "{finding}"', f'unit = "{unit}"', 'direction = "above"', f"limit = {limit}"]
    lines += [f'audience = "{audience}"'] if audience else []
    path.write_text(text.replace(_FIRST, "\n".join(lines), 1), encoding="utf-8")
    return findings.citing_problems(Study.load(DEMO, project))


@pytest.mark.parametrize(
    ("finding", "unit", "limit", "audience"),
    [
        ("contrast.TEILN_Y.bildung-B4", "share_difference", 0.05, "erwachsene"),
        ("contrast.BARR_BETR.kinder-mit_Kindern", "share_difference", 0.05, "erwachsene"),
        ("contrast.BARR_BETR.altersgruppe-30–44", "share_difference", 0.05, ""),
        ("reach.F05", "share", 0.5, "angebote"),
        ("turnout.turnout", "share", 0.5, "konferenz1"),
        ("equity.F05.altersgruppe-65+", "share_difference", 0.05, "erwachsene"),
        ("intersection.F05.altersgruppe-65+.bildung-B1", "share_difference", 0.05, "erwachsene"),
        ("gap.F05", "mean", 4.0, "erwachsene"),
        ("unmet_need.largest.altersgruppe-65+", "share", 0.3, "erwachsene"),
    ],
)
def test_what_a_register_has_can_be_cited(
    project: Project, finding: str, unit: str, limit: float, audience: str
) -> None:
    assert _citing(project, finding, unit, limit, audience) == []


@pytest.mark.parametrize(
    ("finding", "unit", "limit", "audience", "what", "expected"),
    [
        (
            "contrast.TEILN.bildung-B4",
            "share_difference",
            0.05,
            "erwachsene",
            "nothing that is asked",
            "contrast.TEILN_",
        ),
        ("reach.F05", "share", 0.5, "erwachsene", "not asked of audience erwachsene", "audience angebote"),
        (
            "equity.F05.altersgruppe-66+",
            "share_difference",
            0.05,
            "erwachsene",
            "a group there is not",
            "altersgruppe-65+",
        ),
        ("gap.F05", "mean", 4.5, "erwachsene", "what it can never be", "-4 to 4"),
        ("agreement.Z07", "share", 0.5, "", "several audiences have, and names none", "konferenz1 or konferenz2"),
    ],
)
def test_what_no_register_can_have_is_told(
    project: Project, finding: str, unit: str, limit: float, audience: str, what: str, expected: str
) -> None:
    told = [one for one in _citing(project, finding, unit, limit, audience) if what in one.what]
    assert told
    assert expected in told[0].expected
