"""What changes from wave to wave, and what the choices of an analysis change."""
