"""Conditions that decide which question is shown: LimeSurvey's expressions, read by a grammar and evaluated by row."""
