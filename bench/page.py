"""docs/benchmarks.md: sections that can be measured one at a time, the others kept as they were."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"

HEAD = """# Benchmarks

Made by `make bench`; `python -m bench SECTION` measures one section again and keeps the others. Goals are the project's own, for two cores; what misses its goal says so.
"""  # noqa: E501 a paragraph is one line


def sections(page: str) -> dict[str, str]:
    """Title → text of every section of the page."""
    pieces = page.split("\n## ")[1:]
    return {title: text.strip() for title, _, text in (piece.partition("\n") for piece in pieces)}


def written(measured: Mapping[str, str], order: tuple[str, ...]) -> None:
    """Replaces the sections that were measured, in `order`."""
    kept = sections(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    kept |= measured
    texts = [f"## {title}\n\n{kept[title]}\n" for title in order if title in kept]
    PAGE.write_text("\n".join([HEAD, *texts]), encoding="utf-8")
