"""What is wrong with targets or with the weights that should meet them: all of it at once, a line a problem."""

from __future__ import annotations

import math
from collections.abc import Sequence

from saklig.design.model import DesignError
from saklig.language.catalog import spoken
from saklig.language.numbers import exact


class WeightingError(DesignError):
    """Targets that cannot be met, or contradict the answers; `problems` are the lines of the message."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def raise_any(problems: Sequence[str]) -> None:
    if problems:
        raise WeightingError(problems)


def plain(number: float, digits: int = 10) -> str:
    """A number with so many digits at most, as the language that is spoken writes it."""
    if not math.isfinite(number):
        return "∞" if number > 0 else "−∞"
    return exact(float(f"{number:.{digits}g}"), spoken())
