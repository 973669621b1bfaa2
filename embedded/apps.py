"""More than one app: the snapshot knows itself only. Installed apps, hooks, modules and paths are Frappe's again."""

import functools
import importlib.util
import inspect
import json
import os
import types

import monoframe as frappe

from embedded.patching import FRAMEWORK, rebind

APP = "perjankin_app"
DEFAULT = "_KEEP_DEFAULT_LIST"


def bench_apps():
	return [FRAMEWORK, APP] if importlib.util.find_spec(APP) else [FRAMEWORK]


def get_all_apps(with_internal_apps=True, sites_path=None):
	return bench_apps() if with_internal_apps else bench_apps()[1:]


def get_installed_apps(*, _ensure_on_bench=False):
	if getattr(frappe.flags, "in_install_db", True):
		return []
	if not frappe.db:
		frappe.connect()
	installed = frappe.local.request_cache.get("installed_apps")
	if not installed:
		installed = json.loads(frappe.db.get_global("installed_apps") or "[]")
		frappe.local.request_cache["installed_apps"] = installed
	return [app for app in installed if app in bench_apps()] if _ensure_on_bench else list(installed)


def get_app_path(app_name, *joins):
	return frappe.get_pymodule_path(app_name, *joins)


def get_app_source_path(app_name, *joins):
	return frappe.get_pymodule_path(app_name, "..", *joins)


def get_module_list(app_name=FRAMEWORK):
	return frappe.get_file_items(get_app_path(app_name, "modules.txt"))


def setup_module_map(include_all_apps=True):
	frappe.local.app_modules = {
		app: [frappe.scrub(module) for module in get_module_list(app)] for app in bench_apps()
	}
	frappe.local.module_app = {
		module: app for app, modules in frappe.local.app_modules.items() for module in modules
	}


def is_hook(value):
	return not isinstance(value, types.ModuleType | types.FunctionType | type)


def load_app_hooks(app_name=None):
	hooks = {}
	for app in [app_name] if app_name else get_installed_apps(_ensure_on_bench=True):
		for key, value in inspect.getmembers(frappe.get_module(f"{app}.hooks"), is_hook):
			if not key.startswith("_"):
				frappe.append_hook(hooks, key, value)
	return hooks


def get_hooks(hook=None, default=DEFAULT, app_name=None):
	if app_name:
		hooks = load_app_hooks(app_name)
	elif getattr(frappe.flags, "in_install_db", True):
		hooks = {}
	else:
		hooks = frappe.local.request_cache.get("app_hooks")
		if not hooks:
			hooks = frappe.local.request_cache["app_hooks"] = load_app_hooks()
	if hook:
		return hooks.get(hook, [] if default == DEFAULT else default)
	return frappe._dict(hooks)


def forget_installed_apps():
	"""After an app came or went."""
	frappe.local.request_cache.clear()
	frappe.local.doc_events_hooks = None


def install():
	rebind(frappe.get_all_apps, get_all_apps)
	rebind(frappe.get_installed_apps, get_installed_apps)
	rebind(frappe.get_app_path, get_app_path)
	rebind(frappe.get_app_source_path, get_app_source_path)
	rebind(frappe.get_module_list, get_module_list)
	rebind(frappe.setup_module_map, setup_module_map)
	rebind(frappe._load_app_hooks, load_app_hooks)
	rebind(frappe.get_hooks, get_hooks)

	engine_init = frappe.init

	@functools.wraps(engine_init)
	def init(site=None, sites_path=".", new_site=False, force=False):
		"""Frappe's signature. Without `local.site`, site_cache, Jinja hooks and loggers are inert."""
		engine_init(force=force)
		frappe.local.site = os.path.basename(os.getcwd())

	rebind(engine_init, init)
