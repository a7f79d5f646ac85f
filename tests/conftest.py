"""What all tests share: Hypothesis draws the same examples on every machine in CI, and other ones at a desk.

Answers in a Parquet file are written in one way (`small_parquet.py`).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # test files are imported by path, and so do not see each other

from small_parquet import SmallParquet

settings.register_profile("desk", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("desk"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "desk")


@pytest.fixture
def small_parquet(tmp_path: Path) -> SmallParquet:
    """The folder of a test as one of a study with its answers in a Parquet file."""
    return SmallParquet(tmp_path)
