"""The solver is told what to do, and says nothing."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys

PROGRAM = """
import ctypes, os
from saklig.disclosure import solver
print("before")
with solver._quietly():
    os.write(1, b"written by a library\\n")
    ctypes.CDLL(None).puts(b"printed by a library")
print("after")
"""


def test_what_a_library_prints_does_not_stand_among_results() -> None:
    assert os.name == "nt" or ctypes.CDLL(None).puts
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["before", "after"]


def test_without_a_standard_output_nothing_fails() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os; os.close(1)\nfrom saklig.disclosure import solver\nwith solver._quietly(): pass",
        ],
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
