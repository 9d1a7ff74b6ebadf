"""Intervals by themselves, and those that hold for a whole family; knows no design."""
