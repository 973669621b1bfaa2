"""A bench in a box: an ordinary Frappe app on the engine of PyPI's `monoframe`, a Frappe v16 snapshot cut down to one app.

For trying and testing only, never for production. Importing this package makes `import frappe` work; the app itself knows
nothing of it. Every module below repairs one thing that the snapshot broke or left out, and says why beside each patch.

A site is a folder (database, files, logs) that is the current directory of its process.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".work"  # everything generated; ignored by git

# the engine takes its configuration from the environment
os.environ.update(DB_TYPE="sqlite", DB_NAME="site", SECRET_KEY="for-trying-and-testing-only", ALLOW_TESTS="1")

from embedded import alias, dependencies, rewrites  # noqa: E402

# these three before the engine is imported
dependencies.install()
rewrites.install()
alias.install()

from embedded import apps, configuration, in_process, installer, names, printing, sqlite, whitelist, words  # noqa: E402

for room in (apps, configuration, in_process, installer, names, printing, sqlite, whitelist, words):
	room.install()
