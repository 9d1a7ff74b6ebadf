"""What each measure of ``bb.supply`` that findings speak of is: one row a measure."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from bildungsbedarf.needs.about.model import Measure, Says, by_key
from bildungsbedarf.wave import Wave


def _nothing_asked(wave: Wave, item: str) -> list[str]:
    """Nobody was asked."""
    return []


def field_labels(wave: Wave, language: str) -> dict[str, str]:
    """Field of education → its label in the battery that offers.toml names.

    Parameters
    ----------
    wave
        The audience of offers in one wave.
    language
        ``de`` or ``en``.

    Returns
    -------
    dict
        Item code → label, in the questionnaire's order.

    Examples
    --------
    >>> supply.field_labels(provided, "en")["F05"]
    'Digital skills'
    """
    asked = asked_with(wave)
    return asked.codebook[asked.needs.importance].items(language)


def asked_with(wave: Wave) -> Wave:
    """The audience whose needs the offers are held against: in the same wave, else in the last that asked it.

    Parameters
    ----------
    wave
        The audience of offers in one wave.

    Returns
    -------
    Wave
        Of the audience that offers.toml names, default the study's first.

    Examples
    --------
    >>> supply.asked_with(provided)
    <Wave bildungsbefragung 2028, erwachsene>
    """
    if wave not in _ASKED:
        files, audience = wave.files, wave.files.needs_of_offers
        names = [name for name, config in files.waves.items() if audience in config.audience]
        _ASKED[wave] = Wave(files, wave.name if wave.name in names else names[-1], audience)
    return _ASKED[wave]


_ASKED: WeakKeyDictionary[Wave, Wave] = WeakKeyDictionary()
"""The questionnaire and answers of the other audience are read once for each audience of offers."""


MEASURES = by_key(
    (
        Measure(
            "reach",
            "share",
            "Within reach",
            "Inhabitants who have an offer within reach",
            "inhabitants of the district",
            _nothing_asked,
            formula="inhabitants of municipalities with an offer of the field within reach / all inhabitants",
            compares=frozenset({"ranks"}),
            tells="supply",
            labels=field_labels,
            says=Says(level="{share} of the inhabitants have at most {reach} to an offer in the field “{item}”."),
        ),
    )
)
