"""Lines of the engine that are replaced as it is imported: where one literal hides in a long function, copying the function
would say less. Every pattern must occur, so that another version of the engine cannot slip through unnoticed."""

import importlib.machinery
import sys

REWRITES = {
	# --- one app became the only app: these look at the first hook of all apps where Frappe looks at the hooks of each
	"monoframe.apps": [
		(
			'app_details = monoframe.get_hooks("add_to_apps_screen")\n\t\tif not len(app_details)',
			'app_details = monoframe.get_hooks("add_to_apps_screen", app_name=app)\n\t\tif not len(app_details)',
		),
	],
	"monoframe.boot": [
		('for app_name in ["monoframe"]:', "for app_name in monoframe.get_installed_apps():"),
		(
			'apps = monoframe.get_hooks("add_to_apps_screen")',
			'apps = monoframe.get_hooks("add_to_apps_screen", app_name=app_name)',
		),
		('monoframe.get_hooks("app_title")', 'monoframe.get_hooks("app_title", app_name=app_name)'),
		('monoframe.get_hooks("app_home")', 'monoframe.get_hooks("app_home", app_name=app_name)'),
		('monoframe.get_hooks("app_logo_url")', 'monoframe.get_hooks("app_logo_url", app_name=app_name)'),
		('for app in ["monoframe"]:', "for app in monoframe.get_installed_apps():"),
	],
	"monoframe.desk.doctype.desktop_icon.desktop_icon": [
		(
			'app_title = monoframe.get_hooks("app_title")[0]\n\t\tapp_details = monoframe.get_hooks("add_to_apps_screen")',
			'app_title = monoframe.get_hooks("app_title", app_name=a)[0]\n'
			'\t\tapp_details = monoframe.get_hooks("add_to_apps_screen", app_name=a)',
		),
		(
			'app_title = monoframe.get_hooks("app_title")[0]\n\t\t\t\tapp_icon',
			'app_title = monoframe.get_hooks("app_title", app_name=app_name)[0]\n\t\t\t\tapp_icon',
		),
		(
			'monoframe.get_hooks()["app_title"][0] == self.label or self.app == a',
			'monoframe.get_hooks("app_title", app_name=a)[0] == self.label or self.app == a',
		),
		(
			'monoframe.get_hooks()["add_to_apps_screen"][0]',
			'monoframe.get_hooks("add_to_apps_screen", app_name=a)[0]',
		),
	],
	"monoframe.utils.change_log": [
		("app_hooks = monoframe.get_hooks()", "app_hooks = monoframe.get_hooks(app_name=app)"),
	],
	"monoframe.utils.installed_apps": [
		# else the apps screen shows an app to System Managers only
		('return ["monoframe"]', "return monoframe.get_installed_apps()"),
	],
	"monoframe.utils.install": [
		('monoframe.get_hooks()["app_title"][0]', 'monoframe.get_hooks("app_title", app_name=app_name)[0]'),
	],
	# --- half renamed
	"monoframe.auth": [
		# the uploader (a .vue file, which kept its names) and scripts written for Frappe send the token by its old name
		(
			'monoframe.get_request_header("X-Monoframe-CSRF-Token")',
			'monoframe.get_request_header("X-Monoframe-CSRF-Token")'
			' or monoframe.get_request_header("X-Frappe-CSRF-Token")',
		),
	],
	# --- bugs of the snapshot
	"monoframe": [
		# a Single has no table of its own: never complete, so that the desk stays in the setup wizard
		(
			'if not monoframe.db.table_exists("System Settings"):',
			'if not monoframe.db.table_exists("Singles"):',
		),
	],
	"monoframe.model.document": [
		# a document is read FOR UPDATE before it is saved, not so on SQLite: of two people at the same moment both won
		('self.flags.for_update and monoframe.db.db_type != "sqlite"', "self.flags.for_update"),
	],
	"monoframe.utils.scheduler": [
		# two functions got one name, and the scheduler called the one that needs a connection
		(
			"time.sleep(sleep_duration(tick))\n\t\tenqueue_events()",
			"time.sleep(sleep_duration(tick))\n\t\tenqueue_events_for_site()",
		),
	],
	"monoframe.utils": [
		# assets/assets.json is there only once the desk is built: pages and print views crashed without
		('monoframe.read_file("assets/assets.json"))', 'monoframe.read_file("assets/assets.json") or "{}")'),
	],
}
if sys.version_info < (3, 12):
	# the package says Python >= 3.10, but one module has the `type X = ...` of 3.12
	REWRITES["monoframe.desk.doctype.event.event"] = [("\ttype EventLikeDict", "\tEventLikeDict")]


class Loader(importlib.machinery.SourceFileLoader):
	def get_code(self, name):
		"""Compile the changed source; never from or to a __pycache__, which knows the original only."""
		source = self.get_source(name)
		for old, new in REWRITES[name]:
			if old not in source:
				raise ImportError(f"{name}: this version of the engine lacks {old!r}")
			source = source.replace(old, new)
		return compile(source, self.path, "exec", dont_inherit=True)


class Finder:
	@staticmethod
	def find_spec(name, path=None, target=None):
		if name not in REWRITES:
			return None
		spec = importlib.machinery.PathFinder.find_spec(name, path, target)
		if spec:
			spec.loader = Loader(name, spec.origin)
		return spec


def install():
	sys.meta_path.insert(0, Finder)
