"""One statement a question, the same text for DuckDB and Spark: whole numbers, added up by GROUPING SETS.

The answers are a relation with one row a respondent, none of its columns NULL:

- `w` BIGINT, the weight in fixed-point units; `v` BIGINT, its square in the frame's `square_unit`;
- `h` the stratum, and `u` the cluster where clusters were drawn, numbered as in the design;
- `g0`, `g1` …: the group of each grouping, −1 for none;
- one column for each part, with the codes of `answers.model.Coded`: missing and not asked have codes of their own.
"""

from __future__ import annotations

from collections.abc import Sequence

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


def _which(groups: Sequence[str]) -> str:
    cases = " ".join(f"WHEN grouping({group}) = 0 THEN {number}" for number, group in enumerate(groups))
    return f"CASE {cases} ELSE -1 END"
