"""Pages by subject: fields, phases of life, municipalities, hindrances, conferences, goals, data and method.

Made from registers and ``subjects.json``; nothing is computed here.
"""

from bildungsbedarf.report.subjects.all_pages import subject_pages
from bildungsbedarf.report.subjects.known import Known, read_known
from bildungsbedarf.report.subjects.parts import SubjectPage

__all__ = ["Known", "SubjectPage", "read_known", "subject_pages"]
