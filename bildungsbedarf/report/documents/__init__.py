"""Documents for the council and the funding programme: one content, written as Word and PDF."""
