PYTHON ?= python

.PHONY: dictionary kernel

dictionary:  ## make civictag/data/zh.lexicon again, from jieba 0.42.1 and OpenCC
	$(PYTHON) -m civictag.dictionary

kernel:  ## compile civictag._kernel in place, for work in a checkout
	$(PYTHON) setup.py -q build_ext --inplace
