"""How the survey went: who is counted, how the field work and the weighting went."""
