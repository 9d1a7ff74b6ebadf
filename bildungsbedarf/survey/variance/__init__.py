"""From sums to estimates and their variances."""
