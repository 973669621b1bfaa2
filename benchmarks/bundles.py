"""A bundle of many signed PKs: the worker's memory, and the time per PK beside rendering that PK alone."""

import hashlib
from multiprocessing import get_context
from statistics import median
from time import perf_counter

import factory
import frappe

from benchmarks.board import PERIOD
from benchmarks.bundle_worker import work
from benchmarks.measures import timed, verdict
from perjankin_app.document import bundle, final, pdf, signed

COUNT, LIMIT_RATIO, LIMIT_MB = 500, 1.3, 500


def run(repeat: int) -> bool:
	frappe.set_user("Administrator")
	factory.publish(opd=factory.B, name="SOP Uji bundel")
	doc = factory.forward(factory.pk(opd=factory.B))
	frappe.set_user("Administrator")
	content = signed.content_of(doc.pdf_final)
	printing = final._printing(doc, final.snapshot(doc.name)["tercetak"])
	alone = median(timed(lambda: pdf.render(printing)) for _ in range(min(repeat, 10)))
	rows = [entry(doc, content, number) for number in range(COUNT)]
	order = frappe.get_doc(doctype=bundle.BUNDLE, opd=factory.B, periode=PERIOD)
	order.flags.ignore_validate = True
	bundle_contents, start = bundle.contents, bundle.start
	bundle.contents, bundle.start = lambda _doc: rows, lambda _name: None
	try:
		order.insert()
		began = perf_counter()
		bundle.make(order.name)
		each = (perf_counter() - began) * 1000 / COUNT
	finally:
		bundle.contents, bundle.start = bundle_contents, start
	done = frappe.get_doc(bundle.BUNDLE, order.name)
	assert (done.status, done.jumlah) == (bundle.DONE, COUNT), done.pesan
	assert done.halaman == COUNT * len(pdf.pages(content))
	return all(
		(
			verdict(
				f"bundle of {COUNT} PKs, time per PK",
				f"in the bundle {each:6.1f} ms   rendered alone {alone:6.1f} ms   ratio {each / alone:.2f}",
				each / alone <= LIMIT_RATIO,
				LIMIT_RATIO,
			),
			memory(rows),
		)
	)


def entry(doc, content: bytes, number: int) -> dict:
	"""A file of its own for each, as after so many signatures."""
	name = f"PK-UJI-BUNDEL-{number:04d}"
	own = content + b"%%" + name.encode() + b"\n"
	file = signed.store(frappe._dict(doctype=doc.doctype, name=doc.name), f"{name}.pdf", own)
	return {
		"pk": name,
		"jabatan": f"Analis Uji {number}",
		"nama": "Uji",
		"versi": "Murni",
		"keberlakuan": "Berlaku",
		"berkas": [[file.file_url, hashlib.sha256(own).hexdigest()]],
		"baca": [file.file_url],
	}


def memory(rows: list[dict]) -> bool:
	"""Of a process that does nothing else than what the worker does with the files."""
	with get_context("spawn").Pool(1) as pool:
		megabytes = pool.apply(work, (rows, frappe.local.site))
	return verdict(
		f"bundle of {COUNT} PKs, memory",
		f"{megabytes:6.0f} MB at most",
		megabytes < LIMIT_MB,
		f"{LIMIT_MB} MB",
	)
