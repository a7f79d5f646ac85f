"""Lets the tests see the oracle and its strategies beside them."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # test files are imported by path, and so do not see each other
