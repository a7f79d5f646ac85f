"""What does not fit, collected so that one run tells all of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from saklig.answers.matching import canonical
from saklig.answers.model import AnswersError, Value, Variable
from saklig.language.catalog import say, say_n

Noun = Literal["respondent", "answer"]
SHOWN_ROWS = 5
SHOWN_CODES = 5
LONGEST_CODE = 30  # a longer text is an answer in somebody's own words, not a code
LONGEST_NUMBER = 4  # a longer number may be a person's
FEWEST_WITH_CODE = 3  # a text that fewer gave may be one person's own words
FEWEST_COUNTED = 5  # a smaller number beside what is published may tell what was withheld


@dataclass
class Findings:
    """Errors stop the study; remarks are let through and told by `check`. Neither may hold an answer.

    `headline`: stands over the errors, where it is not the file's data that do not fit.
    """

    file: str
    headline: str = ""
    errors: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def error(self, place: str, text: str) -> None:
        self.errors.append(f"{place}: {text}" if place else text)

    def remark(self, place: str, text: str) -> None:
        self.remarks.append(f"{place}: {text}" if place else text)

    def raise_errors(self) -> None:
        if self.errors:
            raise AnswersError(
                (self.headline or say("{file} does not fit the study:", file=self.file))
                + "".join(f"\n  - {error}" for error in self.errors)
            )


def counted(number: int, noun: Noun = "respondent") -> str:
    if noun == "answer":
        return say_n("{n} answer", "{n} answers", number)
    return say_n("{n} respondent", "{n} respondents", number)


def some(number: int, noun: Noun = "respondent") -> str:
    """`counted` for a remark, which may end in a log that others read: a small number is not told."""
    if number >= FEWEST_COUNTED:
        return counted(number, noun)
    return say("a few answers") if noun == "answer" else say("a few respondents")


def rows_in_words(rows: NDArray[np.bool_], numbers: NDArray[np.int64]) -> str:
    """ "the answers number 3, 17 and 20" with `numbers` the position of each row in its file, counted from 1."""
    found = [str(number) for number in numbers[rows][:SHOWN_ROWS]]
    more = int(rows.sum()) - len(found)
    if more > 0:
        return say("the answers number {numbers} and {more} more", numbers=", ".join(found), more=more)
    if len(found) == 1:
        return say("the answer number {number}", number=found[0])
    return say("the answers number {numbers} and {last}", numbers=", ".join(found[:-1]), last=found[-1])


def codes_in_words(variable: Variable, unknown: Iterable[int], counts: NDArray[np.int64]) -> str:
    """The unknown codes of a column, where they are codes; where they may be somebody's words, only their number.

    `unknown` are positions in the variable's values, `counts` how many respondents gave each value. A code that the
    file labels, a short number and a short text that several gave may be shown.
    """
    positions = sorted(unknown)
    labels = {canonical(value): label for value, label in variable.labels.items()}

    def may_be_shown(position: int) -> bool:
        value = variable.values[position]
        if canonical(value) in labels:
            return True
        if isinstance(value, str):
            return len(value) <= LONGEST_CODE and int(counts[position]) >= FEWEST_WITH_CODE
        return len(str(value).lstrip("-")) <= LONGEST_NUMBER

    shown = [position for position in positions if may_be_shown(position)][:SHOWN_CODES]
    if len(positions) > 2 * SHOWN_CODES and not any(canonical(variable.values[p]) in labels for p in positions):
        shown = []
    texts = [
        _quoted(variable.values[p])
        + (say(" (“{label}”)", label=label) if (label := labels.get(canonical(variable.values[p]))) else "")
        for p in shown
    ]
    hidden = len(positions) - len(shown)
    if not texts:
        form = _form(variable, positions)
        return say_n("{n} value, {form},", "{n} different values, {form},", hidden, form=form)
    if hidden:
        return say("the codes {codes} and {more} more", codes=", ".join(texts), more=hidden)
    return say_n("the code {codes}", "the codes {codes}", len(texts), codes=", ".join(texts))


def _quoted(value: Value) -> str:
    return say("“{name}”", name=value) if isinstance(value, str) else str(value)


def _form(variable: Variable, positions: list[int]) -> str:
    texts = [value for p in positions if isinstance(value := variable.values[p], str)]
    if len(texts) < len(positions):
        return say("which are numbers") if not texts else say("some of them text")
    shortest, longest = min(map(len, texts)), max(map(len, texts))
    length = f"{shortest}" if shortest == longest else f"{shortest}–{longest}"
    return say("texts of {length} characters", length=length)
