"""python -m embedded COMMAND: what the Makefile and the tests ask for."""

import argparse
from pathlib import Path

from embedded import bundles, sites


def demo(options):
	folder = sites.demo_site()
	from embedded import server  # loads the whole web application

	running = server.make(folder, options.port)
	print(f"\nThe desk: http://{server.HOST}:{running.port}\n")
	for user, password, description in sites.logins():
		print(f"  {user:44} {password:16} {description}")
	print("\nStop it with Ctrl+C.", flush=True)
	serve_forever(running)


def serve(options):
	from embedded import server

	running = server.make(options.folder, options.port)
	print(f"http://{server.HOST}:{running.port}", flush=True)
	serve_forever(running)


def serve_forever(running):
	from embedded import background

	background.start_worker()
	background.start_scheduler()
	try:
		running.serve_forever()
	except KeyboardInterrupt:
		print()


def setup(options):
	bundles.build()
	sites.template("base")


COMMANDS = {
	"setup": (setup, "build what did not exist or has changed: the desk's bundles and the bare site"),
	"desk": (lambda options: bundles.build(), "build the desk's bundles"),
	"template": (lambda options: sites.template(options.name), "bring a site template up to date"),
	"demo": (demo, "serve the demo site"),
	"serve": (serve, "serve the site in a folder"),
	"migrate": (lambda options: sites.migrate(options.folder), "migrate the site in a folder"),
	"new-site": (lambda options: sites.new_site(options.folder), "make a bare site in a new folder"),
	"install": (lambda options: sites.install(options.folder), "install the app on the site in a folder"),
	"demo-data": (lambda options: sites.enter_demo_data(options.folder), "enter the demo data"),
}
WITH_FOLDER = ("serve", "migrate", "new-site", "install", "demo-data")


def main():
	parser = argparse.ArgumentParser(prog="python -m embedded", description=__doc__)
	commands = parser.add_subparsers(dest="command", required=True)
	for name, (_function, text) in COMMANDS.items():
		command = commands.add_parser(name, help=text)
		if name in WITH_FOLDER:
			command.add_argument("folder", type=lambda path: Path(path).absolute())
		if name == "template":
			command.add_argument("name", choices=("base", "app", "demo"))
		if name in ("demo", "serve"):
			command.add_argument("--port", type=int, default=8000, help="0: any free one")
	options = parser.parse_args()
	COMMANDS[options.command][0](options)


main()
