"""How a sample was drawn: stages, cells, and what its columns hold."""
