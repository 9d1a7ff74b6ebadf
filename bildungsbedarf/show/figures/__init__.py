"""Figures, each with title, base, source, alternative text and its numbers as a table."""
