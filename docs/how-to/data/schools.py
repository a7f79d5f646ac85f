"""Writes the data of replicate-weights.md: a made survey of schools, drawn in pairs, with its replicate weights.

`schools.csv` holds eight columns of balanced replicate weights by Fay's method with 0.3, as a survey agency would send
them; their Hadamard matrix is Sylvester's.
"""

from __future__ import annotations

import csv
import random
import sys
from pathlib import Path

PAIRS, EACH, FAY = 7, 40, 0.3


def signs(size: int) -> list[list[int]]:
    matrix = [[1]]
    while len(matrix) < size:
        matrix = [row + row for row in matrix] + [row + [-each for each in row] for row in matrix]
    return matrix


def main(folder: Path) -> None:
    draw, balanced = random.Random(2024), signs(PAIRS + 1)
    with (folder / "schools.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["pair", "school", "weight", *(f"repwgt{r}" for r in range(1, PAIRS + 2)), "sex", "trust"])
        for school in range(2 * PAIRS):
            pair, second = divmod(school, 2)
            level = draw.uniform(0.35, 0.75)
            for _ in range(EACH):
                weight = round(draw.uniform(80, 120), 1)
                sign = -1 if second else 1
                replicates = [round(weight * (1 + sign * (1 - FAY) * each), 4) for each in balanced[pair + 1]]
                answer = 1 if draw.random() < level else 2
                writer.writerow([f"p{pair + 1}", f"s{school + 1}", weight, *replicates, draw.choice([1, 2]), answer])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
