"""Measured work: what many chains, and many PKs on one board, cost. `make bench` (DB=mariadb), or on a bench of your own:

PATH/env/bin/python -m benchmarks --bench PATH --site NAME

Nothing is committed: the site stays as it was.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests" / "site"))  # for its factory.py
