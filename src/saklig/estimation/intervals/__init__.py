"""Confidence intervals, one kind a file. All are of 95 %, two-sided, as shares of 1."""
