"""What is wrong with a study, collected, so that one run names everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from saklig.language.text import printable

MOST_SHOWN = 50


@dataclass(frozen=True)
class Problem:
    """`place`: from the outside in, ("question q4_1", "net 4-5"); `key`: the key there, or empty.

    `message`: what is wrong and what to do.
    """

    place: tuple[str, ...]
    message: str
    key: str = ""

    def __str__(self) -> str:
        place = ", ".join((*self.place, f"“{self.key}”") if self.key else self.place)
        words = f"{place}: {self.message}" if place else self.message
        return " ".join(printable(words).splitlines())  # it may quote a hostile file, and goes to a terminal


class StudyError(ValueError):
    """A study that contradicts itself; the message says where, what is wrong and what to do, a line a problem.

    `problems` are the same as values.
    """

    def __init__(self, message: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.problems = tuple(problems)

    @classmethod
    def of(cls, problems: Sequence[Problem], where: Callable[[Problem], str] = lambda _: "") -> StudyError:
        """`where` gives what stands before a problem, such as the file and line."""
        shown = [where(problem) + str(problem) for problem in problems[:MOST_SHOWN]]
        if len(problems) > MOST_SHOWN:
            shown.append(f"… and {len(problems) - MOST_SHOWN} more; mend these first")
        return cls("\n".join(shown), problems)
