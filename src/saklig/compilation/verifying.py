"""Recomputing an edition from its answers."""

from __future__ import annotations

from pathlib import Path

from saklig.compilation.compiling import Progress, compile_edition, silent
from saklig.edition.comparing import Comparison, compare
from saklig.edition.edition import Edition


def recompute(edition: Edition, study_path: Path, progress: Progress = silent) -> tuple[Edition, Comparison]:
    """What the answers give now, and how it differs from the edition (`old` is the edition).

    Nothing that was remembered is used, but what the editions before it were made of. A draft is compared with a draft,
    a correction with one of the same reason.
    The ids are equal exactly where everything is. Raises what compiling raises.
    """
    now = compile_edition(
        study_path,
        draft=edition.publication.draft,
        corrects=edition.publication.corrects,
        progress=progress,
        remembered=False,
        audited_with=edition.publication.protection.audited_with,
    )
    return now, compare(edition, now)
