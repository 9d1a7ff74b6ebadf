"""Who is counted and who is not, and how carefully people answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from bildungsbedarf.codebook import Codebook
from bildungsbedarf.displays import Display, Displayed
from bildungsbedarf.errors import ConfigError, nearest
from bildungsbedarf.expression import holds
from bildungsbedarf.prepare.reasons import NOT_ANSWERED
from bildungsbedarf.study import AudienceConfig

NOT_ELIGIBLE = "not_eligible"
ELIGIBILITY_UNKNOWN = "eligibility_unknown"
STRATUM_UNKNOWN = "stratum_unknown"
BROKEN_OFF_BEFORE_CORE = "broken_off_before_core"
SPEEDING = "speeding"
STRAIGHTLINING = "straightlining"
DUPLICATE = "duplicate"
OUT_OF_RANGE = "out_of_range"
OTHER_REASONS = "other_reasons"
REASONS_NOT_COUNTED = (
    NOT_ELIGIBLE,
    ELIGIBILITY_UNKNOWN,
    STRATUM_UNKNOWN,
    BROKEN_OFF_BEFORE_CORE,
    SPEEDING,
    STRAIGHTLINING,
    DUPLICATE,
    OUT_OF_RANGE,
)

_TITLE = "quality of the responses"
_WORST = 5


@dataclass(frozen=True, repr=False)
class Quality(Displayed):
    """Exact counts of one wave and audience; ``published`` is what may leave the house.

    ``counted`` plus the sum of ``not_counted`` is ``rows``.
    """

    rows: int
    counted: int
    not_counted: dict[str, int]
    submitted: int | None
    """Finished interviews; missing where the export does not say."""
    partial: int
    flagged: dict[str, int]
    median_minutes: float | None
    page_minutes: dict[str, float]
    """Median time on each page; empty without timings."""
    modes: dict[str, int]
    """Counted persons by mode: ``online``, ``paper``."""
    route_contradictions: int
    not_evaluable: tuple[str, ...]
    item_missing: dict[str, dict[str, int]] = field(default_factory=dict)
    broken_off: dict[str, int] = field(default_factory=dict)
    """Interviews not finished, by the last page sent off."""
    daily: dict[str, int] = field(default_factory=dict)
    """Finished interviews by day; never published."""

    def outcome_rates(self, invited: int) -> dict[str, float]:
        """Response rates by AAPOR's Standard Definitions (2023), where every invitation counts as eligible.

        Empty where the export does not say who finished.

        ``RR1`` complete interviews, ``RR2`` with partial ones, ``break_off`` of those who began.
        """
        if self.submitted is None:
            return {}
        return {
            "RR1": self.submitted / invited,
            "RR2": (self.submitted + self.partial) / invited,
            "break_off": (self.rows - self.submitted) / self.rows,
        }

    def _display(self) -> Display:
        of_all = f"{self.counted:,} of {self.rows:,}"
        flagged = {name: count for name, count in self.flagged.items() if count}
        unanswered = {name: reasons.get(NOT_ANSWERED, 0) for name, reasons in self.item_missing.items()}
        worst = sorted(unanswered, key=lambda name: -unanswered[name])[:_WORST]
        told = {
            "counted": of_all,
            "not counted": self.not_counted,
            "flagged": flagged,
            "finished": self.submitted,
            "broken off, counted": self.partial,
            "median minutes": self.median_minutes,
            "modes": self.modes,
            "answers against the route": self.route_contradictions,
            "conditions not evaluable": self.not_evaluable,
            "most often not answered": {name: unanswered[name] for name in worst if unanswered[name]},
        }
        return Display.of(_TITLE, told)

    def published(self, minimum: int) -> dict[str, object]:
        """Counts under ``minimum`` merged into "other reasons", so that none of them can be read back."""
        merged, told = merge_small(self.not_counted, minimum)
        return {
            "rows": self.rows if told else None,
            "counted": self.counted,
            "not_counted": [{"reason": reason, "count": count} for reason, count in merged.items()],
            "submitted": None if 0 < self.rows - (self.submitted or 0) < minimum else self.submitted,
            "partial": None if 0 < self.partial < minimum else self.partial,
            "flagged": {
                name: count if count == 0 or count >= minimum else None for name, count in self.flagged.items()
            },
            "median_minutes": self.median_minutes,
            "page_minutes": self.page_minutes if self.counted >= 2 * minimum else {},
            "modes": merge_small(self.modes, minimum)[0] if len(self.modes) > 1 else self.modes,
            "route_contradictions": None if 0 < self.route_contradictions < minimum else self.route_contradictions,
            "not_evaluable": list(self.not_evaluable),
            "broken_off": [
                {"page": page, "count": count} for page, count in merge_small(self.broken_off, minimum)[0].items()
            ],
            "smallest_count_shown": minimum,
        }


def merge_small(counts: dict[str, int], minimum: int) -> tuple[dict[str, int | None], bool]:
    """Merge counts under ``minimum`` (the smallest others too, until the sum reaches it).

    Returns
    -------
    (counts, whether they may be told: False where all together are 1 to ``minimum`` − 1)
    """
    kept = {reason: count for reason, count in counts.items() if count >= minimum}
    small = sum(count for count in counts.values() if 0 < count < minimum)
    while 0 < small < minimum and kept:
        smallest = min(kept, key=lambda reason: (kept[reason], reason))
        small += kept.pop(smallest)
    if 0 < small < minimum:
        return {OTHER_REASONS: None}, False
    return {**kept, **({OTHER_REASONS: small} if small else {})}, True


def reason_not_counted(
    answers: pd.DataFrame,
    variables: pd.DataFrame,
    passed_page: pd.Series,
    codebook: Codebook,
    config: AudienceConfig,
    core: Sequence[str],
) -> pd.Series:
    """The first reason for which a person is not counted, ``<NA>`` for those who are.

    A stratum is unknown where a variable made from the stratum's question is: that person cannot be
    placed in the sample as drawn, nor in the population it stands for.
    """
    reason = pd.Series(pd.NA, index=answers.index, dtype="object")
    if config.eligible:
        known = holds(config.eligible, "study.toml, eligible", pd.concat([answers, variables], axis=1))
        reason = reason.mask(known.isna(), ELIGIBILITY_UNKNOWN).mask(~known.fillna(True), NOT_ELIGIBLE)
    if config.strata:
        table = pd.concat([answers, variables], axis=1)
        made_from = [name for name, rule in config.variables.items() if rule.source == config.strata]
        unknown = table[[config.strata, *made_from]].isna().any(axis=1)
        reason = reason.mask(reason.isna() & unknown, STRATUM_UNKNOWN)
    if core:
        core_page = max(codebook[question].page for question in core)
        reason = reason.mask(reason.isna() & (passed_page < core_page), BROKEN_OFF_BEFORE_CORE)
    return reason


def flag_speeding(minutes: pd.Series, speed: pd.Series, config: AudienceConfig) -> pd.Series:
    """People faster than the declared share of the median duration, or page by page than the declared speed.

    ``minutes`` in all and ``speed`` against the others' pages (``timings.relative_speed``); missing where
    not known or not meaningful (answers keyed in from paper).
    """
    rule = config.quality
    limit = rule.minimum_share_of_median_duration * float(minutes.median()) if minutes.notna().any() else 0.0
    flagged = (minutes < limit).fillna(False)
    if rule.maximum_speed:
        flagged |= (speed > rule.maximum_speed).fillna(False)
    return flagged.astype("boolean")


def flag_out_of_range(answers: pd.DataFrame, config: AudienceConfig) -> pd.Series:
    """People with a number outside its declared range.

    Raises
    ------
    ConfigError
        A range is given for what is no number.
    """
    flagged = pd.Series(False, index=answers.index)
    for name, (low, high) in config.quality.ranges.items():
        if name not in answers.columns or not pd.api.types.is_numeric_dtype(answers[name].dtype):
            raise ConfigError(
                "a range belongs to a question about a number",
                where="study.toml, quality.ranges",
                value=name,
                expected=nearest(name, [str(c) for c in answers.columns if str(answers[c].dtype) == "Float64"]),
            )
        flagged |= ((answers[name] < low) | (answers[name] > high)).fillna(False).astype(bool)
    return flagged.astype("boolean")


def flag_straightlining(answers: pd.DataFrame, codebook: Codebook, config: AudienceConfig) -> pd.Series:
    """People who gave every item of each named battery the same answer (all items answered)."""
    rule = config.quality.straightlining
    if rule is None:
        return pd.Series(False, index=answers.index, dtype="boolean")
    flat = pd.Series(True, index=answers.index)
    for battery in rule.batteries:
        items = answers[[column.name for column in codebook.columns_of(battery)]]
        flat &= items.notna().all(axis=1) & items.eq(items.iloc[:, 0], axis=0).all(axis=1).fillna(False).astype(bool)
    return flat.astype("boolean")
