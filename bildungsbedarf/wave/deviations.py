"""What a frame was computed with that study.toml does not declare: other words would be needed for it."""

from __future__ import annotations

from bildungsbedarf.estimates import Facts
from bildungsbedarf.wave.cited import sources_of

_MEANING = (
    "importance",
    "satisfaction",
    "important_from",
    "dissatisfied_to",
    "scale",
    "columns",
    "cut",
    "question",
    "reference",
    "variance",
)
"""Arguments that change what is measured; groups, items and kinds of statistic stand in every title and sentence."""
_TOLD = {
    "question": ("needs.answers", "needs.keyness", "needs.steps", "needs.themes", "needs.words"),
    "reference": ("needs.adjusted",),
}
"""Argument → functions whose titles or notes say it anyway: measures of any question, models beside a category."""
OWN = "own selection"


def deviations(facts: Facts) -> list[str]:
    """Other rules of a wave, other arguments, and what was computed of a design or columns of one's own.

    Parameters
    ----------
    facts
        Of a frame of a declared measure.

    Returns
    -------
    list of str
        As ``name = value``; empty where everything is as declared.

    Examples
    --------
    >>> from bildungsbedarf.wave.deviations import deviations
    >>> deviations(bb.estimates.facts_of(needs.unmet(wave, important_from=5)))
    ['important_from = 5']
    >>> deviations(bb.estimates.facts_of(needs.unmet(wave.unweighted())))
    ['other weighting']
    >>> deviations(bb.estimates.facts_of(needs.unmet(wave, by="kinder")))
    []
    """
    found = [part for source in sources_of(facts) for part in source.other if part.startswith("other ")]
    other, recipe = list(dict.fromkeys(found)), facts.recipe
    if not recipe:
        return other or [OWN]
    function = str(recipe.get("function", ""))
    arguments = recipe.get("arguments", {})
    told = [
        f"{name} = {value}"
        for name, value in arguments.items()
        if name in _MEANING and function not in _TOLD.get(name, ())
    ]
    return [*other, *told]
