"""A bench in a box: an ordinary Frappe app on the engine of PyPI's `monoframe`, a Frappe v16 snapshot cut down to one app.

For trying and testing only, never for production. Importing this package makes `import frappe` work; the app itself knows
nothing of it. Every module below repairs one thing that the snapshot broke or left out, and says why beside each patch.

A site is a folder (database, files, logs) that is the current directory of its process. The database is SQLite, or with
DB=mariadb in the environment one in a private MariaDB.
"""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WORK = ROOT / ".work"  # everything generated; ignored by git
DB = os.environ.get("DB") or "sqlite"
HOME = WORK if DB == "sqlite" else WORK / DB  # sites and their templates
if DB not in ("sqlite", "mariadb"):
	raise SystemExit(f"DB={DB}: sqlite or mariadb")

# the engine takes its configuration from the environment
os.environ.update(DB_TYPE=DB, DB_NAME="site", SECRET_KEY="for-trying-and-testing-only", ALLOW_TESTS="1")

from embedded import alias, dependencies, rewrites  # noqa: E402

# these three before the engine is imported
dependencies.install()
rewrites.install()
alias.install()

from embedded import apps, configuration, in_process, installer, names, printing, whitelist, words  # noqa: E402

if DB == "sqlite":
	from embedded import sqlite as database
else:
	from embedded import mariadb as database

for room in (apps, configuration, database, in_process, installer, names, printing, whitelist, words):
	room.install()
