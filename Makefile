# The front door. Each target works on a bare Debian machine with python3 >= 3.11, pip and make.
SHELL := /bin/bash
UV := $(shell command -v uv 2>/dev/null || echo $(CURDIR)/.tools/bin/uv)
RUN := $(UV) run --frozen --quiet
GROUPS ?= capture sync field
SEEDS ?= 20000
# The system's own Python where it is new enough: it is mended with the system, and built with profiles, a seventh quicker than one
# that was built by hand. Another: make UV_PYTHON=3.12 run
SYSTEM_PYTHON := $(shell /usr/bin/python3 -c 'import sys; print(sys.executable if sys.version_info >= (3, 11) else "")' 2>/dev/null)
ifneq ($(SYSTEM_PYTHON),)
export UV_PYTHON ?= $(SYSTEM_PYTHON)
endif
# Agencies have proxies with certificates of their own: believe what the machine believes.
export UV_SYSTEM_CERTS ?= 1
# Hundreds of programs start in a test run: what was compiled once is kept, whatever the machine says of it.
unexport PYTHONDONTWRITEBYTECODE

PHONE_PINS = $(shell python3 -c 'import tomllib; print(*(f"--with \"{pin}\"" for pin in tomllib.load(open("pyproject.toml", "rb"))["tool"]["flet"]["android"]["dependencies"]))')

.PHONY: help run test looked-at played week papers-test check check-phone format bench bench-peers faults screens clean-demo
help:
	@echo "make run      the demo: a station, a patrol's phone and the commander's desk, in your browser"
	@echo "make test     everything that must hold (under 15 minutes)"
	@echo "make week     the invented week by hand in the browser: six patrols counted at the desk, and the desk's work up to the letter"
	@echo "make papers-test  every paper as LibreOffice and others show it, as pictures in build/papers (installs them where it may)"
	@echo "make check    lint, types, arrows, unit tests, some of the screens (under 2 minutes)"
	@echo "make check-phone  the same under the versions that the phone's build pins"
	@echo "make faults   $(SEEDS) worlds of bad luck by seed, planted bugs, power cuts and kills (about an hour of two cores)"
	@echo "make bench    figures, one JSON object a line; GROUPS=\"capture sync field desk\" (desk makes a big station first: minutes)"
	@echo "make bench-peers  other programs beside ours, in one run (needs npm, and a C++ compiler for one of them; installs them into build/peers)"
	@echo "make screens  every screen at every size, language and theme, into build/screens"

.tools/bin/uv:
	python3 -m pip install --quiet --target .tools uv

.venv/ready: uv.lock pyproject.toml $(if $(filter %.tools/bin/uv,$(UV)),.tools/bin/uv)
	$(UV) sync --frozen --quiet
	@touch $@

run: .venv/ready
	$(RUN) python -m demo

clean-demo:
	rm -rf run

# Screens are drawn by Flet's own differ, which is two thirds of all unit tests: make check draws some, make test all of them.
SOME_SCREENS = --ignore=tests/app/desk --ignore=tests/app/phone tests/app/desk/test_plan.py tests/app/desk/test_teams.py \
	tests/app/phone/test_patrol_and_record.py tests/app/phone/test_safety.py tests/app/phone/test_saving.py

check: looked-at
	$(RUN) pytest -q -n 2 tests/house tests/journal tests/app $(SOME_SCREENS) -m "not slow and not browser and not postgres"

# The same tests of journal and app under the versions that the phone's build pins.
check-phone: .venv/ready
	$(RUN) $(PHONE_PINS) python -m pytest -q -n 2 tests/journal tests/app -m "not slow"

# Types are looked at while the tests run: on one core of two they take half a minute.
test: .venv/ready
	$(MAKE) --no-print-directory --jobs 2 looked-at played

looked-at: .venv/ready
	$(RUN) ruff format --check --quiet
	$(RUN) ruff check --quiet
	$(RUN) mypy
	$(RUN) lint-imports --no-logo

# Three workers on two cores: one of them waits for a browser most of the time, the others for their disk.
played: .venv/ready browser
	$(RUN) pytest -q -n 3 --dist loadgroup -m "not week and not long_faults and not papers"

# The invented week by hand on real pages, six patrols and then the desk up to the letter: minutes of two cores, before a release.
week: .venv/ready browser
	$(RUN) pytest -q -m week tests/browser

# What leaves the desk, opened by the programs that others use; says which of them are missing where it may not install them.
papers-test: .venv/ready
	$(RUN) python -m tests.papers.programs
	$(RUN) pytest -q -n 0 -m papers tests/papers

.PHONY: browser
browser: .venv/ready
	$(RUN) python -m tests.browser.fetch_browser

# The long part of the fault programme. Any one seed again, with its trace: python -m tests.faults.simulator --seed N
faults: .venv/ready
	$(RUN) python -m tests.faults.simulator --seeds $(SEEDS) --processes 2
	$(RUN) python -m tests.faults.planted --seeds 150 --processes 2
	$(RUN) python -m tests.faults.province_world --seeds 300
	$(RUN) pytest -q -n 2 --dist loadgroup -m long_faults tests/faults tests/app/store

format: .venv/ready
	$(RUN) ruff format
	$(RUN) ruff check --fix

bench: .venv/ready
	@$(RUN) python -m tests.browser.fetch_browser >&2
	@$(RUN) python -m benchmarks $(GROUPS)

# Peers find their modules beside their drivers, so these are copied to where the modules are. CoMapeo's do not go together with
# those of others, and a part of it is compiled: with the headers of this node, where they lie beside it. Without it, the run says so.
NODE_PREFIX = $(patsubst %/bin/,%,$(dir $(realpath $(shell command -v node))))
NODE_HEADERS = $(if $(wildcard $(NODE_PREFIX)/include/node/node.h),npm_config_nodedir=$(NODE_PREFIX))
NPM_INSTALL = $(NODE_HEADERS) npm install --no-audit --no-fund --loglevel=error
build/peers/ready: $(wildcard benchmarks/peers/* benchmarks/peers/*/*) .venv/ready
	mkdir -p build/peers/drivers/comapeo
	cp benchmarks/peers/*.py benchmarks/peers/*js benchmarks/peers/package.json build/peers/drivers/
	cp benchmarks/peers/comapeo/* build/peers/drivers/comapeo/
	cd build/peers/drivers && $(NPM_INSTALL)
	cd build/peers/drivers/comapeo && $(NPM_INSTALL) || echo "CoMapeo cannot be installed here" >&2
	test -x build/peers/py/bin/python || $(UV) venv --quiet build/peers/py
	$(UV) pip install --quiet --python build/peers/py/bin/python -r benchmarks/peers/requirements.txt
	@touch $@

bench-peers: .venv/ready build/peers/ready
	@$(RUN) python -m benchmarks.peers

screens: .venv/ready browser
	$(RUN) python -m tests.browser.all_screens
