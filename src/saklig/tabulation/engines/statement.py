"""One statement a question, the same text for DuckDB and Spark: whole numbers, added up by GROUPING SETS.

The answers are a relation with one row a respondent, none of its columns NULL:

- `w` BIGINT, the weight in fixed-point units; `v` BIGINT, its square in the frame's `square_unit`;
- `h` the stratum, and `u` the cluster where clusters were drawn, numbered as in the design;
- `g0`, `g1` …: the group of each grouping, −1 for none;
- one column for each part, with the codes of `answers.model.Coded`: missing and not asked have codes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

MEASURES = """\
  CAST(count(*) AS BIGINT) AS n,
  CAST(sum(w) AS BIGINT) AS w,
  CAST(sum(v) AS BIGINT) AS v,
  CAST(sum(CASE WHEN w > 0 THEN 1 ELSE 0 END) AS BIGINT) AS p"""


def by_unit(relation: str, part: str, groupings: int, *, clustered: bool) -> str:
    """One row a stratum, cluster, group and answer: `h`, (`u`,) `q`, `k` (the grouping), `g` (its group), and sums.

    `relation`: a SELECT. `part`: the column of the part. At most units × groups × answers rows come back.
    """
    units = ["h", "u"] if clustered else ["h"]
    groups = [f"g{number}" for number in range(groupings)]
    sets = ", ".join(f"({', '.join([*units, 'q', group])})" for group in groups)
    return f"""\
SELECT * FROM (
SELECT {", ".join(units)}, q,
  {_which(groups)} AS k,
  coalesce({", ".join([*groups, "-1"])}) AS g,
{MEASURES}
FROM (SELECT {", ".join([*units, "w", "v", *groups])}, {part} AS q FROM ({relation}) AS answers) AS answers
GROUP BY GROUPING SETS ({sets})
) AS counted WHERE g >= 0"""


def by_stratum(relation: str, part: str, groupings: int, of: Columns) -> str:
    """One row a stratum and group, formed in two stages: the sums of each cluster, then the products of those sums.

    `h`, `k`, `g` as above; by column j the sums `n`j, `w`j, `v`j and `p`j; `x`i_j, the products of the sums of weights
    of columns i ≤ j that are in a base, added up over clusters; `u`b, clusters with somebody in base b.
    """
    groups = [f"g{number}" for number in range(groupings)]
    sets = ", ".join(f"(h, u, {group})" for group in groups)
    column = f"CASE q {' '.join(f'WHEN {code} THEN {at}' for code, at in of.column_of.items())} ELSE {of.size - 1} END"
    sums = [
        f"CAST(sum(CASE WHEN c = {at} THEN {what} ELSE 0 END) AS BIGINT) AS {name}{at}"
        for at in range(of.size)
        for name, what in (("n", "1"), ("w", "w"), ("v", "v"), ("p", "CASE WHEN w > 0 THEN 1 ELSE 0 END"))
    ]
    again = [f"CAST(sum({name}{at}) AS BIGINT) AS {name}{at}" for at in range(of.size) for name in "nwvp"]
    products = [
        f"sum(CAST(w{i} AS DECIMAL(19, 0)) * CAST(w{j} AS DECIMAL(19, 0))) AS x{i}_{j}"
        for i in of.counted
        for j in of.counted
        if i <= j
    ]
    present = [" + ".join(f"p{at}" for at in members) or "0" for members in of.bases]
    units = [
        f"CAST(sum(CASE WHEN {anybody} > 0 THEN 1 ELSE 0 END) AS BIGINT) AS u{base}"
        for base, anybody in enumerate(present)
    ]
    return f"""\
SELECT h, k, g, {", ".join([*again, *units, *products])} FROM (
SELECT h, u,
  {_which(groups)} AS k,
  coalesce({", ".join([*groups, "-1"])}) AS g,
  {", ".join(sums)}
FROM (SELECT h, u, w, v, {", ".join(groups)}, {column} AS c
  FROM (SELECT h, u, w, v, {", ".join(groups)}, {part} AS q FROM ({relation}) AS answers) AS answers) AS answers
GROUP BY GROUPING SETS ({sets})
) AS clusters WHERE g >= 0 GROUP BY h, k, g"""


@dataclass(frozen=True, kw_only=True)
class Columns:
    """The columns of a layout: `size` of them, `column_of` each code, those of each base in `bases`."""

    size: int
    column_of: Mapping[int, int]
    bases: tuple[tuple[int, ...], ...]

    @property
    def counted(self) -> tuple[int, ...]:
        """The columns of any base."""
        return tuple(sorted({at for members in self.bases for at in members}))


def _which(groups: Sequence[str]) -> str:
    cases = " ".join(f"WHEN grouping({group}) = 0 THEN {number}" for number, group in enumerate(groups))
    return f"CASE {cases} ELSE -1 END"
