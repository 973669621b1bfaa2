"""`import frappe[.x.y]` gives the very module object `monoframe[.x.y]`: one class, one `frappe.local`, whatever the name."""

import importlib
import importlib.abc
import importlib.machinery
import sys

MOVED = {  # modules that the snapshot moved
	"frappe.modules.utils": "monoframe.model.module_utils",
	"frappe.modules.import_file": "monoframe.model.import_doc",
	"frappe.modules.export_file": "monoframe.model.export",
	"frappe.modules.patch_handler": "monoframe.patches",
}
FLATTENED = {"frappe.modules": "monoframe.model.module_utils"}  # a package in Frappe, a plain module here


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
	def find_spec(self, name, path=None, target=None):
		if name.split(".")[0] != "frappe":
			return None
		if name in FLATTENED:
			return importlib.machinery.ModuleSpec(name, self, is_package=True)
		real = MOVED.get(name) or name.replace("frappe", "monoframe")
		try:
			module = importlib.import_module(real)
		except ModuleNotFoundError as error:
			if error.name and (real == error.name or real.startswith(error.name + ".")):
				return None  # it is this module that is missing, not one that it imports
			raise
		spec = importlib.machinery.ModuleSpec(name, self, is_package=hasattr(module, "__path__"))
		spec.loader_state = module, module.__spec__
		return spec

	def create_module(self, spec):
		return spec.loader_state and spec.loader_state[0]

	def exec_module(self, module):
		if not module.__spec__.loader_state:
			source = vars(importlib.import_module(FLATTENED[module.__name__]))
			vars(module).update({key: value for key, value in source.items() if not key.startswith("__")})
			return
		module.__spec__ = module.__spec__.loader_state[1]  # importlib put the alias's own in its place
		for key in [key for key in vars(module) if "onoframe" in key and key != "monoframe"]:
			# identifiers were renamed too: FrappeClient, FrappeTestCase, ...
			old_name = key.replace("Monoframe", "Frappe").replace("monoframe", "frappe")
			setattr(module, old_name, getattr(module, key))


def install():
	sys.meta_path.insert(0, Finder())
