from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from bildungsbedarf.run.auditing import _readable, _sums, _texts, audit
from bildungsbedarf.wave import Study

Cell = tuple[float | str, int | None]


def _book(path: Path, whole: dict[str, Cell], groups: dict[str, dict[str, Cell]]) -> Path:
    """A volume as a run writes it: a sheet a topic of all, and one of two groups side by side."""
    book = Workbook(str(path))
    another: dict[str, Cell] = dict.fromkeys(whole, (50.0, 20))
    topics = (("Über Sie", "Frage?", {"Alle": whole}), ("Bedarf", "Andere?", {"Alle": another}))
    for title, question, parts in (*topics, ("Bereich", "Frage?", groups)):
        sheet = book.add_worksheet(title)
        sheet.write_row(
            3, 0, ["Code", "Frage", "Antwort", *(f"{name} {unit}" for name in parts for unit in ("(%)", "(n)"))]
        )
        for line, answer in enumerate(whole, start=4):
            sheet.write_row(line, 0, ["F", question, answer])
            for place, cells in enumerate(parts.values()):
                share, base = cells[answer]
                sheet.write(line, 3 + 2 * place, share)
                if base is not None:
                    sheet.write(line, 4 + 2 * place, base)
    book.close()
    return path


def _share(count: int, base: int) -> Cell:
    return round(100 * count / base, 1), base


def test_a_hidden_count_that_follows_from_the_sums_is_found(tmp_path: Path) -> None:
    whole = {"ja": _share(32, 60), "nein": _share(28, 60)}
    groups = {"A": {"ja": ("–", 30), "nein": _share(28, 30)}, "B": {"ja": _share(30, 30), "nein": ("–", 30)}}
    found = list(_sums(_book(tmp_path / "t.xlsx", whole, groups), 5))
    assert found == [("sheet Bereich", "“Frage?”: ja, A: 2 persons")]


def test_what_can_lie_anywhere_is_no_hole(tmp_path: Path) -> None:
    whole = {"ja": _share(32, 60), "nein": _share(28, 60)}
    groups = {"A": {"ja": ("–", 30), "nein": ("–", 30)}, "B": {"ja": ("–", 30), "nein": ("–", 30)}}
    assert list(_sums(_book(tmp_path / "t.xlsx", whole, groups), 5)) == []


def test_people_without_a_group_make_a_total_less_telling(tmp_path: Path) -> None:
    """Ten people of the whole are in no group: what is left of the total may be theirs."""
    whole = {"ja": _share(32, 70), "nein": _share(38, 70)}
    groups = {"A": {"ja": ("–", 30), "nein": ("–", 30)}, "B": {"ja": _share(30, 30), "nein": _share(0, 30)}}
    found = list(_sums(_book(tmp_path / "t.xlsx", whole, groups), 5))
    assert found == []


def test_the_demo_gives_nothing_away(study: Study) -> None:
    assert audit(study) == []


def test_written_answers_and_ways_to_reach_somebody_are_found(study: Study, tmp_path: Path) -> None:
    column = next(column for column in study.wave("2026").codebook.columns if column.values == "text")
    answers = study.wave("2026").snapshot.read()[column.heading].dropna()
    answer = next(text for text in answers if len(text) > 20 and " " in text and "@" not in text)
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "page.html").write_text(f"<p>Jemand schrieb: {answer}</p>", encoding="utf-8")
    (tmp_path / "mail.json").write_text('{"a": "erika.mustermann@example.net"}', encoding="utf-8")
    (tmp_path / "phone.csv").write_text("Name,Telefon\r\nx,0561 7654321\r\n", encoding="utf-8")
    (tmp_path / "fine.html").write_text(
        f"<p>{study.files.config.study.contact}, 0,123 4567 und 06633001</p>", encoding="utf-8"
    )
    found = {hole.where: hole.what for hole in _texts(study, tmp_path)}
    assert set(found) == {"site/page.html", "mail.json", "phone.csv"}
    assert "written answer" in found["site/page.html"]
    # what is found is not repeated
    assert answer not in found["site/page.html"]
    assert "mustermann" not in found["mail.json"]


def test_answers_that_others_can_read_are_named(study: Study, project: object, tmp_path: Path) -> None:
    from bildungsbedarf.study import Project

    assert isinstance(project, Project)
    copied = Study.load("bildungsbefragung", project)
    shutil.copytree(study.files.project.snapshots(study.name), project.snapshots(study.name))
    folder = project.snapshots(study.name)
    assert list(_readable(copied)) == []
    folder.chmod(0o755)
    path = next(folder.rglob("*.parquet"))
    for parent in path.parents:
        if parent == folder:
            break
        parent.chmod(0o755)
    path.chmod(0o644)
    assert [hole.where for hole in _readable(copied)] == [path.relative_to(project.root).as_posix()]


@pytest.mark.parametrize("share", [0.0, 33.3, 100.0])
def test_a_share_of_a_large_base_is_no_count(share: float) -> None:
    from bildungsbedarf.run.auditing import _count

    assert _count(share, 5000) is None
    assert _count(share, 30) in (0, 10, 30)
    assert _count(share, None) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.html", "<p>{answer}</p>"),
        ("a.html", "<p>„{answer}“</p>"),
        ("a.html", "<p>{first} <b>{rest}</b></p>"),
        ("a.html", "<p>{escaped}</p>"),
        ("a.json", '{{"a": "{answer}"}}'),
        ("a.json", '{{"a": "{broken}"}}'),
        ("a.csv", "1,{answer}\r\n"),
        ("a.svg", "<svg><text>{answer}</text></svg>"),
    ],
)
def test_a_written_answer_is_found_however_it_is_packed(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    answer = "Kinderbetreuung & Bus fehlen hier am Abend"
    monkeypatch.setattr("bildungsbedarf.run.auditing._answers", lambda wave: iter([answer]))
    first, _, rest = answer.partition(" ")
    escaped, broken = answer.replace("&", "&amp;"), answer.replace(" ", "\\n")
    values = {"answer": answer, "first": first, "rest": rest, "escaped": escaped, "broken": broken}
    (tmp_path / name).write_text(content.format(**values), encoding="utf-8")
    assert [hole.where for hole in _texts(study, tmp_path)] == [name]


def test_answers_that_cannot_be_read_are_no_reason_to_say_that_nothing_was_found(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from bildungsbedarf.errors import DataError
    from bildungsbedarf.store import Snapshot

    def broken(self: Snapshot, table: str = "") -> None:
        raise DataError("snapshot was changed")

    monkeypatch.setattr(Snapshot, "read", broken)
    with pytest.raises(DataError, match="snapshot was changed"):
        list(_texts(study, tmp_path))
