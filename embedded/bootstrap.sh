#!/bin/sh
# Brings .work/ up to date: Debian's packages, the virtual environment, the desk's bundles, a bare site.
# sh embedded/bootstrap.sh [test]     "test" also wants the browser, what reads PDFs, and MariaDB; so does DB=mariadb
# Safe to repeat; does nothing for what is there already.
set -eu
cd "$(dirname "$0")/.."
VENV=.work/venv
PYTHON=${PYTHON:-python3}

# mysqlclient, which the engine wants even for SQLite, is compiled: gcc, headers. WeasyPrint: Pango, HarfBuzz, a font.
PACKAGES="gcc pkg-config libmariadb-dev libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation"
# what mariadb-server consists of, without the service that it would start
MARIADB="mariadb-server-core mariadb-client"
[ "${1:-}" != test ] || PACKAGES="$PACKAGES chromium poppler-utils $MARIADB"
[ "${DB:-sqlite}" != mariadb ] || PACKAGES="$PACKAGES $MARIADB"
"$PYTHON" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' || {
	echo "Python 3.10 to 3.13 is needed (PYTHON=... names another one than python3)." >&2
	exit 1
}
"$PYTHON" -c 'import os, sys, sysconfig; sys.exit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))' ||
	PACKAGES="$PACKAGES python3-dev"
"$PYTHON" -c 'import ensurepip' 2>/dev/null || PACKAGES="$PACKAGES python3-venv"

if command -v dpkg-query >/dev/null; then
	missing=
	for package in $PACKAGES; do
		dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing="$missing $package"
	done
	if [ -n "$missing" ]; then
		if [ "$(id -u)" = 0 ]; then
			sudo=
		elif sudo -n true 2>/dev/null; then
			sudo="sudo -n"
		else
			echo "Debian packages are missing. As root: apt-get update && apt-get install -y --no-install-recommends$missing" >&2
			exit 1
		fi
		echo "Installing Debian's$missing ..."
		$sudo apt-get update -q >/dev/null
		# shellcheck disable=SC2086
		$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing >/dev/null
	fi
fi

stamp=$(cat embedded/requirements.txt - <<-END | sha256sum
	$("$PYTHON" -VV)
END
)
if [ "$(cat $VENV/built-from 2>/dev/null)" != "$stamp" ]; then
	echo "Installing the Python packages ..."
	rm -rf $VENV
	"$PYTHON" -m venv $VENV
	$VENV/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r embedded/requirements.txt
	echo "$stamp" >$VENV/built-from
fi

exec $VENV/bin/python -W ignore -m embedded setup
