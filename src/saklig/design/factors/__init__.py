"""Replicate weights as a value: the factors by which weights are multiplied, and what follows from them."""
