"""Questionnaires as files or answers of a server: one reader a format, all of them to ``structure``."""
