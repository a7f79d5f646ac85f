from __future__ import annotations

from pathlib import Path

import pytest

HERE = Path(__file__).parent
DATA = HERE.parents[2] / "shared" / "data" / "surveys"


@pytest.fixture
def surveys() -> Path:
    """The real surveys that tests are run against; they are not part of the project."""
    if not DATA.is_dir():
        pytest.skip("the real surveys are not here: ../shared/data/surveys is absent")
    return DATA


@pytest.fixture
def study_file():
    """survey → its study file in the tests."""
    return lambda survey: HERE / survey / "study.toml"
