# Two commands do everything: `make run` and `make test`. Both set up first, and both can be run again.

PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SHARED ?= $(wildcard ../shared)
export HF_HUB_OFFLINE := 1
export TRANSFORMERS_OFFLINE := 1
export TOKENIZERS_PARALLELISM := false

.PHONY: run test setup lint types check generate bench bench-privacy bench-reading \
	bench-nightly bench-ray bench-themes bench-writer fuzz scale soak test-ray train clean bench-roles

run: setup
	$(BIN)/whyswitch run data/sample

test: check

setup: $(STAMP)

# The encoder without its dependencies: models/encoder.txt says why.
$(STAMP): pyproject.toml constraints.txt models/encoder.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r models/encoder.txt
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
	$(BIN)/python -m bench.run $(if $(SHARED),--archive $(SHARED)/real/archive) $(BENCH)
	$(BIN)/python -m bench.reading --least 0 $(READING)

bench-nightly: setup
	$(BIN)/python -m bench.nightly $(BENCH)

bench-ray: $(VENV)/.ray
	$(BIN)/python -m bench.ray $(BENCH)

bench-themes: $(VENV)/.bench
	$(BIN)/python -m bench.themes $(BENCH)

bench-writer: setup
	$(BIN)/python -m bench.writer $(BENCH)

scale: setup
	$(BIN)/python -m bench.scale $(SCALE)

test-ray: $(VENV)/.ray
	$(BIN)/pytest tests/functional/test_ray.py

$(VENV)/.ray: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,ray]'
	touch $@

$(VENV)/.bench: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	touch $@

soak: setup
	$(BIN)/python -m bench.soak $(SOAK)

bench-privacy: setup
	$(BIN)/python -m tests.spec.privacy.planted --misses

bench-roles: setup
	$(BIN)/python -m tests.spec.ingest.roles $(SHARED)

bench-reading: setup
	$(BIN)/python -m bench.reading $(READING)

# 100,000 inputs for the readers of transcripts, others each time.
fuzz: setup
	$(BIN)/pytest -n 2 --hypothesis-profile fuzz tests/properties/ingest/test_readers.py $(FUZZ)

# Memory is kept between steps: giving it back and asking anew took an eighth of the time.
train: export MALLOC_MMAP_MAX_ := 0
train: export MALLOC_TRIM_THRESHOLD_ := 2147483647
train: export OMP_NUM_THREADS := 1
train: setup
	$(BIN)/python -m training.train --encoder mpnet --freeze 6 --epochs 4 --minutes 160 --emotions 0 --lr 1e-4 \
		--window 512 --batch 5 --cuts 1 --threads 1 --keep-empty 0.5 --looks 2 \
		$(if $(SHARED),--shared $(SHARED)) $(TRAIN)
	$(if $(SHARED),$(BIN)/python -m training.recalibrate --shared $(SHARED))
	$(BIN)/python -m training.neighbours

# themes.toml stays: people's decisions are no output.
clean:
	rm -rf $(VENV) whyswitch.duckdb* whyswitch.state.duckdb* whyswitch.manifest.json whyswitch.history \
		whyswitch.state.key whyswitch.shadow.* report.html
