"""python tests/mutants.py [FILE[:LINE] ...]: takes each line of the law away in turn, and asks whether any test notices.

A mutant is permissions.py, workflow/guard.py or access/core_calls.py without one statement, or hooks.py without one of its
entries. The tests that guard that file run until the first one fails; a mutant that all of them let pass is printed as SURVIVED. It takes a good
while (PROCESSES at a time) and is not part of `make test`.
"""

import ast
import importlib.abc
import importlib.machinery
import io
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
APP = ROOT / "perjankin_app"
PROCESSES = int(os.environ.get("PROCESSES", os.cpu_count()))
# the quick ones first: most mutants die by them
SCOPE = (
	"scope",
	"isolation",
	"security",
	"rest",
	"letters",
	"workspace",
	"guard",
	"meetings",
	"matrix",
	"records",
	"print",
	"install",
	"bad_input",
	"hostile_fields",
	"hostile_files",
	"hostile_reads",
	"hostile_power",
)
GUARD = (
	"guard",
	"names",
	"rest",
	"records",
	"letters",
	"seeds",
	"workspace",
	"publish",
	"matrix",
	"faults",
	"hostile_signing",
	"hostile_fields",
	"hostile_reads",
)
FILES = (
	"file_turns",
	"file_copies",
	"file_writing",
	"handed_in",
	"isolation",
	*(t for t in SCOPE if "hostile" in t),
)
CALLS = ("matrix", "deadlines", "bundle", *FILES, *SCOPE)
GATE = ("calls", "hostile_reads", "rest", "matrix")
TESTS = {
	"permissions.py": SCOPE,
	"hooks.py": CALLS,
	"workflow/guard.py": GUARD,
	"access/core_calls.py": GATE,
	"access/files.py": FILES,
}
HOOKS = (
	"permission_query_conditions",
	"has_permission",
	"_of_ours",
	"doc_events",
	"auth_hooks",
	"write_file",
	"scheduler_events",
)


def statements(tree):
	"""(node that holds them, name of the list, index) of what may be taken away."""
	for node in ast.walk(tree):
		if isinstance(node, ast.Module | ast.ClassDef):
			continue
		for field in ("body", "orelse", "finalbody"):
			rows = getattr(node, field, None)
			if isinstance(rows, list):
				for index, row in enumerate(rows):
					is_text = isinstance(row, ast.Expr) and isinstance(row.value, ast.Constant)
					if (
						isinstance(row, ast.stmt)
						and not is_text
						and not isinstance(row, ast.Import | ast.ImportFrom | ast.Pass)
					):
						yield node, field, index


def entries(tree):
	"""(dict or list, index in it) of each hook."""
	for node in tree.body:
		if isinstance(node, ast.Assign) and node.targets[0].id in HOOKS:
			for found in ast.walk(node.value):
				if isinstance(found, ast.Dict):
					for index, value in enumerate(found.values):
						if not isinstance(value, ast.Dict | ast.List):
							yield found, index
				elif isinstance(found, ast.List):
					yield from ((found, index) for index in range(len(found.elts)))


def mutants(path):
	"""(line, source of what is taken away, tree without it)."""
	source = path.read_text()
	find = entries if path.name == "hooks.py" else statements
	for number in range(len(list(find(ast.parse(source))))):
		tree = ast.parse(source)
		where = list(find(tree))[number]
		if path.name == "hooks.py":
			table, index = where
			gone = (
				table.elts[index] if isinstance(table, ast.List) else table.keys[index] or table.values[index]
			)
			text = ast.unparse(gone)
			for rows in (table.elts,) if isinstance(table, ast.List) else (table.keys, table.values):
				del rows[index]
		else:
			node, field, index = where
			gone = getattr(node, field)[index]
			text = ast.unparse(gone).splitlines()[0]
			getattr(node, field)[index] = ast.copy_location(ast.Pass(), gone)
		yield gone.lineno, text, tree


class Finder(importlib.abc.MetaPathFinder, importlib.machinery.SourceFileLoader):
	"""Imports one module from a tree instead of from its file."""

	def __init__(self, module, path, tree):
		importlib.machinery.SourceFileLoader.__init__(self, module, str(path))
		self.module, self.tree = module, ast.fix_missing_locations(tree)

	def find_spec(self, fullname, path=None, target=None):
		if fullname == self.module:
			return importlib.machinery.ModuleSpec(fullname, self, origin=self.path)

	def get_code(self, fullname):
		return compile(self.tree, self.path, "exec")


def run(mutant) -> tuple[str, str]:
	"""(what was taken away, the test that noticed or an empty string). Runs in a process of its own."""
	name, number = mutant
	path = APP / name
	line, text, tree = next(islice(mutants(path), number, None))
	module = "perjankin_app." + name.removesuffix(".py").replace("/", ".")
	assert module not in sys.modules
	sys.meta_path.insert(0, Finder(module, path, tree))
	tests = [f"tests/site/test_{test}.py" for test in TESTS[name]]
	options = ["-x", "-q", "--tb=no", "--show-capture=no", "-p", "no:cacheprovider"]
	output = io.StringIO()
	with redirect_stdout(output), redirect_stderr(output):
		code = pytest.main([*options, *tests])
	found = [row for row in output.getvalue().splitlines() if row.startswith(("FAILED", "ERROR"))]
	return f"{name}:{line} {text}", found[0] if found else f"exit {code}" if code else ""


def fill(folder):
	"""The Pemda of factory.py, once for all."""
	import frappe

	sys.path.append(str(ROOT / "tests" / "site"))
	import factory

	os.chdir(folder)
	frappe.init(folder.name)
	frappe.connect()
	factory.world()


def main():
	from embedded import sites  # the engine is imported once, before the processes part

	prepared = sites.SITES / f"test-{os.getpid()}"
	sites.copy(sites.template("app"), prepared)
	filler = get_context("fork").Process(target=fill, args=(prepared,))
	filler.start()
	filler.join()
	sites.template = lambda name: prepared  # tests/conftest.py copies it
	todo = [
		(name, number)
		for name, _colon, only in (argument.partition(":") for argument in sys.argv[1:] or TESTS)
		for number, (line, *_rest) in enumerate(mutants(APP / name))
		if not only or line == int(only)
	]
	survivors = 0
	with get_context("fork").Pool(PROCESSES, maxtasksperchild=1) as pool:
		for what, noticed in pool.imap(run, todo, chunksize=1):
			survivors += not noticed
			print("killed  " if noticed else "SURVIVED", what, noticed[:160], flush=True)
	sites.remove(prepared)
	print(f"{len(todo)} mutants, {survivors} survived")
	return survivors > 0


if __name__ == "__main__":
	sys.path[:0] = [str(ROOT)]
	sys.exit(main())
