"""python tests/plain_reads.py [FOLDER]: finds plain reads after a lock in the same function, as part of `make lint`.

MariaDB goes on showing a transaction what was there at its first read, also after it has waited for a lock (see
perjankin_app/locks.py). So what is read after `for_update=True` or `locks.latest` has to be read with a lock too, or asked
through `locks`. A line for which that does not matter says why: `# plain read: reason`. In order of lines; a loop, or a
function that is called in between, is not followed.
"""

import ast
import re
import sys
from pathlib import Path

APP = Path(__file__).resolve().parents[1] / "perjankin_app"
READS = {
	"get_value",
	"get_values",
	"get_all",
	"get_list",
	"exists",
	"count",
	"sql",
	"run",
}  # of frappe, its db and its qb
LOCKS = {"latest"}  # of `locks`
WAIVER = re.compile(r"#.*\bplain read: \S")


def findings(source: str) -> list[tuple[int, str]]:
	"""(line, what is read) for each plain read after a lock, and (line, "") for each waiver that waives nothing."""
	found, waived, lines = [], set(), source.splitlines()
	for function in ast.walk(ast.parse(source)):
		if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
			continue
		locked = False
		for call in sorted(_calls(function), key=lambda call: (call.end_lineno, call.end_col_offset)):
			if _locks(call):
				locked = True
			elif locked and call.func.attr in READS and _of_frappe(call.func.value):
				line = next(
					(n for n in range(call.lineno, call.end_lineno + 1) if WAIVER.search(lines[n - 1])), 0
				)
				waived.add(line)
				if not line:
					found.append((call.lineno, ast.unparse(call.func)))
	unused = {n for n, line in enumerate(lines, 1) if WAIVER.search(line)} - waived
	return sorted(found + [(n, "") for n in unused])


def _calls(function):
	"""Method calls in its own body; what it defines inside is a function of its own."""
	todo = list(ast.iter_child_nodes(function))
	while todo:
		node = todo.pop()
		if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
			continue
		if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
			yield node
		todo += ast.iter_child_nodes(node)


def _locks(call) -> bool:
	return call.func.attr in LOCKS or any(
		keyword.arg == "for_update"
		and not (isinstance(keyword.value, ast.Constant) and not keyword.value.value)
		for keyword in call.keywords
	)


def _of_frappe(node) -> bool:
	"""frappe.get_all, frappe.db.exists, frappe.qb.from_(...)….run, query.run"""
	while isinstance(node, ast.Attribute | ast.Call):
		node = node.value if isinstance(node, ast.Attribute) else node.func
	return isinstance(node, ast.Name) and node.id in ("frappe", "query")


def main(folder=APP):
	broken = False
	for path in sorted(Path(folder).rglob("*.py")):
		for line, what in findings(path.read_text()):
			broken = True
			said = (
				f"{what} after a lock in the same function: see perjankin_app/locks.py"
				if what
				else "nothing is waived here"
			)
			print(f"{path}:{line}: {said}")
	return broken


if __name__ == "__main__":
	sys.exit(main(*sys.argv[1:]))
