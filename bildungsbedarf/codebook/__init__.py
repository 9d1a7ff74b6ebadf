"""What was asked: questions, subquestions, answers, scales and routes, in each language."""

from bildungsbedarf.codebook.compare import compare_books, compare_items
from bildungsbedarf.codebook.kinds import OTHER_CODE, TYPES
from bildungsbedarf.codebook.model import Answer, Codebook, Column, Question, Subquestion
from bildungsbedarf.codebook.readers.lss import read_lss
from bildungsbedarf.codebook.reading import read_codebook

__all__ = [
    "OTHER_CODE",
    "TYPES",
    "Answer",
    "Codebook",
    "Column",
    "Question",
    "Subquestion",
    "compare_books",
    "compare_items",
    "read_codebook",
    "read_lss",
]
