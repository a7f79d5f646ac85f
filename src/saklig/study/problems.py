"""What is wrong with a study, collected, so that one run names everything."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from saklig.language.catalog import N_, say, say_n
from saklig.language.text import printable

MOST_SHOWN = 50

_NOUNS = frozenset(
    {
        N_("study"),
        N_("edition"),
        N_("wave"),
        N_("stratum"),
        N_("weighting"),
        N_("fieldwork"),
        N_("background"),
        N_("background variable"),
        N_("group"),
        N_("fold"),
        N_("section"),
        N_("question"),
        N_("item"),
        N_("codes"),
        N_("category"),
        N_("net"),
        N_("net or category"),
        N_("class"),
        N_("change"),
        N_("balance"),
        N_("statistic"),
        N_("perspective"),
        N_("box"),
        N_("arrow"),
        N_("method"),
        N_("item of method"),
    }
)


def noun(what: str) -> str:
    """What a part of a study is called, in the language that is spoken; other words stay, such as a key of the file."""
    return say(what) if what in _NOUNS else what


@dataclass(frozen=True)
class Problem:
    """`place`: from the outside in, ("question q4_1", "net 4-5"), the same in every language; `key`: the key there,
    or empty.

    `message`: what is wrong and what to do, in the language that was spoken when it was found.
    """

    place: tuple[str, ...]
    message: str
    key: str = ""

    def __str__(self) -> str:
        places = [*map(_in_words, self.place), *([say("“{key}”", key=self.key)] if self.key else [])]
        words = f"{', '.join(places)}: {self.message}" if places else self.message
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
            more = len(problems) - MOST_SHOWN
            shown.append(say_n("… and {n} more; mend these first", "… and {n} more; mend these first", more))
        return cls("\n".join(shown), problems)


def _in_words(part: str) -> str:
    kind, _, identity = part.partition(" ")
    return f"{noun(kind)} {identity}" if identity else noun(kind)
