# Two commands do everything: `make run` and `make test`. Both set up first, and both can be run again.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SHARED ?= $(wildcard ../shared)
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: run test setup lint types check generate bench train clean

run: setup
	$(BIN)/whyswitch run data/sample

test: check

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(STAMP)

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

check: lint types
	$(BIN)/pytest -n 2 --dist loadfile

generate: setup
	$(BIN)/python tools/generate.py

bench: setup
	$(BIN)/python bench/run.py $(if $(SHARED),--archive $(SHARED)/real/archive)

train: setup
	$(BIN)/python -m training.train --encoder mpnet --freeze 7 --epochs 4 --minutes 160 --emotions 0 --lr 1e-4 \
		--keep-empty 0.45 --held-out 0.08 --looks 2 --average 0.99 $(if $(SHARED),--shared $(SHARED))

clean:
	rm -rf $(VENV) whyswitch.duckdb whyswitch.state.duckdb whyswitch.state.duckdb.lock report.html
