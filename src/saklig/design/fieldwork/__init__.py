"""What became of those who were invited, in rates: one standard a file."""
