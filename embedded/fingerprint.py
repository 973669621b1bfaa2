"""Nothing is rebuilt that did not change: what was built carries a stamp, the hash of all it was built from."""

import fcntl
import hashlib
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from embedded import ROOT

STAMP = "built-from"
IGNORED = {"__pycache__", "node_modules"}


def files_below(path):
	if path.is_file():
		yield path
	elif path.is_dir():
		for entry in sorted(path.iterdir()):
			if entry.name not in IGNORED and entry.suffix != ".pyc":
				yield from files_below(entry)


def fingerprint(*sources, suffix=""):
	"""Hash of names and contents of files (below folders: those that end in `suffix`), and of plain strings."""
	digest = hashlib.sha256()
	for source in sources:
		if isinstance(source, str):
			digest.update(source.encode())
			continue
		for file in files_below(source):
			if file.name.endswith(suffix) or file == source:
				digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
	return digest.hexdigest()


@contextmanager
def lock(path):
	"""One builder at a time: several test runs may start together."""
	path.parent.mkdir(parents=True, exist_ok=True)
	with open(path.with_suffix(".lock"), "w") as file:
		fcntl.flock(file, fcntl.LOCK_EX)
		yield


def build_folder(folder, stamp, build):
	"""Call `build(temporary folder)` unless the folder carries this stamp. What was interrupted leaves no trace."""
	with lock(folder):
		if is_stamped(folder, stamp):
			return folder
		temporary = folder.with_name(f"{folder.name}.new")
		shutil.rmtree(temporary, ignore_errors=True)
		build(temporary)
		write_stamp(temporary, stamp)
		shutil.rmtree(folder, ignore_errors=True)
		temporary.rename(folder)
	return folder


def is_stamped(folder, stamp):
	file = folder / STAMP
	return file.exists() and file.read_text() == stamp


def write_stamp(folder, stamp):
	temporary = Path(folder, f"{STAMP}.new")
	temporary.write_text(stamp)
	os.replace(temporary, folder / STAMP)
