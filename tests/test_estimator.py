"""The scikit-learn estimator in scikit-learn's own machinery."""

import pickle

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from civictag import CivictagClassifier

PLACES = ["东渡口", "西渡口", "老磨坊", "新磨坊", "石桥头", "木桥头", "南坡", "北坡"]
TEXTS = [f"{place}的渡船今天{what}。" for place in PLACES for what in ("停航", "补了船板")]
TEXTS += [f"{place}的学堂里孩子们在{what}。" for place in PLACES for what in ("念诗", "写字")]
NAMES = np.array(["船"] * 16 + ["学"] * 16)


pytestmark = pytest.mark.usefixtures("few_ways")


@pytest.fixture(scope="module")
def fitted(few_ways):
    return CivictagClassifier(folds=2).fit(TEXTS, NAMES)


def test_labels_probabilities_and_decisions_agree(fitted):
    found = fitted.predict(TEXTS)
    assert (found == NAMES).mean() > 0.9
    probable = fitted.predict_proba(TEXTS)
    assert probable.sum(axis=1) == pytest.approx(np.ones(32))
    assert ((fitted.decision_function(TEXTS) > 0) == (found == fitted.classes_[1])).all()


def test_a_pickle_answers_the_same(fitted):
    again = pickle.loads(pickle.dumps(fitted))
    assert again.predict_proba(TEXTS[:3]).tolist() == fitted.predict_proba(TEXTS[:3]).tolist()
    assert clone(fitted).get_params() == fitted.get_params()


def test_a_table_of_labels_gives_a_table():
    truth = np.stack([NAMES == "船", NAMES == "学"], axis=1).astype(int)
    found = CivictagClassifier(folds=2).fit(TEXTS, truth).predict(TEXTS)
    assert found.shape == truth.shape
    assert (found == truth).mean() > 0.9


def test_in_a_pipeline_and_a_grid():
    chain = make_pipeline(FunctionTransformer(), CivictagClassifier())
    search = GridSearchCV(chain, {"civictagclassifier__folds": [2]}, cv=2, refit=False).fit(TEXTS, NAMES)
    assert search.best_score_ > 0.8


@pytest.mark.slow
def test_in_cross_validation():
    chain = make_pipeline(FunctionTransformer(), CivictagClassifier(folds=2))
    assert (cross_val_predict(chain, TEXTS, NAMES, cv=2) == NAMES).mean() > 0.8


@pytest.mark.parametrize(("x", "y"), [("一段话", ["a"]), (["一"], ["a", "b"])])
def test_what_is_no_list_of_texts_is_refused(x, y):
    with pytest.raises(ValueError, match=r"one text|lengths"):
        CivictagClassifier().fit(x, y)


@pytest.mark.parametrize(
    "y",
    [[["船"], ["船", "学"]], [["船"], ["学"]], [["船", "学"], ["学", "船"]], [{"船"}, {"学"}], [(), ("学",)]],
)
def test_lists_of_labels_are_refused_with_what_to_do(y):
    with pytest.raises(ValueError, match="MultiLabelBinarizer"):
        CivictagClassifier().fit(TEXTS[:2], y)
