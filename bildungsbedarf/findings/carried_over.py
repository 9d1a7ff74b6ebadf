"""From one conference to the next: statements carried over, what became of the others, and how support changed.

Different people were present: a change of support is no change of anybody's mind, and carries no interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from bildungsbedarf.disclosure import Released
from bildungsbedarf.errors import ConfigError
from bildungsbedarf.findings.declared import DECLARED
from bildungsbedarf.findings.wording import item_labels
from bildungsbedarf.wave import Wave

State = Literal["same", "reworded", "merged", "adopted", "declined", "postponed", "dropped", "new"]


@dataclass(frozen=True)
class CarriedOver:
    """One statement of either conference; shares of those who took part, None where not voted on or not to be shown.

    ``item`` is its code at the first conference (of a new one at the second), ``later`` what it is called at the
    second; ``dropped`` was not voted on again, and study.toml does not say why.
    """

    item: str
    text: str
    state: State
    before: float | None = None
    after: float | None = None
    later: str = ""
    later_text: str = ""
    reason: str = ""

    @property
    def change(self) -> float | None:
        """Support at the second conference less that at the first, of a statement in the same words."""
        if self.state != "same" or self.before is None or self.after is None:
            return None
        return self.after - self.before


def carried_over(first: Released, second: Released, one: Wave, two: Wave, language: str = "") -> list[CarriedOver]:
    """Every statement of two conferences: the ledger that everybody who voted may read.

    Parameters
    ----------
    first, second
        Released ``participation.agreement`` of both, as a whole.
    one, two
        The conferences.
    language
        ``de`` or ``en``; default: the reports'.

    Returns
    -------
    list of CarriedOver
        Those of the first in their order, then the new ones. A statement under the same code is the same where its
        words are, else reworded; what study.toml says (``[[ballot.outcome]]``) goes first.

    Raises
    ------
    ConfigError
        The frames are not of these conferences, or an outcome is of a statement nobody voted on.

    Examples
    --------
    >>> waves = participation.ballots(study)
    >>> released = [disclosure.release(participation.agreement(wave)) for wave in waves]
    >>> [row.state for row in findings.carried_over(*released, *waves)].count("same")
    9
    """
    language = language or two.language
    for released, wave in ((first, one), (second, two)):
        released.check()
        if released.facts.measure != "agreement" or released.facts.by or released.facts.source != wave.source:
            raise ConfigError(
                "the frame is not the agreement at this conference", value=released.facts.source, expected=wave.source
            )
    before, after = _shares(first), _shares(second)
    texts, later_texts = (item_labels(DECLARED["agreement"], wave, language) for wave in (one, two))
    told = {entry.statement: entry for entry in one.ballot.outcome}
    if unknown := [name for name in told if name not in before]:
        raise ConfigError("an outcome is of a statement nobody voted on", where="study.toml", value=unknown[0])
    found, taken = [], set()
    for item, share in before.items():
        outcome = told.get(item)
        later = outcome.into if outcome is not None and outcome.into in after else item if item in after else ""
        taken.add(later)
        state: State = "dropped"
        if outcome is not None:
            state = outcome.became
        elif later:
            state = "same" if texts[item] == later_texts[later] else "reworded"
        reason = outcome.reason.get(language) if outcome is not None and outcome.reason is not None else ""
        found.append(
            CarriedOver(item, texts[item], state, share, after.get(later), later, later_texts.get(later, ""), reason)
        )
    new = [
        CarriedOver(item, later_texts[item], "new", None, share) for item, share in after.items() if item not in taken
    ]
    return [*found, *new]


def _shares(released: Released) -> dict[str, float | None]:
    """Of what the gate hid there is no estimate."""
    shares = released.frame.set_index("variable")["estimate"]
    return {str(item): None if pd.isna(share) else float(share) for item, share in shares.items()}
