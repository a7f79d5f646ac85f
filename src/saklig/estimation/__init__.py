"""Estimates, their errors and their intervals, one statistic a file.

Each file has one contract: `validate(moments)` raises ValueError where the moments cannot be those of the statistic,
and `estimate(moments)` returns an Estimate. Moments are made from sums over the sample, never from single answers.
"""
