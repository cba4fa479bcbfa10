PYTHON ?= python
JOBS ?= 2

.PHONY: vectors test-times mutants sbom licences test-lowest test-highest fuzz help test test-slow lint model bench map messages offline examples dictionary kernel

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile

test:  ## the tests, without the slow ones
	$(PYTHON) -m pytest

test-slow:  ## the slow tests alone: minutes
	$(PYTHON) -m pytest -m slow

test-times:  ## the tests as .ci/run runs them; what took the processor's time, by file and by test
	$(PYTHON) -m pytest -n auto --dist loadfile --processor-times

mutants:  ## change chosen modules line by line; how many changes the tests notice, minutes
	$(PYTHON) bench/mutants.py

lint:  ## style, types, directions of import
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	lint-imports

model:  ## train models/civic again, from corpus/civic and labels/civic.toml alone
	$(PYTHON) -m civictag train corpus/civic -l labels/civic.toml -o models/civic --clauses --slack 0.0105 --temperature 1.5 -j $(JOBS)

bench:  ## civictag beside what a reader would try instead; TEST=labelled paragraphs, JSON lines
	$(PYTHON) bench/quality.py --train corpus/civic --test $(TEST) --model civic

messages:  ## collect the messages for people into the Chinese catalogue, and compile it
	$(PYTHON) docs/messages.py

offline:  ## a folder that installs without internet; OUT=folder, PLATFORM=win_amd64, PYTHON_VERSION=3.12
	$(PYTHON) docs/offline.py $(OUT) $(if $(PLATFORM),--platform $(PLATFORM)) $(if $(PYTHON_VERSION),--python $(PYTHON_VERSION))

map:  ## rooms, floors and arrows of the house, counted
	$(PYTHON) docs/map.py

examples:  ## write the outputs shown in the documentation anew, as the program prints them now
	$(PYTHON) tests/documented.py README.md README.zh-CN.md docs/tutorial.md docs/tutorial.zh-CN.md

dictionary:  ## make civictag/data/zh.lexicon again, from jieba 0.42.1 and OpenCC
	$(PYTHON) -m civictag.text.build_dictionary

vectors:  ## make civictag/data/zh.vectors.npz again; TEXTS="corpus/civic FILE.jsonl", text without labels
	$(PYTHON) -m civictag.features.build_word_vectors $(TEXTS)

kernel:  ## compile civictag._kernel in place, for work in a checkout
	$(PYTHON) setup.py -q build_ext --inplace

sbom:  ## sbom.cdx.json: every library of this environment with its version and licence (CycloneDX)
	$(PYTHON) -m cyclonedx_py environment --output-reproducible --of JSON -o sbom.cdx.json

licences:  ## docs/licences.md: the licence of every library that civictag asks for
	$(PYTHON) docs/licences.py

test-lowest:  ## the lowest versions of setup.cfg in a fresh environment: the same predictions, to 1e-9
	$(PYTHON) docs/versions.py lowest

test-highest:  ## the newest versions of every library in a fresh environment: the same predictions, to 1e-9
	$(PYTHON) docs/versions.py highest

fuzz:  ## an hour of fuzzing each: readers, bundles, kernel (atheris: extra dev, on Linux)
	for target in readers bundles kernel; do $(PYTHON) fuzz/fuzz_civictag.py $$target -max_total_time=3600 -timeout=20; done
