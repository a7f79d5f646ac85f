"""What can be wrong with an edition.

EditionError        a folder that is no whole edition: it cannot be read, or contradicts itself
└── TamperedError   it was whole once: a file is not the one that was written
NoSuchFact          (in `lookup`) an address without a fact
"""

from __future__ import annotations


class EditionError(ValueError):
    """Names the file, the place, what is wrong and what to do."""


class TamperedError(EditionError):
    """The id, or a file's hash, is not that of what stands there."""
