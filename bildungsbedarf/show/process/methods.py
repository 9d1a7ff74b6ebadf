"""A paragraph on the method for a paper: sample, response, weights, variances, what is hidden, software."""

from __future__ import annotations

import bildungsbedarf
from bildungsbedarf.disclosure import limits_of
from bildungsbedarf.language import day, number, percent, translate
from bildungsbedarf.show.blocks import Block, render
from bildungsbedarf.wave import Wave

_HOW = {
    "probability": "Variances are linearised (Binder 1983) with {strata} strata{calibrated}; "
    "intervals hold with a certainty of 95%, where things are compared for all comparisons together (max-t).",
    "census": "Everyone was asked; numbers are counts of those who answered, without intervals.",
    "nonprobability": "Respondents chose themselves; numbers describe them, without intervals or tests.",
}


def methods(wave: Wave, language: str = "") -> Block:
    """What a paper says of how the numbers of a wave came about.

    Parameters
    ----------
    wave
        One audience in one wave.
    language
        ``de`` or ``en``; default: the reports'.

    Returns
    -------
    Block
        A paragraph; ``block.text`` is it as text.

    Examples
    --------
    >>> show.methods(wave, "en").text.split(". ")[0]
    'The survey is of people aged 18 and over with their main residence in the district'
    """
    language = language or wave.language
    sentences = [
        translate("The survey is of {population}.", language, population=wave.population[language]),
        *_field(wave, language),
        *_weighted(wave, language),
        _variances(wave, language),
        _hidden(wave, language),
        translate(
            "Computed with bildungsbedarf {version} from snapshot {snapshot}.",
            language,
            version=bildungsbedarf.__version__,
            snapshot=wave.snapshot.short,
        ),
    ]
    text = " ".join(sentences)
    return Block("sentences", render("opinions.html", text=text, method=""), text)


def _variances(wave: Wave, language: str) -> str:
    is_raked = wave.config.weighting.method != "none"
    calibrated = translate(" and account for the calibration", language) if is_raked else ""
    strata = number(_strata(wave), language)
    return translate(_HOW[wave.config.sampling], language, strata=strata, calibrated=calibrated)


def _strata(wave: Wave) -> int:
    return wave.design.rows.outline()[0][0]


def _field(wave: Wave, language: str) -> list[str]:
    quality, config = wave.quality, wave.wave_config
    told = []
    if config.field is not None:
        ends = (day(end, language) for end in (config.field.start, config.field.end))
        text = translate(
            "It was in the field from {start} to {end}.", language, **dict(zip(("start", "end"), ends, strict=True))
        )
        told.append(text)
    persons = number(quality.counted, language)
    if config.invited:
        reached = config.invited - (config.returned or 0)
        told.append(
            translate(
                "Of {invited} people invited {reached} were reached and {persons} are counted "
                "({rate} of those reached).",
                language,
                invited=number(config.invited, language),
                reached=number(reached, language),
                persons=persons,
                rate=percent(quality.counted / reached, language),
            )
        )
    else:
        told.append(translate("{persons} people are counted.", language, persons=persons))
    return told


def _weighted(wave: Wave, language: str) -> list[str]:
    config = wave.config.weighting
    if config.method == "none":
        return [translate("Everyone counts alike.", language)]
    margins = translate(" and ", language).join(
        " × ".join(wave.title(name, language) for name in margin.by) for margin in config.margin
    )
    weights = wave.design.weights
    kish = float(len(weights) * (weights**2).sum() / weights.sum() ** 2)
    return [
        translate(
            "Weights were raked to official totals of {margins}; they lie between {low} and {high} times the mean, "
            "with a Kish design effect of {deff}.",
            language,
            margins=margins,
            low=number(float(weights.min() / weights.mean()), language, 2),
            high=number(float(weights.max() / weights.mean()), language, 2),
            deff=number(kish, language, 2),
        )
    ]


def _hidden(wave: Wave, language: str) -> str:
    limits = limits_of(wave)
    text = "Numbers of fewer than {base} persons, and counts below {cell}, are not shown."
    return translate(text, language, base=limits.minimum_base, cell=limits.minimum_cell)
