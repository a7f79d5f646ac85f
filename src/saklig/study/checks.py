"""The rules that a study obeys before it exists."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from saklig.study.model import Study


def check_study(study: Study) -> None:
    """Raises StudyError naming every contradiction, each with its place."""
