"""Read and check ``surveys/<study>/`` into typed configuration; computes nothing."""

from bildungsbedarf.expression import Expression
from bildungsbedarf.study.analyses import BallotConfig, NeedsConfig
from bildungsbedarf.study.config import AudienceConfig, StudyConfig, WaveConfig
from bildungsbedarf.study.leitbild import Leitbild
from bildungsbedarf.study.project import DEMO_STUDY, Project
from bildungsbedarf.study.reading import StudyFiles, read_study

__all__ = [
    "DEMO_STUDY",
    "AudienceConfig",
    "BallotConfig",
    "Expression",
    "Leitbild",
    "NeedsConfig",
    "Project",
    "StudyConfig",
    "StudyFiles",
    "WaveConfig",
    "read_study",
]
