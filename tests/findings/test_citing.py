from __future__ import annotations

from pathlib import Path

import pytest

from bildungsbedarf import findings
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
