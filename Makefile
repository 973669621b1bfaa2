# make demo    serves the desk with demo data (PORT=8000)      make demo-reset   forgets what was entered in it
# make test    linters and tests; ALL=1: the long ones too      make bench        measures, and prints ratios
#              DB=mariadb: all site tests, on a MariaDB of its own
# make lint    linters only                                    make clean        removes everything generated
PORT ?= 8000
export DB ?= sqlite
RUN = .work/venv/bin/python -W ignore

.PHONY: demo demo-reset test lint bench clean bootstrap bootstrap-test

bootstrap:
	@sh embedded/bootstrap.sh

bootstrap-test:
	@sh embedded/bootstrap.sh test

demo: bootstrap
	@$(RUN) -m embedded demo --port $(PORT)

demo-reset:
	rm -rf .work/sites/demo

test: bootstrap-test
	@$(RUN) tests/run.py

lint: bootstrap
	@$(RUN) tests/run.py lint

bench: bootstrap
	@$(RUN) -m benchmarks

clean:
	rm -rf .work .pytest_cache .ruff_cache .hypothesis
