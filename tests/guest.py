"""A host's users with this app beside them and without it: the same calls, answer by answer. There must be no difference.

python tests/guest.py --bench PATH --prepare SITE                       accounts and records, before the site is copied
python tests/guest.py --bench PATH --without SITE --with SITE [ACCOUNT ...]

Both sites are written to: two copies of one prepared site (frappe and erpnext), the app installed on one of them only, with
its demo data or without. ACCOUNT: some of guest_site.py's; without, all. Prints a table for docs/host.md and each difference,
and exits with 1 where one is not of BY_NATURE. An error that passes this app's code is always one: it is reported as ours.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from host import bench_and_pair

HERE = Path(__file__).parent
ACCOUNTS = "sales hr accounts employee manager visitor guest".split()
BOOT = "frappe.boot = "

# what differs from one run to the next, whatever is installed
CHANGING = [
	(re.compile(pattern), put)
	for pattern, put in (
		(r"\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d)?(\.\d+)?)", "TIME"),
		(r"\d\d-\d\d-\d{4} \d\d:\d\d(:\d\d(\.\d+)?)?", "TIME"),
		(r"\b\d\d:\d\d:\d\d(\.\d+)?\b", "TIME"),
		(r"\b(a few|\d+) (second|minute)s? ago|just now|baru saja", "AGO"),
		(r"^\d{10}\.\d+$", "TIMESTAMP"),
		(r"0x[0-9a-f]{6,}", "ADDRESS"),
		(r"\b[0-9a-f]{4}\*{6,}", "SESSION"),
		(r"(?<=[a-z])[0-9a-f]{6}(?=\.(txt|json)\b)", "HASH"),
		(r"(?<![\w-])[0-9a-f]{16,}(?![\w-])", "HASH"),
		(r"(?<![\w-])[a-z0-9]{10}(?![\w-])", "NAME"),  # a word of ten letters as well
	)
]
MEASURED = ("execution_time", "api_key", "api_secret")
APP = "perjankin_app"
# Differences that docs/host.md names, in its words
LISTED = "What we add stands in the lists of those who may list such things"
HEATMAPS = "A heatmap of one of these is refused to who may not list all of it, on any site"
DISK = "An error of the disk while a file is written is reported as ours"
FIRST_PAGE = "Whoever sees the app on the apps screen begins at the desk's first page"
COUNTED = ("chart_name=Peta User", "chart_name=Peta Version")


def normal(text: str, site: re.Pattern) -> str:
	text = site.sub("SITE", text)
	for pattern, put in CHANGING:
		text = pattern.sub(put, text)
	return text


def parsed(answer: dict, site: re.Pattern):
	"""The body as JSON, whatever is JSON inside of it too; of the desk's page what it boots with; else lines."""
	body, boots = answer["body"], []
	while (
		begin := body.find(BOOT)
	) >= 0:  # a page of the desk or of the website; one with a Web Form boots twice
		boot, end = json.JSONDecoder().raw_decode(body, begin + len(BOOT))
		boots.append(unfolded(boot, site))
		body = body[:begin] + body[end:]
	if boots:
		return {"boot": boots, "page": normal(body, site).replace("><", ">\n<").splitlines()}
	try:
		return unfolded(json.loads(body), site)
	except ValueError:
		return normal(body, site).splitlines()


def unfolded(value, site: re.Pattern):
	if isinstance(value, dict):
		return {normal(key, site): unfolded(each, site) for key, each in value.items() if key not in MEASURED}
	if isinstance(value, list):
		return [unfolded(each, site) for each in value]
	if not isinstance(value, str):
		return value
	if value[:1] in ("{", "["):
		try:
			return unfolded(json.loads(value), site)
		except ValueError:
			pass
	value = normal(value, site)
	return value.splitlines() if "\n" in value else value


def differences(without, with_app, path="") -> list[tuple[str, str, object]]:
	"""[(where, "-" or "+", what)] between two answers."""
	if without == with_app:
		return []
	if isinstance(without, dict) and isinstance(with_app, dict):
		found = []
		for key in {**without, **with_app}:
			below = f"{path}.{key}"
			if key not in with_app:
				found.append((below, "-", without[key]))
			elif key not in without:
				found.append((below, "+", with_app[key]))
			else:
				found += differences(without[key], with_app[key], below)
		return found
	if isinstance(without, list) and isinstance(with_app, list):
		# core itself keeps some lists in no order
		counted = [Counter(json.dumps(each, sort_keys=True) for each in side) for side in (without, with_app)]
		if (
			counted[0] != counted[1]
			and len(without) == len(with_app)
			and all(isinstance(each, dict | list) for each in without + with_app)
		):
			pairs = enumerate(zip(without, with_app, strict=True))
			return [each for n, (a, b) in pairs for each in differences(a, b, f"{path}[{n}]")]
		return [
			(path, sign, json.loads(each))
			for sign, more in (("-", counted[0] - counted[1]), ("+", counted[1] - counted[0]))
			for each in more.elements()
		]
	return [(path, "-", without), (path, "+", with_app)]


def by_nature(call: dict, difference, ours: set[str]) -> str | None:
	"""The reason, in the words of docs/host.md, or None."""
	where, sign, what = difference
	if sign == "+" and names_ours(where, what, ours):
		return LISTED
	if where.endswith(".apps_data.default_path") or call["call"].strip() == "GET /apps":
		return FIRST_PAGE
	if any(chart in call["call"] for chart in COUNTED) and call["status"] == 403:
		return HEATMAPS
	if "OSError: [Errno 36]" in call["body"]:
		return DISK
	return None


def names_ours(where: str, what, ours: set[str]) -> bool:
	"""What was added is a thing that the app's installation has brought, or a row of a list that names one."""
	if where.rsplit(".", 1)[-1] in ours:
		return True
	if isinstance(what, dict):
		return any(isinstance(value, str) and value in ours for value in what.values())
	return isinstance(what, str) and (what in ours or f"/assets/{APP}/" in what)


def answers(bench: Path, site: str, accounts: list[str]):
	process = subprocess.Popen(
		[bench / "env/bin/python", "-W", "ignore", HERE / "guest_answers.py", site, *accounts],
		cwd=bench / "sites",
		stdout=subprocess.PIPE,
		stderr=subprocess.DEVNULL,
		text=True,
	)
	for line in process.stdout:
		yield json.loads(line)
	if process.wait():
		sys.exit(f"{site}: the calls broke off; run guest_answers.py by hand to see why")


def main():
	parser = argparse.ArgumentParser(
		description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
	)
	bench_and_pair(parser, required=False)
	parser.add_argument("--prepare", metavar="SITE")
	parser.add_argument("accounts", nargs="*", metavar="ACCOUNT")
	options = parser.parse_args()
	if options.prepare:
		command = [options.bench / "env/bin/python", HERE / "guest_site.py", options.prepare]
		return subprocess.run(command, cwd=options.bench / "sites", check=False).returncode
	sites = (options.without, options.with_app)
	sides = [answers(options.bench, site, options.accounts or ACCOUNTS) for site in sites]
	about = [next(side) for side in sides]
	ours = set(about[1]["ours"])
	sites = [re.compile("|".join(re.escape(side[key]) for key in ("site", "db"))) for side in about]
	calls, good, different, listed = Counter(), Counter(), Counter(), Counter()
	for without, with_app in zip(*sides, strict=True):
		account = without["account"]
		assert normal(without["call"], sites[0]) == normal(with_app["call"], sites[1]), (
			without["call"],
			with_app["call"],
		)
		calls[account] += 1
		good[account] += without["status"] < 300
		found = [(f"status {without['status']} → {with_app['status']}", "!", "")] * (
			without["status"] != with_app["status"]
		)
		if re.search(rf'File \\+"[^"]*{APP}/', with_app["body"]):
			found.append(("an error that passed our code", "!", ""))
		found += differences(parsed(without, sites[0]), parsed(with_app, sites[1]))
		reasons = [by_nature(with_app, each, ours) for each in found]
		if all(reasons):
			listed[account] += bool(found)
			continue
		different[account] += 1
		print(f"{account}: {without['call']}")
		for (where, sign, what), reason in zip(found, reasons, strict=True):
			if not reason:
				print(f"    {sign} {where}: {json.dumps(what)[:300]}", flush=True)
	print("\n| account | calls | answered | name what we add | different |\n|---|---|---|---|---|")
	for account in calls:
		print(
			f"| {account} | {calls[account]} | {good[account]} | {listed[account]} | {different[account] or 'none'} |"
		)
	return bool(different)


if __name__ == "__main__":
	sys.exit(main())
