"""What is read of each row: features, and the domains it is in."""
