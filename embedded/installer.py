"""Installing and removing apps, and migrating all of them: the snapshot accepts its own name only. As in Frappe."""

import json

import monoframe as frappe
from monoframe import installer, patches
from monoframe.core.doctype.scheduled_job_type.scheduled_job_type import sync_jobs
from monoframe.model import sync
from monoframe.model.module_utils import sync_customizations
from monoframe.utils.dashboard import sync_dashboards
from monoframe.utils.fixtures import sync_fixtures

from embedded.apps import forget_installed_apps, get_hooks, get_installed_apps
from embedded.patching import FRAMEWORK, rebind


def call_all(functions, *args):
	for function in functions or []:
		frappe.get_attr(function)(*args)


def set_installed_apps(apps):
	frappe.db.set_global("installed_apps", json.dumps(apps))
	frappe.db.commit()
	forget_installed_apps()


def add_to_installed_apps(app_name, rebuild_website=True):
	installed = get_installed_apps()
	if app_name not in installed:
		set_installed_apps([*installed, app_name])
	if frappe.flags.in_install:
		installer.post_install(rebuild_website)


def remove_from_installed_apps(app_name):
	set_installed_apps([app for app in get_installed_apps() if app != app_name])


def install_app(name, verbose=False, set_as_patched=True, force=False):
	frappe.flags.in_install = name
	frappe.flags.ignore_in_install = False
	frappe.clear_cache()
	if name in get_installed_apps() and not force:
		return
	hooks = get_hooks(app_name=name)
	print(f"Installing {name} ...")
	for before_install in hooks.before_install or []:
		if frappe.get_attr(before_install)() is False:
			return
	call_all(get_hooks("before_app_install"), name)
	if name != FRAMEWORK:  # the database that the engine brings has its own modules already
		installer.add_module_defs(name, ignore_if_duplicate=force)
	sync.sync_for(name, force=force, reset_permissions=True)
	add_to_installed_apps(name)
	frappe.get_doc("Portal Settings", "Portal Settings").sync_menu()
	if set_as_patched:
		installer.set_all_patches_as_completed(name)
	call_all(hooks.after_install)
	call_all(get_hooks("after_app_install"), name)
	sync_jobs()
	sync_fixtures(name)
	sync_customizations(name)
	sync_dashboards(name)
	call_all(hooks.after_sync)
	frappe.clear_cache()
	frappe.client_cache.erase_persistent_caches()
	frappe.flags.in_install = False
	frappe.db.commit()


def remove_app(app_name, dry_run=False, yes=False, no_backup=False, force=False):
	"""Without the question and the backup that `bench uninstall-app` begins with."""
	if app_name not in get_installed_apps() and not force:
		return
	hooks = get_hooks(app_name=app_name)
	frappe.flags.in_uninstall = True
	call_all(hooks.before_uninstall)
	call_all(get_hooks("before_app_uninstall"), app_name)
	modules = frappe.get_all("Module Def", filters={"app_name": app_name}, pluck="name")
	doctypes = installer._delete_modules(modules, dry_run=dry_run)
	installer._delete_doctypes(doctypes, dry_run=dry_run)
	if not dry_run:
		remove_from_installed_apps(app_name)
	call_all(hooks.after_uninstall)
	call_all(get_hooks("after_app_uninstall"), app_name)
	frappe.clear_cache()
	frappe.client_cache.erase_persistent_caches()
	frappe.flags.in_uninstall = False
	if not dry_run:
		frappe.db.commit()


def sync_all(force=0, reset_permissions=False):
	for app in get_installed_apps():
		sync.sync_for(app, force, reset_permissions=reset_permissions)
	frappe.clear_cache()


def get_all_patches(patch_type=None):
	return [
		patch
		for app in get_installed_apps()
		for patch in patches.get_patches_from_app(app, patch_type=patch_type)
	]


def install():
	rebind(installer.add_to_installed_apps, add_to_installed_apps)
	rebind(installer.remove_from_installed_apps, remove_from_installed_apps)
	rebind(installer.install_app, install_app)
	rebind(installer.remove_app, remove_app)
	rebind(sync.sync_all, sync_all)
	rebind(patches.get_all_patches, get_all_patches)
