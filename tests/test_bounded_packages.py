"""Packages made to cost memory or time, as test_bounded.py has texts: Office files, PDF, Parquet."""

from __future__ import annotations

import hostile_packages
import pytest
from test_bounded import check_batch, check_each, kinds

PACKAGES = kinds(hostile_packages.files())


def test_a_batch_of_hostile_packages_is_bounded(tmp_path, small_model, tally):
    check_batch(PACKAGES, tmp_path, small_model, tally)


@pytest.mark.slow
@pytest.mark.parametrize("suffix", PACKAGES)
def test_each_hostile_package_alone_is_bounded(suffix, tmp_path, small_model, tally):
    check_each(suffix, tmp_path, small_model, tally)
