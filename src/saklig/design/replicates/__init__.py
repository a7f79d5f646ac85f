"""Replicate weights: the sample reweighted many times over, so that the estimates' spread is their error.

Each method is one file that makes `Replicates` from a `Design`; `supplied` takes them from columns of a data file.
"""
