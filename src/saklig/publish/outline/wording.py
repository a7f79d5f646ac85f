"""How facts are said in one language: texts with their language marked, numbers with their unit, cached."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from saklig.edition.facts import NONE, Status
from saklig.language import numbers
from saklig.language.catalog import N_, Translator, translator
from saklig.language.text import Text
from saklig.publish.outline.model import Number, Words
from saklig.publish.outline.reading import Key, QuestionFacts

SHARE = "%"
"""The unit of shares, and of numbers that a study asked for in per cent."""

POINTS = "±"
"""The unit of a balance: percentage points, written with their sign."""

NOT_SHOWN = {Status.WITHHELD: "..", Status.NOT_ASKED: ".", Status.NO_ANSWERS: "–"}
"""The signs that Swedish official statistics use where there is no number."""

EXPLAINED = {
    Status.WITHHELD: N_("..  withheld, to protect those who answered"),
    Status.NOT_ASKED: N_(".  was not asked"),
    Status.NO_ANSWERS: N_("–  nobody answered"),
}

STATISTICS = {
    "mean": N_("Mean"),
    "median": N_("Median"),
    "q1": N_("Lower quartile"),
    "q3": N_("Upper quartile"),
    "balance": N_("Balance"),
}
"""Statistics of a whole distribution, in the order in which they stand below it."""


@dataclass(frozen=True)
class Wording:
    """One reader's language. `few_below`: a base under it makes a share uncertain (the policy's value)."""

    language: str
    few_below: int
    _: Translator = field(init=False)
    _said: dict[tuple[int, int, str], str] = field(default_factory=dict, init=False, repr=False)
    _spans: dict[tuple[int, int, int], str] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_", translator(self.language))

    def words(self, text: Text) -> Words:
        """The text as this reader gets it, its language marked where it is another."""
        said, language = text.best(self.language)
        return Words(said) if language == self.language else Words(said, language)

    def said(self, value: int, decimals: int, unit: str) -> str:
        """`value` / 10**`decimals` as people read it, with its unit: "12 %", "3,4"."""
        key = (value, decimals, unit)
        found = self._said.get(key)
        if found is None:
            found = self._said[key] = self._say(value, decimals, unit)
        return found

    def _say(self, value: int, decimals: int, unit: str) -> str:
        if unit == SHARE:
            return numbers.percent(value, decimals, self.language)
        if unit == POINTS:
            return numbers.signed(value, decimals, self.language)
        plain = numbers.decimal(value, decimals, self.language)
        return f"{plain}\u00a0{unit}" if unit else plain

    def span(self, lower: int, upper: int, decimals: int) -> str:
        """An interval without its unit: "7–20"."""
        key = (lower, upper, decimals)
        found = self._spans.get(key)
        if found is None:
            found = self._spans[key] = numbers.interval(lower, upper, decimals, self.language)
        return found

    def number(self, facts: QuestionFacts, key: Key, unit: str = SHARE) -> Number | None:
        """The fact at `key`, or None where the edition has none."""
        row = facts.rows.get(key)
        if row is None:
            return None
        address = fragment(facts.question, key)
        status, value, base = facts.status[row], facts.value[row], facts.base[row]
        if status is not Status.PUBLISHED or value == NONE:
            sign = NOT_SHOWN.get(status, "..")
            return Number(address=address, text=sign, short=sign, status=status, wave=facts.wave)
        decimals, lower, upper = facts.decimals[row], facts.lower[row], facts.upper[row]
        scale = 10**decimals
        has_interval = lower != NONE and upper != NONE
        return Number(
            address=address,
            text=self.said(value, decimals, unit),
            short=self.said(value, decimals, POINTS if unit == POINTS else ""),
            interval=self.span(lower, upper, decimals) if has_interval else "",
            value=value / scale,
            lower=lower / scale if has_interval else None,
            upper=upper / scale if has_interval else None,
            count=None if facts.count[row] == NONE else facts.count[row],
            base=None if base == NONE else base,
            few=base != NONE and base < self.few_below,
            wave=facts.wave,
        )

    def count(self, n: int) -> str:
        return numbers.count(n, self.language)

    def dates(self, start: str, end: str) -> str:
        return numbers.date_range(start, end, self.language)

    def not_shown(self, parts: Sequence[Number]) -> str:
        """A word in the place of a distribution of which nothing is published."""
        statuses = {part.status for part in parts}
        if Status.NOT_ASKED in statuses:
            return self._("was not asked")
        return self._("withheld") if Status.WITHHELD in statuses else self._("no answers")

    def statistic(self, stat: str) -> str:
        if stat in STATISTICS:
            return self._(STATISTICS[stat])
        return self._("Put first") if stat == "first" else self._("Among the first {k}", k=stat.removeprefix("top-"))


def fragment(question: str, key: Key) -> str:
    """The address from the question on, as `Address.fragment` writes it, without the cost of checking it again."""
    item, category, stat, groups = key
    text = f"{question}.{item}" if item else question
    if category:
        text += f"/{category}"
    if stat:
        text += f"~{stat}"
    return f"{text}@{','.join([f'{by}={group}' for by, group in groups])}" if groups else text
