"""What a wave's survey says on needs, to stand beside what a conference says."""

from __future__ import annotations

from bildungsbedarf import needs
from bildungsbedarf.disclosure import release
from bildungsbedarf.findings.model import Finding
from bildungsbedarf.findings.recording import record
from bildungsbedarf.wave import Study


def of_survey(study: Study, wave: str) -> list[Finding]:
    """Findings on unmet need and barriers of the wave's first audience that has a battery.

    Parameters
    ----------
    study
        The study.
    wave
        Name of the wave.

    Returns
    -------
    list of Finding
        Empty where no audience of the wave was asked about needs.

    Examples
    --------
    >>> len(findings.of_survey(study, "2026")) > 10
    True
    """
    surveys = [study.wave(wave, audience) for audience in study.files.waves[wave].audience]
    for survey in surveys:
        if survey.has_needs:
            frames = [needs.unmet(survey), *([needs.barriers(survey)] if survey.needs.barriers else [])]
            return [finding for frame in frames for finding in record(release(frame), survey)]
    return []
