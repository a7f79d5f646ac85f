"""`make bench`: measures, checks what it measured, and writes docs/benchmarks.md.

`python -m bench SECTION`, one of those below, measures that alone and keeps the rest of the page.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable

from bench.page import written

SECTIONS = {
    "publishing": "Publishing",
    "tabulating": "Tabulating",
    "at-size": "At size",
    "spark": "Spark",
    "attack": "Attack",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("section", nargs="*", choices=[*SECTIONS, []], help="which sections; all without")
    parser.add_argument("--attacks", type=int, default=5000, help="how many small random studies to attack")
    parser.add_argument("--only", default="", help="only the studies whose names hold this; nothing is written")
    chosen = parser.parse_args()
    measures: dict[str, Callable[[], tuple[str, bool]]] = {
        "publishing": lambda: (_publishing(chosen.only), True),
        "tabulating": _tabulating,
        "at-size": _at_size,
        "spark": _spark,
        "attack": lambda: _attack(chosen.attacks),
    }
    measured, right = {}, True
    for name in chosen.section or SECTIONS:
        text, held = measures[name]()
        measured[SECTIONS[name]] = text
        right &= held
        if not chosen.only:
            written(measured, tuple(SECTIONS.values()))
    sys.exit(0 if right else 1)


def _publishing(only: str) -> str:
    from bench.publishing import publishing

    return publishing(only)


def _tabulating() -> tuple[str, bool]:
    from bench.speed.section import tabulating

    return tabulating()


def _at_size() -> tuple[str, bool]:
    from bench.at_size import section

    text = section()
    print(text, flush=True)
    return text, True


def _spark() -> tuple[str, bool]:
    from bench.on_spark import section

    text, same = section()
    print(text, flush=True)
    return text, same


def _attack(studies: int) -> tuple[str, bool]:
    from bench.attack import attack

    attacked = attack(studies)
    print(attacked, flush=True)
    return str(attacked), attacked.held


if __name__ == "__main__":
    main()
