"""What is wrong with targets or with the weights that should meet them: all of it at once, a line a problem."""

from __future__ import annotations

from collections.abc import Sequence

from saklig.design.model import DesignError


class WeightingError(DesignError):
    """Targets that cannot be met, or contradict the answers; `problems` are the lines of the message."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


def raise_any(problems: Sequence[str]) -> None:
    if problems:
        raise WeightingError(problems)


def plain(number: float, digits: int = 10) -> str:
    return f"{number:.{digits}g}"
