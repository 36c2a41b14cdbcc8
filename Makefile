# The two commands: `make run` and `make test`. The smaller steps stand under them.
PYTHON ?= python3.11
PORT ?= 8000
WORKERS ?= 2
BIN := .venv/bin
MANAGE := $(BIN)/python manage.py

.PHONY: run test test-browser test-office manual test-postgres check setup serve lock clean

## run: set everything up on SQLite with the sample city, and serve it
run: setup
	$(MANAGE) demo --address http://127.0.0.1:$(PORT)/
	$(MAKE) --no-print-directory serve

## test: the whole suite but the browser and office tests, on the database of .env (SQLite by default)
test: .venv/dev .env
	$(BIN)/python -m pytest -n 2 -m "not browser and not office" $(ARGS)

## test-browser: the browser tests, in the Chromium of this machine
test-browser: .venv/dev .env
	$(BIN)/python -m pytest -n 2 --dist loadgroup -m browser $(ARGS)

## test-office: the roster's files go through this machine's LibreOffice and back
test-office: .venv/dev .env
	$(BIN)/python -m pytest -m office $(ARGS)

## manual: the browser tests again, which take the pictures of docs/manual/
manual: .venv/dev .env
	AGANO_MANUAL=1 $(BIN)/python -m pytest -m browser tests/browser/test_whole_way.py tests/browser/test_import_decisions.py tests/browser/test_accounts.py tests/browser/test_training_year.py tests/browser/test_leader_round.py tests/browser/test_plan_reports.py

## test-postgres: the whole suite on a throw-away PostgreSQL
test-postgres: .venv/dev .env
	deploy/with-postgres $(BIN)/python -m pytest -n 2 -m "not browser and not office" $(ARGS)

## check: what must be clean before a push
check: .venv/dev .env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	$(BIN)/mypy .
	$(MANAGE) makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') HTTPS=on DEBUG=off \
		$(MANAGE) check --deploy --fail-level WARNING

## setup: environment, key, database, static files
setup: .venv/run .env
	$(MANAGE) migrate --verbosity 0
	$(MANAGE) createcachetable
	$(MANAGE) collectstatic --noinput --verbosity 0

## serve: the application on this machine
serve:
	$(BIN)/gunicorn agano_dx.wsgi --bind 127.0.0.1:$(PORT) --workers $(WORKERS) --timeout 60 --no-control-socket

## lock: write the locks anew from pyproject.toml (needs uv)
lock:
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock
	uv pip compile pyproject.toml --group dev --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements-dev.lock

clean:
	rm -rf .venv var staticfiles

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: requirements.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

.venv/dev: requirements-dev.lock | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@ .venv/run

.env:
	printf 'SECRET_KEY=%s\nHTTPS=off\nALLOWED_HOSTS=localhost,127.0.0.1\n' "$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(60))')" > $@
