"""The process whose memory is measured: it joins files as the job does, and nothing else. It is begun anew, not forked."""

import json
import resource
import tempfile
from pathlib import Path


def work(rows: list[dict], site: str) -> float:
	"""Megabytes at most."""
	try:
		import frappe
	except ModuleNotFoundError:  # not on a bench
		import embedded  # noqa: F401, I001
		import frappe
	frappe.init(site)
	from perjankin_app.document import bundle

	with tempfile.TemporaryDirectory() as folder:
		parts = [Path(folder, f"{first:06d}") for first in range(0, len(rows), bundle.PART)]
		for number, part in enumerate(parts):
			bundle._make_part(rows[number * bundle.PART :][: bundle.PART], part)
		entries = [entry for part in parts for entry in json.loads(part.with_suffix(".json").read_text())]
		bundle._join_pdf(parts, entries, Path(folder, "semua.pdf"))
		bundle._join_zip(parts, entries, Path(folder, "semua.zip"))
	return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
