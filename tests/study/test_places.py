from __future__ import annotations

from bildungsbedarf.study.places import line_of, lines_by_place

TEXT = """a = 1
[table."with.dot"]
b = 2
[[goal]]
id = "one"
[[goal.evidence]]
limit = 1
[[goal.evidence]]
limit = 2
[[goal]]
id = "two"
[[goal.evidence]]
limit = 3
[goal.target]
c.d = 4
"""


def test_keys_in_lists_of_tables_have_their_own_line() -> None:
    assert line_of(TEXT, ("a",)) == 1
    assert line_of(TEXT, ("table", "with.dot", "b")) == 3
    assert [line_of(TEXT, ("goal", place, "id")) for place in (0, 1)] == [5, 11]
    assert [line_of(TEXT, ("goal", *place, "limit")) for place in ((0, "evidence", 0), (0, "evidence", 1))] == [7, 9]
    assert line_of(TEXT, ("goal", 1, "evidence", 0, "limit")) == 13
    assert line_of(TEXT, ("goal", 1, "target", "c", "d")) == 15


def test_what_is_not_there_has_the_line_of_its_table() -> None:
    assert line_of(TEXT, ("goal", 1, "evidence", 0, "missing")) == 12
    assert line_of(TEXT, ("nothing",)) == 0
    assert () not in lines_by_place("")
