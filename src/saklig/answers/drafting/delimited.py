"""Several codes in one cell: `1;3;7;`."""

from __future__ import annotations

from collections import Counter

from saklig.answers.drafting.coding import NOT_HERE
from saklig.answers.lookup import value_counts
from saklig.answers.matching import canonical, is_blank
from saklig.answers.model import Value, Variable

MOST_CODES = 60
LONGEST_CODE = 80
FEWEST_OF_TEXT = 3  # a text that fewer gave may be one person's own words
_DELIMITERS = (";", "|", ",")


def delimited_codes(variable: Variable) -> tuple[str, tuple[Value, ...]] | None:
    """The delimiter and the codes, in rising order, of a column of sets; None where it is none.

    A comma parts numbers only, since texts have commas of their own. Texts are sets where one comes back in another
    company: "Yes; fully" and "No; never" are two answers, and no set of four.
    """
    counts = value_counts(variable)
    missing = {canonical(value) for value in variable.missing}
    cells = [
        (str(value), int(counts[index]))
        for index, value in enumerate(variable.values)
        if counts[index] and not is_blank(value) and value not in NOT_HERE and canonical(value) not in missing
    ]
    for delimiter in _DELIMITERS:
        several = sum(delimiter in cell.strip().rstrip(delimiter) for cell, _ in cells)
        if not several:
            continue
        given: Counter[Value] = Counter()
        companies: Counter[Value] = Counter()
        for cell, count in cells:
            parts = {canonical(part) for part in cell.split(delimiter) if part.strip()}
            given.update(dict.fromkeys(parts, count))
            companies.update(parts)
        numbers = all(isinstance(code, int) for code in given)
        short = all(len(str(code)) <= LONGEST_CODE for code in given)
        often = numbers or (delimiter != "," and min(given.values()) >= FEWEST_OF_TEXT and max(companies.values()) > 1)
        if often and short and 1 < len(given) <= MOST_CODES:
            return delimiter, tuple(sorted(given, key=lambda code: (isinstance(code, str), code)))
    return None
