"""Statements, concepts and goals with what speaks to them."""
