"""What the tests of editions share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # test files are imported by path, and so do not see each other

from edition_by_hand import PUBLICATION, rows, study

from saklig.edition.edition import Edition
from saklig.edition.facts import facts_from


@pytest.fixture
def edition() -> Edition:
    return Edition(id="0123456789abcdef" * 4, study=study(), publication=PUBLICATION, facts=facts_from(rows()))
