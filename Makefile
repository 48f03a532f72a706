# The two commands a person needs:  make report   and   make test
# Each sets up what it needs in .venv the first time and installs nothing the second time.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

# Tests start some hundred processes: each would compile the package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test test-long lint lab bench-sources bench-methods bench-page bench-disclosure bench-cases bench-render bench-lab screenshots docs picture constraints checksums clean

report: $(VENV)/.installed
	$(BIN)/vgstats render params/*.yaml

test: $(VENV)/.installed-dev lint
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

# All tests, with the sweeps that are left out above and ten times as many random examples. Run it before
# an issue on what they sweep is closed: interruption, damaged files, pages in a browser, small numbers.
test-long: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m "long or not long" \
		--hypothesis-profile long

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify notebooks/*.ipynb

lab: $(VENV)/.installed
	$(BIN)/vgstats lab

# Takes some minutes and 2 GB of disk; the ratios within a group are what counts.
bench-sources: $(VENV)/.installed-dev
	$(BIN)/python -m pytest tests/bench/bench_sources.py --numprocesses 0 \
		--override-ini 'python_files=bench_*.py' --override-ini 'python_classes=Bench*' \
		--override-ini 'python_functions=bench_*' --benchmark-columns=min,median,max,rounds \
		--benchmark-json=.benchmark.json
	$(BIN)/python tests/bench/summary.py .benchmark.json

# Simulates what the comparison of counties and the limits for days are worth, and writes
# docs/benchmark-methods.md and data/interval_rates.csv; takes a minute or two.
bench-methods: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/bench_methods.py
	$(MAKE) checksums

# Protects made-up releases of growing size beside a plain greedy choice, and writes
# docs/benchmark-disclosure.md; takes a quarter of an hour.
bench-disclosure: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/bench_disclosure.py

# How fast certificates become cases and a county's mapping, from 10^5 to 10^7: docs/benchmark-cases.md; takes some minutes.
bench-cases: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/bench_cases.py

# Compares a report with nbconvert's own pages of the same notebook: bytes, axe, requests.
bench-page: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/bench_page.py

# Makes 63 reports our way, with the usual command lines and without Jupyter, and writes
# docs/benchmark-render.md; takes twenty minutes. Smaller: tests/bench/bench_render.py --help;
# --kinds makes one report of each kind and writes what each costs.
bench-render: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/bench_render.py

# All guides and the API, as pages in docs/_build/html; what warns is an error.
docs: $(VENV)/.installed-dev
	$(BIN)/python -m sphinx -q -W --keep-going docs docs/_build/html
	@echo docs/_build/html/index.html

# Draws page one of the default report anew, for the README and the guides.
picture: $(VENV)/.installed-dev
	$(BIN)/vgstats render params/vg-2006-2008.yaml
	$(BIN)/python tests/page_one_picture.py reports/vg-2006-2008/*.html

# Opens the exploring notebook in JupyterLab and prints how long the first view takes. On a quiet machine.
bench-lab: $(VENV)/.installed-dev
	$(BIN)/python tests/bench/bench_lab.py

screenshots: $(VENV)/.installed-dev
	$(BIN)/python tests/screenshots.py

# Writes the pinned versions anew. Without addresses, so that any package index will do.
constraints: $(VENV)/.installed-dev
	$(PIP) install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links \
		pyproject.toml --output-file constraints.txt

# Run after a wanted change of the bundled figures; say in CHANGELOG.md which figures changed.
checksums:
	cd src/vgstats/data && find . -type f ! -name SHA256SUMS | sed 's,^./,,' | LC_ALL=C sort \
		| xargs sha256sum > SHA256SUMS

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) reports/*
