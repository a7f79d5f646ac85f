"""Benchmarks that a reader can repeat: `make bench`."""
