"""What a run's notebook displays is sealed there, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bildungsbedarf import sealing
from bildungsbedarf.errors import DisclosureError
from bildungsbedarf.show import MIME, Block


@pytest.fixture
def _sealing() -> Iterator[None]:
    sealing.take_key("key")
    yield
    sealing._KEY.clear()


def test_at_a_keyboard_nothing_is_sealed() -> None:
    assert not sealing.is_sealing()
    assert sealing.sealed({"kind": "table"}, "<p>", "x") == {"kind": "table"}
    assert Block("table", "<p>", "x")._repr_mimebundle_()[MIME] == {"kind": "table"}


@pytest.mark.usefixtures("_sealing")
@given(st.dictionaries(st.text(), st.floats(allow_nan=False) | st.text() | st.none()), st.text(), st.text())
def test_a_seal_breaks_with_any_change(payload: dict[str, object], html: str, text: str) -> None:
    payload.pop(sealing.SEAL, None)
    made = sealing.sealed(payload, html, text)
    assert sealing.is_sealed("key", made, html, text)
    assert not sealing.is_sealed("another", made, html, text)
    assert not sealing.is_sealed("key", made, html + "x", text)
    assert not sealing.is_sealed("key", {**made, "more": 1}, html, text)
    assert not sealing.is_sealed("key", payload, html, text)


@pytest.mark.usefixtures("_sealing")
def test_a_block_of_ones_own_is_refused_where_blocks_are_sealed() -> None:
    with pytest.raises(DisclosureError, match="makes no blocks of its own"):
        Block("table", "<p>", "x")
