"""Regressions, and the model of small areas."""
