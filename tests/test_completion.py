"""Objects complete at the keyboard: jedi stumbles over properties that return a Literal, so none of ours does.

jedi 0.20 looks up what a property is declared to return; for ``typing.Literal`` it takes a class of its stubs for one
of its own typing objects (``'TreeInstance' object has no attribute 'with_generics'``), and the whole completion of the
object is lost.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing

import jedi
import pytest

import bildungsbedarf
from bildungsbedarf.wave import Study, Wave


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    # two workers that write one cache read half a file of each other
    monkeypatch.setattr(jedi.settings, "cache_directory", str(tmp_path_factory.getbasetemp() / "jedi"))


def _literal_properties() -> list[str]:
    found = []
    for module in pkgutil.walk_packages(bildungsbedarf.__path__, "bildungsbedarf."):
        if module.name.endswith("__main__"):
            continue
        for name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
            if kind.__module__ != module.name:
                continue
            for key, value in vars(kind).items():
                getter = value.fget if isinstance(value, property) else getattr(value, "func", None)
                if getter is None or "return" not in getattr(getter, "__annotations__", {}):
                    continue
                try:
                    returned = typing.get_type_hints(getter)["return"]
                except NameError:
                    # a name that is there for types only: jedi cannot follow it either
                    continue
                if typing.get_origin(returned) is typing.Literal:
                    found.append(f"{module.name}.{name}.{key}")
    return found


def test_no_property_returns_a_literal() -> None:
    assert _literal_properties() == []


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("study.", {"wave", "waves", "findings", "goals", "compare"}),
        ("wave.", {"responses", "design", "needs", "codebook", "language"}),
        ("wave.design.", {"where", "weights"}),
        ("wave.needs.", {"importance", "satisfaction", "groups"}),
        ("wave.quality.", {"rows", "counted", "outcome_rates"}),
        ("wave.config.", {"population", "sampling", "weighting"}),
        ("wave.wave_config.", {"field", "questionnaire"}),
        ("wave.analysis.", {"most_categories"}),
        ("wave.weighting.", {"margins"}),
        ("study.files.", {"config", "waves"}),
        ("wave.codebook.", {"questions"}),
        ("goal.", {"roles", "state", "needed"}),
        ("needs.", {"unmet", "equity"}),
        ("bb.estimate.", {"mean", "proportion"}),
    ],
)
def test_objects_complete(study: Study, wave: Wave, code: str, wanted: set[str]) -> None:
    from bildungsbedarf import findings, needs

    goal = findings.weigh(study, [])[0]
    names = {"study": study, "wave": wave, "goal": goal, "needs": needs, "bb": bildungsbedarf}
    found = {one.name for one in jedi.Interpreter(code, [names]).complete()}
    assert wanted <= found
