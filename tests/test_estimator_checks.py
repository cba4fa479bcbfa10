"""scikit-learn's own checks of an estimator, as far as text allows; what fails is listed with its reason."""

import warnings
from unittest import SkipTest

import numpy as np
import pytest
from sklearn.utils import estimator_checks

from civictag import CivictagClassifier

# Checks that a classifier of texts cannot pass, each with its reason; of both estimators below.
EXPECTED = {
    "check_supervised_y_2d": "a column of 0 and 1, shape (n, 1), is a table of one label",
}


def checks(estimator):
    """(estimator, check) of every check that this scikit-learn has."""
    with warnings.catch_warnings(action="ignore"):  # that numbers are not taken
        if hasattr(estimator_checks, "estimator_checks_generator"):  # from 1.6 on
            return list(estimator_checks.estimator_checks_generator(estimator))
        return list(estimator_checks.check_estimator(estimator, generate_only=True))


class Numbers(CivictagClassifier):
    """The estimator over a table of numbers: each becomes a word, each row becomes a text.

    scikit-learn's checks hand in numbers; the classifier itself refuses them, and says so in its tags.
    """

    def __init__(self, *, jobs=1, seed=0, folds=2):
        super().__init__(jobs=jobs, seed=seed, folds=folds)

    def fit(self, X, y, groups=None):
        if y is None:
            return super().fit(["一"], y)
        table, target = self._checked(X, y)
        return super().fit(_texts(table), target, groups)

    def predict_proba(self, X):
        self._fitted()
        return super().predict_proba(_texts(self._checked(X)))

    def decision_function(self, X):
        self._fitted()
        return super().decision_function(_texts(self._checked(X)))

    def _fitted(self):
        from sklearn.utils.validation import check_is_fitted

        check_is_fitted(self, "files_")

    def _checked(self, *given):
        """By scikit-learn's own check of a table."""
        options = {"reset": len(given) == 2, **({"multi_output": True} if len(given) == 2 else {})}
        try:
            from sklearn.utils.validation import validate_data
        except ImportError:  # before 1.6
            return self._validate_data(*given, **options)
        return validate_data(self, *given, **options)

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string, tags.input_tags.two_d_array = False, True
        return tags

    def _more_tags(self):
        return {"X_types": ["2darray"], "multilabel": True}


def _texts(table):
    """A word of one character per cell: by its column and its value in steps of a half."""
    steps = np.clip(np.round(table.astype(float) * 2), -20, 20).astype(int) + 20
    return ["，".join(chr(0x4E00 + 50 * (at % 300) + step) for at, step in enumerate(row)) for row in steps]


def outcomes(estimator, only=lambda name: True):
    """Check -> what it found wrong, '' where nothing."""
    found = {}
    for one, check in checks(estimator):
        name = getattr(check, "func", check).__name__
        if only(name):
            try:
                check(one)
                found.setdefault(name, "")
            except SkipTest:
                pass  # a library that is not installed
            except Exception as error:
                found[name] = f"{type(error).__name__}: {error}"
    return found


def unexpected(found):
    """Failures without a reason in ``EXPECTED``, and expected ones that passed."""
    return {name: told for name, told in found.items() if bool(told) != (name in EXPECTED)}


QUICK = ("unfitted", "complex", "object", "empty", "sparse", "y_none", "regression", "nan", "init", "tag")


def test_the_classifier_itself():
    """It takes texts alone, so scikit-learn asks what can be asked without numbers."""
    found = outcomes(CivictagClassifier())
    if not found:
        pytest.skip("this scikit-learn (before 1.6) asks nothing of an estimator that takes texts")
    assert unexpected(found) == {}


@pytest.mark.usefixtures("few_ways")
def test_what_is_quickly_asked_of_it_over_numbers():
    found = outcomes(Numbers(), lambda name: any(word in name for word in QUICK))
    assert len(found) > 8
    assert unexpected(found) == {}


@pytest.mark.slow
def test_every_check_over_numbers():
    found = outcomes(Numbers())
    assert len(found) > 30
    assert unexpected(found) == {}


def test_a_column_of_a_table_and_missing_texts_are_refused():
    for texts in (np.array([["一"], ["二"]]), ["一", float("nan")], [1, 2]):
        with pytest.raises(TypeError, match="must be a string"):
            CivictagClassifier().fit(texts, ["a", "b"])
    with pytest.raises(ValueError, match="empty"):
        CivictagClassifier().fit([], [])
