"""The private MariaDB of `DB=mariadb`, as a bench has one: Debian's server on a data folder and a socket of its own, no port.

The server belongs to nobody and to all: whoever imports `embedded` first starts it, and it stops when the last of these
processes has ended, however that ended. A site is a folder here too; its database and the user of that, who as on a bench
sees no other, bear the folder's name. A template's database is kept as a dump in its folder.
"""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import MySQLdb
from monoframe import config
from MySQLdb.cursors import DictCursor

from embedded import HOME
from embedded.fingerprint import build_folder, lock
from embedded.patching import rebind

DATA = HOME / "data"
SOCKET = DATA / "socket"  # only who owns the data folder may enter it
PASSWORD = "any"  # the engine wants one
USERS = HOME / "users.lock"  # each process that uses the server holds it shared
LOG = HOME / "server.log"
TEMPORARY = HOME / "tmp"  # a server that starts removes what others keep in the common one
DUMP = "database.sql"
PATH = f"{os.environ['PATH']}{os.pathsep}/usr/sbin"  # Debian keeps it from ordinary users
PATIENCE = 60  # seconds until a server that recovers from a crash answers

AS_ROOT = ["--user=root"] if os.getuid() == 0 else []
CLIENT = ["--no-defaults", f"--socket={SOCKET}", "--user=root"]
SERVER = [
	"--no-defaults",
	*AS_ROOT,
	f"--datadir={DATA}",
	f"--tmpdir={TEMPORARY}",
	f"--socket={SOCKET}",
	"--skip-networking",
	"--character-set-server=utf8mb4",
	"--collation-server=utf8mb4_unicode_ci",
	# nothing in it is worth waiting for the disk
	"--innodb-flush-log-at-trx-commit=0",
	"--innodb-doublewrite=0",
	"--innodb-stats-persistent=0",
	"--innodb-buffer-pool-size=256M",
	"--max-allowed-packet=64M",
]
# $0: the lock, $@: the server's command line
WATCHED = """
"$@" & server=$!
exec 9>>"$0"; flock 9  # once nobody holds it shared; kept until the server is gone, so that newcomers wait
kill $server; wait $server
"""
_held = []


def install():
	join()
	os.environ.update(DB_SOCKET=str(SOCKET), DB_PASSWORD=PASSWORD)
	load = config._load_config

	def load_config():
		conf = load()
		conf.db_name = conf.db_user = name_of(Path.cwd())
		return conf

	rebind(load, load_config)


# --- the server


def join():
	HOME.mkdir(parents=True, exist_ok=True)
	_held.append(open(USERS, "a"))
	fcntl.flock(_held[0], fcntl.LOCK_SH)
	with lock(HOME / "server"):
		if not answers():
			start()


def start():
	TEMPORARY.mkdir(exist_ok=True)
	version = subprocess.check_output([program("mariadbd"), "--version"], text=True)
	build_folder(DATA, version, make_data)
	with open(LOG, "w") as log:
		subprocess.Popen(
			["sh", "-c", WATCHED, USERS, program("mariadbd"), *SERVER],
			stdin=subprocess.DEVNULL,
			stdout=log,
			stderr=log,
			start_new_session=True,  # Ctrl+C is for its users
		)
	limit = time.monotonic() + PATIENCE
	while not answers():
		if time.monotonic() > limit or "[ERROR] Aborting" in LOG.read_text():
			raise SystemExit(f"MariaDB does not start:\n{LOG.read_text()}")
		time.sleep(0.05)


def make_data(folder):
	options = ("--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal")  # no password
	run("mariadb-install-db", *options, *AS_ROOT, f"--datadir={folder}", f"--tmpdir={TEMPORARY}")


def answers():
	with socket.socket(socket.AF_UNIX) as client:
		return client.connect_ex(str(SOCKET)) == 0


def program(name):
	found = shutil.which(name, path=PATH)
	if not found:
		raise SystemExit(f"{name} is not installed: DB=mariadb sh embedded/bootstrap.sh")
	return found


def run(name, *arguments, **streams):
	streams.setdefault("stdout", subprocess.DEVNULL)
	subprocess.run([program(name), *arguments], check=True, **streams)


# --- databases


def name_of(folder):
	"""Of the folder's database. While a folder is built, its later name bears a `.new`."""
	return re.sub(r"\W", "_", f"{folder.parent.name}_{folder.name.removesuffix('.new')}")


def connect(**options):
	options.update(unix_socket=str(SOCKET), user="root", charset="utf8mb4", cursorclass=DictCursor)
	# an open transaction would keep a database from being dropped
	return MySQLdb.connect(autocommit=True, **options)


def execute(*statements):
	connection = connect()
	connection.query("set lock_wait_timeout = 60")  # who forgot a transaction is told, not waited for all day
	for statement in statements:
		connection.query(statement)


def create(folder):
	name = name_of(folder)
	drop(folder)
	execute(
		f"create database `{name}`",
		f"create user `{name}`@localhost identified by '{PASSWORD}'",
		f"grant all on `{name}`.* to `{name}`@localhost",
	)


def drop(folder):
	name = name_of(folder)
	execute(f"drop database if exists `{name}`", f"drop user if exists `{name}`@localhost")


def dump(folder):
	"""Put the folder's database into the folder."""
	with open(folder / DUMP, "wb") as file:
		run("mariadb-dump", *CLIENT, "--single-transaction", name_of(folder), stdout=file)
	drop(folder)


def load(folder):
	"""Make the folder's database from the dump in it."""
	create(folder)
	with open(folder / DUMP, "rb") as file:
		run("mariadb", *CLIENT, name_of(folder), stdin=file)
