"""What a reader says when it cannot read: the file, the place, what is wrong, what to do. Never an answer."""

from __future__ import annotations

from pathlib import Path

from saklig.answers.model import AnswersError


def fault(path: Path, wrong: str, remedy: str, place: str = "") -> AnswersError:
    """The error to raise: `path: place: what is wrong. What to do.`"""
    where = f"{path}: {place}" if place else str(path)
    return AnswersError(f"{where}: {wrong}. {remedy}.")
