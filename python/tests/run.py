"""Runs the tests with the package that was built: python run.py PACKAGES WHY_NOT

Exit code 77 says that something is missing, and prints what.
"""

import importlib.util
import os
import sys
from pathlib import Path

SKIPPED = 77


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(SKIPPED)


if not sys.argv[1]:
    skip(sys.argv[2])
for module in ("pytest", "numpy"):
    if importlib.util.find_spec(module) is None:
        skip(f"{sys.executable} has no {module} (scripts/requirements-test.txt)")
sys.path.insert(0, sys.argv[1])
os.environ["PYTHONPATH"] = sys.argv[1]
try:
    import ferkit  # noqa: F401
except ImportError as error:
    skip(f"the package was built for another Python: {error}")

import pytest

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", str(Path(__file__).parent), *sys.argv[3:]]))
