import subprocess
import sys

import frappe
import monoframe

from embedded import ROOT


def test_modules_are_the_very_same_objects():
	import frappe.model.document
	import frappe.utils.data
	import monoframe.model.document
	import monoframe.utils.data

	assert frappe is monoframe
	assert frappe.model.document is monoframe.model.document
	assert frappe.utils.data is monoframe.utils.data
	assert frappe.local is monoframe.local


def test_isinstance_across_names():
	from frappe.model.document import Document
	from monoframe.desk.doctype.todo.todo import ToDo

	document = frappe.get_doc(doctype="ToDo", description="x")
	assert isinstance(document, Document) and isinstance(document, ToDo)
	assert frappe.ValidationError is monoframe.ValidationError


def test_moved_modules_and_renamed_identifiers():
	from frappe.frappeclient import FrappeClient
	from frappe.modules.utils import get_doctype_module
	from monoframe.monoframeclient import MonoframeClient

	assert get_doctype_module("ToDo") == "Desk"
	assert FrappeClient is MonoframeClient


def test_missing_modules_are_missing():
	try:
		import frappe.no_such_module  # noqa: F401
	except ModuleNotFoundError as error:
		assert "no_such_module" in str(error)
	else:
		raise AssertionError("found")


def test_the_app_never_imports_the_engine_by_its_own_name():
	"""Nor anything of embedded/: on a bench there is neither."""
	found = subprocess.run(
		["grep", "-rnE", r"\b(monoframe|embedded)\b", "--include=*.py", "--include=*.js", "perjankin_app"],
		cwd=ROOT,
		capture_output=True,
		text=True,
	).stdout
	assert not found, found


def test_importing_embedded_is_enough():
	code = "import embedded, frappe, sys; assert frappe is sys.modules['monoframe']"
	subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
