"""The same results, bit for bit, from loops that numba compiles: for large surveys, where numba is installed.

numba takes half a second to import, and some seconds to compile on the first use on a machine; then the compiled loops
lie on the disk. A small survey is done before that, with numpy, which is what the loops are held against.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

RESPONDENTS = 100_000
"""From so many respondents on answers are counted by compiled loops."""

SUMS = 50_000
"""From so many sums by sampling unit, group and column on, variances are made by them, once they are loaded."""


def loops_for(sums: int) -> ModuleType | None:
    """The module of compiled loops, where so many `sums` are worth it and the answers were counted by it."""
    return sys.modules.get("saklig.tabulation.compiled.loops") if sums >= SUMS else None


def installed() -> bool:
    """Whether numba is here; nothing is loaded."""
    return find_spec("numba") is not None


@cache
def available() -> bool:
    """Loads the loops. False where they cannot be: numba is not here, is too old or too new for the numpy that is, or
    finds no folder to keep in what it has compiled (it would compile at every start)."""
    try:
        import_module("saklig.tabulation.compiled.loops")
    except (ImportError, RuntimeError, OSError):
        return False
    return True
