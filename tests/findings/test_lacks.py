from __future__ import annotations

from bildungsbedarf import findings
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.wave import Study
from tests.findings.test_leitbild import _MADE

_ADULTS = _MADE.model_copy(update={"audience": "erwachsene", "wave": "2028"})


def _kinds(study: Study, *found: Finding) -> list[tuple[str, list[str]]]:
    told = findings.lacks(study, list(found))
    return [(one.kind, [finding.id for finding in one.findings]) for one in told if one.kind != "goal_without_evidence"]


def test_an_urgent_need_without_a_goal(study: Study) -> None:
    urgent = _ADULTS.model_copy(update={"id": "unmet_need.F02", "item": "F02", "ci_low": 0.26, "ci_high": 0.4})
    assert _kinds(study, urgent) == [("urgent_without_goal", ["unmet_need.F02"])]
    not_sure = urgent.model_copy(update={"ci_low": 0.2502})
    assert _kinds(study, not_sure) == []
    cited = urgent.model_copy(update={"id": "unmet_need.F05", "item": "F05"})
    by_concept = urgent.model_copy(update={"concept": "sprache"})
    assert _kinds(study, cited) == _kinds(study, by_concept) == []


def test_a_group_that_no_goal_names(study: Study) -> None:
    group = _ADULTS.model_copy(
        update={
            "id": "equity.F06.migration-mit",
            "kind": "group",
            "measure": "equity",
            "estimate": 0.1,
            "groups": {"migration": "mit Migrationsgeschichte"},
        }
    )
    assert _kinds(study, group) == [("group_without_goal", ["equity.F06.migration-mit"])]
    older = group.model_copy(update={"groups": {"altersgruppe": "65+", "kinder": "ohne Kinder"}})
    digital = older.model_copy(update={"id": "equity.F05.altersgruppe-65+", "item": "F05"})
    by_concept = older.model_copy(update={"concept": "digitale_kompetenzen"})
    less = group.model_copy(update={"estimate": -0.1})
    families = group.model_copy(update={"groups": {"kinder": "mit Kindern"}})
    assert _kinds(study, digital) == _kinds(study, by_concept) == _kinds(study, less) == _kinds(study, families) == []
    # the goal that names them is on another subject
    assert _kinds(study, older) == [("group_without_goal", ["equity.F06.migration-mit"])]


def test_survey_and_conference_that_disagree(study: Study) -> None:
    need = _ADULTS.model_copy(
        update={"id": "unmet_need.F06", "item": "F06", "concept": "sprache", "ci_low": 0.1, "ci_high": 0.15}
    )
    vote = _MADE.model_copy(
        update={
            "id": "agreement.Z10",
            "item": "Z10",
            "measure": "agreement",
            "kind": "participation",
            "audience": "konferenz2",
            "wave": "2028",
            "concept": "sprache",
            "estimate": 0.8,
        }
    )
    assert _kinds(study, need, vote) == [("wanted_not_needed", ["unmet_need.F06", "agreement.Z10"])]
    assert _kinds(study, need, vote.model_copy(update={"estimate": 0.6})) == []
    urgent = need.model_copy(update={"ci_low": 0.3, "ci_high": 0.4})
    rejected = vote.model_copy(update={"estimate": 0.4})
    assert _kinds(study, urgent, rejected) == [("needed_not_wanted", ["unmet_need.F06", "agreement.Z10"])]
    assert _kinds(study, urgent, vote) == []


def test_goals_without_evidence(study: Study) -> None:
    told = findings.lacks(study, [])
    assert len([one for one in told if one.kind == "goal_without_evidence"]) == 7
