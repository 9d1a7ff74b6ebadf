"""``Study`` and ``Wave``: configuration, codebook, snapshot, analysis table and design together."""

from bildungsbedarf.wave.study import Study
from bildungsbedarf.wave.wave import Wave

__all__ = ["Study", "Wave"]
