"""The additive kernel: one pass over rows, sums by cell and domain."""
