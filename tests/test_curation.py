"""The workbench around a corpus: what is planted is found, what is counted is right, nothing is cut."""

import json
import math
import shutil
import sys
from dataclasses import replace

import numpy as np
import pytest
from commands import Command

from civictag.curation.checking import check
from civictag.curation.coders import agreement
from civictag.curation.corpus_stats import corpus_stats, log_odds
from civictag.curation.label_errors import (
    doubtful_paragraphs,
    doubts,
    paragraph_confidence,
    self_confidence,
)
from civictag.curation.learning_curve import extrapolated, sizes_of
from civictag.curation.splitting import split, whole_groups
from civictag.datamodel import LabelledParagraph
from civictag.errors import CorpusError
from civictag.evaluation.agreement import krippendorff_alpha

PLACES = ["东街", "西街", "南门", "北门", "河滨", "湖畔", "山脚", "桥头", "站前", "校园", "市场", "广场"]
SENTENCES = {
    "traffic": "交警{n}人上午在{place}路口疏导车流，劝导{n}名骑车人佩戴头盔。",
    "culture": "{place}文化站请来剧团演出第{n}场大戏，乡亲们搬着板凳来听曲。",
    "": "{place}召开第{n}次例会，通报上季度经费使用和人员安排情况。",
}


def corpus(articles=24, file="c"):
    """Articles of three paragraphs: one for each sentence."""
    return [
        LabelledParagraph(
            f"d{n}", k, text.format(n=n * 7 + 3, place=PLACES[n % 12] + PLACES[n * 5 % 11] * 2),
            (label,) if label else (), f"第{n}期", file=file,
        )
        for n in range(articles)
        for k, (label, text) in enumerate(SENTENCES.items())
    ]  # fmt: skip


def kinds(rows, ids, known=()):
    return {finding.kind: finding for finding in check(rows, ids, known)}


LONG = "清早六点，河滨路上的护路队员已经把昨夜大风吹落的树枝归拢到一起，等着车来拉走。"


def row(doc, para, text, *labels, title=""):
    return LabelledParagraph(doc, para, text, labels, title, file="c")


def test_a_sound_corpus_has_no_finding():
    rows = [row(f"d{n}", 1, f"{n}" + chr(0x4E00 + 97 * n) * 9, *(["a"] if n % 2 else [])) for n in range(60)]
    assert check(rows, ["a"]) == []


def test_what_is_planted_is_found():
    rows = [
        row("d1", 1, LONG, "a", "every"),
        row("d1", 1, LONG, "a", "every"),
        row("d2", 4, LONG.replace("六点", "七点"), "every"),
        row("d3", 1, "会议通报了经费使用的情况。", "every"),
    ]
    found = kinds(rows, ["a", "every", "none"])
    assert found["no_example"].what == "none"
    assert (found["few_examples"].what, found["few_examples"].count) == ("every", 4)
    assert (found["every_row"].what, found["every_row"].count) == ("every", 4)
    assert found["rows_twice"].count == 1
    assert "numbers_twice" not in found  # the same text twice is told once
    assert found["copies"].count == 3
    assert found["contradictions"].labels == (("a", "every"), ("a", "every"), ("every",))


def test_a_paragraph_number_that_stands_twice():
    texts = ["路灯坏了三盏。", "凉亭漏雨。", "步道开裂。", "步道开裂。"]
    rows = [row("d1", para, text, "a") for para, text in zip((1, 2, 2, 2), texts, strict=True)]
    found = kinds([*rows, row("d2", 2, "草坪补种了。", "a")], ["a"])["numbers_twice"]
    assert (found.count, found.what, found.places) == (1, "凉亭漏雨。", ("c/d1#2", "c/d1#2"))


def test_names_that_a_person_takes_for_the_same():
    docs = ["A1", "a1", "Ａ1", "A1 ", "b"]
    rows = [row(doc, 1, chr(0x4E00 + 97 * n) * 30, "水", "Ｗ") for n, doc in enumerate(docs)]
    found = kinds(rows, ["W", "Ｗ", "w ", "水"])
    assert found["alike_articles"].places == ("A1", "a1", "Ａ1", "A1 ")
    assert (found["alike_articles"].count, found["alike_labels"].count) == (4, 3)


def test_what_was_found_is_told_with_what_to_do(tmp_path, capfdbinary):
    """In the terminal and on a page; texts stand at the left, and a place names its labels."""
    path = tmp_path / "c.jsonl"
    told = [
        {"doc": "a", "para": 1, "text": LONG, "labels": ["traffic"]},
        {"doc": "b", "para": 7, "text": LONG, "labels": []},
    ]
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in told))
    call = Command(capfdbinary)
    out = call("corpus", "check", path)[1]
    assert "decide which labels are right" in out
    assert "c/a paragraph 1 [traffic]; c/b paragraph 7 [–]" in out
    page = tmp_path / "c.html"
    assert call("corpus", "check", path, "-o", page)[0] == 1
    assert "decide which labels are right" in page.read_text("utf-8")
    assert '<td class="words">c/a paragraph 1' in page.read_text("utf-8")


def test_a_test_set_that_shares_text_or_articles_with_the_training_corpus():
    train = [row("d1", 1, LONG, "a", title="护路"), row("d9", 1, "别的话。" * 9)]
    test = [
        row("x", 1, LONG.replace("六点", "七点")),
        row("d1", 2, "新的一段，说的是另一件事。" * 2, title="护路"),
    ]
    found = kinds(test, [], train)
    assert found["overlap"].places == ("c/x#1",)
    assert (found["shared_articles"].what, found["shared_articles"].places) == ("护路", ("d1",))


def test_what_belongs_together_is_not_cut():
    """One article, or copies in every article: no part is empty in silence, and no share NaN."""
    for rows in (
        [row("d1", n, f"第{n}段说别的事。" * 3, "a") for n in range(9)],
        [row(f"d{n}", 1, LONG, "a") for n in range(9)],
    ):
        with pytest.raises(CorpusError, match="cannot be cut"):
            split(rows, ["a"])


def test_a_model_remembers_what_it_learned_from(small_model, tiny_corpus, tmp_path, capfdbinary):
    """The test set is seen in it without the training corpus; other text is not."""
    call = Command(capfdbinary)
    code, out, _ = call("corpus", "check", tiny_corpus, "--model", small_model, "--json")
    assert code == 1
    assert sum(found["kind"] == "overlap" for found in json.loads(out)) == 60
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps({"doc": "a", "text": LONG, "labels": ["a"]}, ensure_ascii=False))
    assert "overlap" not in call("corpus", "check", path, "--model", small_model, "--json")[1]
    forgets = shutil.copytree(small_model, tmp_path / "forgets")
    (forgets / "fingerprints.u32").unlink()
    assert call("corpus", "check", path, "--model", forgets)[0] == 1


def test_check_ends_with_1_when_something_was_found(tmp_path, capfdbinary):
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps({"doc": "a", "text": LONG, "labels": ["a"]}, ensure_ascii=False))
    code, out, _ = Command(capfdbinary)("corpus", "check", path, "--json")
    assert code == 1
    assert {finding["kind"] for finding in json.loads(out)} == {"few_examples", "every_row"}


def test_counts():
    rows = [row("d1", 1, "甲" * 10, "a", "b"), row("d1", 2, "乙" * 20, "a"), row("d2", 1, "丙" * 30)]
    found = corpus_stats(rows, ["a", "b"])
    assert (found.paragraphs, found.articles, found.unlabelled) == (3, 2, 1)
    assert found.labels == {"a": 2, "b": 1}
    assert found.articles_by_label == {"a": 1, "b": 1}
    assert found.together == {"a": {"a": 2, "b": 1}, "b": {"a": 1, "b": 1}}
    assert found.lengths == (10, 15, 20, 25, 30)


def test_labels_are_called_as_the_reader_calls_them(tmp_path, capfdbinary):
    label = 'id = "ferry"\nname = "轮渡"\nname_en = "Ferries"\ncues.strong = ["摆渡"]\n'
    (tmp_path / "l.toml").write_text(f'format = 1\nname = "t"\n[[labels]]\n{label}', "utf-8")
    (tmp_path / "c.csv").write_text("text,labels\n早班船过江,轮渡\n茶馆开门,\n", "utf-8")
    call = Command(capfdbinary)
    for verb in ("stats", "check"):
        given = ("corpus", verb, tmp_path / "c.csv", "-l", tmp_path / "l.toml")
        assert "Ferries" in call(*given)[1]
        assert "轮渡" in call("--lang", "zh", *given)[1]


def test_the_words_that_mark_a_label():
    words = corpus_stats(corpus(), ["traffic", "culture"]).words
    assert "交警" in [word for word, _ in words["traffic"]]
    assert "剧团" in [word for word, _ in words["culture"]]
    assert not {word for word, _ in words["traffic"]} & {word for word, _ in words["culture"]}


def test_log_odds_by_hand():
    """Equations 16, 20 and 22 of Monroe et al. for two words, with the prior worth 500 of them."""
    one, other = np.array([30.0, 70.0]), np.array([10.0, 90.0])
    prior = [500 * 40 / 200, 500 * 160 / 200]

    def odds(count, total, at):
        return math.log((count + prior[at]) / (total + 500 - count - prior[at]))

    delta = odds(30, 100, 0) - odds(10, 100, 0)
    z = delta / math.sqrt(1 / (30 + prior[0]) + 1 / (10 + prior[0]))
    assert log_odds(one, other)[0] == pytest.approx(z)
    assert log_odds(one, other)[0] == pytest.approx(-log_odds(other, one)[0])


def test_a_split_cuts_no_article_and_no_reprint_and_keeps_shares():
    rng = np.random.default_rng(0)
    rows = [
        replace(r, text=r.text[:6] + "".join(chr(0x4E00 + c) for c in rng.integers(0, 9000, 30)))
        for r in corpus(30)
    ]
    reprint = [row(f"copy{n}", 0, rows[3 * n].text, *rows[3 * n].labels) for n in range(3)]
    rows = [*rows, *reprint]
    found = split(rows, ["traffic", "culture"])
    groups = whole_groups(rows)
    assert groups[0] == groups[90]  # the article and its reprint
    assert not set(groups[found.train]) & set(groups[found.test])
    assert sorted([*found.train, *found.test]) == list(range(len(rows)))
    assert abs(len(found.test) / len(rows) - 0.2) < 0.08
    for train, test in found.shares.values():
        assert abs(train - test) < 0.08
    assert split(rows, ["traffic", "culture"]).test.tolist() == found.test.tolist()


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_a_corpus_of_a_few_paragraphs_is_cut_too(share):
    """Where every label is in fewer paragraphs than there are parts."""
    texts = ["渡船靠了岸，船工解开缆绳。", "学堂开课，孩子们念诗。", "桥面铺了新板，桥栏刷过漆。"]
    for count in (2, 3):
        rows = [
            LabelledParagraph(f"d{n}", 1, texts[n], (("ferry",), (), ("bridge",))[n]) for n in range(count)
        ]
        found = split(rows, ("ferry", "bridge"), share)
        assert sorted([*found.train, *found.test]) == list(range(count))
        assert min(len(found.train), len(found.test)) > 0


def test_a_naive_split_claims_more_where_articles_repeat_themselves():
    rng = np.random.default_rng(0)
    rows = []
    for n in range(30):  # what an article is about says its label; its words say which article it is
        own = "".join(chr(0x4E00 + code) for code in rng.integers(0, 9000, 12))
        rows += [row(f"d{n}", k, own + str(k), *(["a"] if n % 2 else [])) for k in range(4)]
    apart = [
        LabelledParagraph(r.doc, r.para, r.text[k % 3 :: 1], r.labels, file="c") for k, r in enumerate(rows)
    ]
    found = split(apart, ["a"])
    assert found.naive_f1 > 0.9
    assert found.f1 < 0.8


def test_texts_that_share_nothing_can_be_split():
    """A textbook tagger has then nothing to learn from, and its figure is left out."""
    rows = [
        row(f"d{n}", 0, "".join(chr(0x4E00 + 40 * n + at) for at in range(40)), "ab"[n % 2])
        for n in range(60)
    ]
    found = split(rows, ["a", "b"])
    assert len(found.test) > 5
    assert (found.naive_f1, found.f1) == (None, None)


def noisy(rate, seed=0):
    """Truth, the same with planted flips, and probabilities that know the truth roughly."""
    rng = np.random.default_rng(seed)
    truth = rng.random((400, 4)) < [0.5, 0.2, 0.1, 0.05]
    flips = rng.random(truth.shape) < rate
    logits = np.where(truth, 1.5, -2.5) + rng.normal(0, 1.5, truth.shape)
    return truth ^ flips, flips, 1 / (1 + np.exp(-logits))


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2])
def test_planted_flips_are_found_as_well_as_cleanlab_finds_them(rate):
    rank = pytest.importorskip("cleanlab.multilabel_classification.rank")
    from sklearn.metrics import average_precision_score

    given, flips, probabilities = noisy(rate)
    lists = [np.flatnonzero(row).tolist() for row in given]
    theirs = 1 - rank.get_label_quality_scores_per_class(lists, probabilities)
    ours = 1 - self_confidence(given, probabilities)
    found = average_precision_score(flips.ravel(), ours.ravel())
    assert found >= average_precision_score(flips.ravel(), theirs.ravel()) - 1e-9
    assert found > 4 * rate


@pytest.mark.parametrize("rate", [0.05, 0.1, 0.2])
def test_paragraphs_with_planted_flips_are_found_as_well_as_cleanlab_finds_them(rate):
    rank = pytest.importorskip("cleanlab.multilabel_classification")
    from sklearn.metrics import average_precision_score

    given, flips, probabilities = noisy(rate)
    lists = [np.flatnonzero(row).tolist() for row in given]
    theirs = 1 - rank.get_label_quality_scores(lists, probabilities)
    confidence = self_confidence(given, probabilities)
    wrong = flips.any(axis=1)
    found = average_precision_score(wrong, 1 - paragraph_confidence(confidence))
    assert found >= average_precision_score(wrong, theirs) - 1e-9
    assert found > average_precision_score(wrong, 1 - confidence.mean(axis=1)) + 0.01


def test_labels_that_were_not_learned_say_nothing_of_a_paragraph():
    truth = np.array([[True, True], [False, True]])
    probabilities = np.array([[0.9, np.nan], [0.8, np.nan]])
    confidence = self_confidence(truth, probabilities)
    assert paragraph_confidence(confidence) == pytest.approx([0.9, 0.2])
    found = doubtful_paragraphs(truth, probabilities, ["a", "b"])
    assert [(x.row, x.label, x.given) for x in found] == [(1, "a", False), (0, "a", True)]
    assert doubtful_paragraphs(truth, np.full((2, 2), np.nan), ["a", "b"]) == []


def test_doubts_come_least_trusted_first_and_know_copies():
    rows = [
        row("d1", 1, LONG, "a"),
        row("d2", 1, LONG.replace("六", "七")),
        row("d3", 1, "别的事。" * 8, "a"),
    ]
    truth = np.array([[True, False], [False, False], [True, False]])
    shown = np.array([[0.9, np.nan], [0.8, np.nan], [0.1, np.nan]])
    found = doubts(rows, truth, shown, ["a", "unlearned"])
    assert [(x.row, x.given, round(x.confidence, 2), x.copies_differ) for x in found] == [
        (2, True, 0.1, False),
        (1, False, 0.2, True),
        (0, True, 0.9, True),
    ]
    assert doubts(rows, truth, shown, ["a", "unlearned"], most=1) == found[:1]


def coded(*labels):
    return [row(f"d{n // 2}", n % 2, f"第{n}段的话", *given) for n, given in enumerate(labels)]


def test_agreement_by_hand():
    one = coded(("a",), ("a",), (), (), ("b",), ())
    two = coded(("a",), (), (), (), ("b",), ("b",))
    found = agreement({"one": one, "two": [*two, row("d9", 9, "只有一人看过")]}, ["a", "b"], resamples=50)
    a, b, micro = found.labels
    assert (found.paragraphs, found.articles, found.identical) == (6, 3, 4)
    assert found.alone == {"one": 0, "two": 1}
    assert a.given == {"one": 2, "two": 1}
    assert a.f1.value == pytest.approx(2 / 3)
    # Observed 5/6; by chance (2/6 * 1/6) + (4/6 * 5/6).
    assert a.kappa == pytest.approx((5 / 6 - 22 / 36) / (1 - 22 / 36))
    # 1 - (2n - 1) * observed / (2 * ones * zeros / 2n), n pairs (Krippendorff 2011): 3 ones and 9 zeros.
    assert a.alpha == pytest.approx(1 - 11 * 2 / (2 * 3 * 9))
    assert micro.f1.value == pytest.approx(2 * 2 / (3 + 3))
    assert b.label == "b"
    assert [said for _row, said in found.disputed] == [
        {"one": ("a",), "two": ()},
        {"one": (), "two": ("b",)},
    ]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["audit", "none.jsonl"], 1, "none.jsonl: has no label at all"),
        (["curve", "none.jsonl"], 1, "none.jsonl: has no label at all"),
        (["agreement", "none.jsonl", "none.jsonl"], 2, "the same file is given twice"),
        (["split", "none.jsonl", "-o", "a.jsonl", "--test", "b.jsonl"], 0, ""),
        (["stats", "word.jsonl"], 0, ""),
    ],
    ids=["audit", "curve", "agreement", "split", "stats"],
)
@pytest.mark.filterwarnings("error")
def test_corpora_without_labels_or_words(tmp_path, monkeypatch, capfdbinary, arguments, code, message):
    monkeypatch.chdir(tmp_path)
    signs = "甲乙丙丁戊己庚辛壬癸"
    lines = [
        {"doc": f"d{n}", "text": f"第{sign * 20}楼的路灯修好了。", "labels": []}
        for n, sign in enumerate(signs)
    ]
    word = [{"doc": f"d{n}", "text": "清扫清扫清扫", "labels": ["a"] * (n % 2)} for n in range(4)]
    for name, rows in (("none", lines), ("word", word)):
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    found, _, err = Command(capfdbinary)("corpus", *arguments)
    assert (found, message in err) == (code, True)


def test_what_one_person_gave_twice_counts_once_and_is_told():
    one = [row("d", 1, "甲段", "a"), row("d", 1, "甲段"), row("d", 2, "乙段")]
    found = agreement({"one": one, "two": [row("d", 1, "甲段"), row("d", 2, "乙段")]}, ["a"], resamples=0)
    assert (found.paragraphs, found.identical, found.twice) == (2, 2, {"one": 1, "two": 0})


def test_f1_is_the_mean_over_pairs_that_define_it():
    none, some = coded((), (), ()), coded(("a",), (), ())
    found = agreement({"one": none, "two": none, "three": some}, ["a"], resamples=0)
    assert found.labels[0].f1.value == 0.0


def test_alpha_of_what_nobody_else_looked_at_is_not_defined():
    """The library divides by 0: the one paragraph with two looks has one answer."""
    nan = float("nan")
    assert krippendorff_alpha([[1, 1, nan], [1, nan, 0]]) is None
    assert krippendorff_alpha([[1, 1, 0], [1, nan, 0]]) == 1.0


def test_people_are_matched_by_text_where_numbers_say_nothing():
    one = [row("1", 1, "甲段", "a"), row("2", 2, "乙段")]
    two = [row("1", 1, "乙段"), row("2", 2, "甲段", "a")]
    found = agreement({"one": one, "two": two}, ["a"], resamples=0)
    assert (found.paragraphs, found.identical) == (2, 2)


def test_a_label_that_nobody_gave_has_no_agreement():
    found = agreement({"one": coded((), ()), "two": coded((), ())}, ["a"], resamples=10)
    assert (found.labels[0].kappa, found.labels[0].alpha, found.labels[0].f1.value) == (None, None, None)


def test_kappa_and_f1_need_no_extra(tmp_path, capfdbinary, monkeypatch):
    monkeypatch.setitem(sys.modules, "krippendorff", None)
    for name, labels in (("wang", ["a"]), ("li", [])):
        lines = (
            {"doc": "d", "text": text, "labels": x} for text, x in (("甲", ["a"]), ("乙", labels), ("丙", []))
        )
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(x) + "\n" for x in lines), "utf-8")
    files = (tmp_path / "wang.jsonl", tmp_path / "li.jsonl")
    call = Command(capfdbinary)
    code, out, _ = call("corpus", "agreement", *files, "--json")
    assert code == 0
    assert [(x["kappa"], x["alpha"]) for x in json.loads(out)["labels"]] == [(pytest.approx(0.4), None)] * 2
    code, out, _ = call("corpus", "agreement", *files)
    assert "without alpha: Krippendorff's alpha needs an optional library. Install it with: pip" in out


@pytest.mark.parametrize("form", ["table", "json", "html"])
def test_agreement_side_by_side(tmp_path, capfdbinary, form):
    for name, labels in (("wang", ["a"]), ("li", [])):
        line = {"doc": "d", "para": 1, "text": "<b>交警护送学生</b>", "labels": labels}
        other = {"doc": "e", "para": 1, "text": "合唱", "labels": ["a"]}
        text = "\n".join(json.dumps(x, ensure_ascii=False) for x in (line, other))
        (tmp_path / f"{name}.jsonl").write_text(text, encoding="utf-8")
    code, out, _ = Command(capfdbinary)(
        "corpus", "agreement", tmp_path / "wang.jsonl", tmp_path / "li.jsonl", "-f", form
    )
    assert code == 0
    assert "wang" in out
    assert "li" in out
    if form == "json":
        assert json.loads(out)["disputed"][0]["labels"] == {"wang": ["a"], "li": []}
    assert ("&lt;b&gt;" in out) == (form == "html")


def test_one_person_cannot_agree(tmp_path, capfdbinary):
    (tmp_path / "a.jsonl").write_text('{"text": "x", "labels": []}')
    assert Command(capfdbinary)("corpus", "agreement", tmp_path / "a.jsonl")[0] == 2


def test_sizes_are_multiples_of_fifty():
    assert sizes_of(190) == [50, 100, 150]
    assert sizes_of(20) == [20]  # what is there, not what would be
    assert len(sizes_of(10_000)) <= 8


def test_a_known_power_law_is_drawn_on():
    sizes = [50 * n for n in (1, 2, 3, 4, 6, 8)]
    f1 = [0.9 - 0.4 * (n / 50) ** -0.8 for n in sizes]
    gain, stop = extrapolated(sizes, f1)
    assert gain == pytest.approx((0.9 - 0.4 * 9**-0.8) - (0.9 - 0.4 * 8**-0.8), abs=1e-4)
    assert stop == 350  # 0.4 (6^-0.8 - 7^-0.8) = 0.011; 0.4 (7^-0.8 - 8^-0.8) = 0.0085
    assert extrapolated(sizes[:3], f1[:3]) == (None, None)


@pytest.mark.slow
def test_audit_and_curve_of_a_small_corpus(tmp_path, capfdbinary):
    run = Command(capfdbinary)
    rows = corpus(40)
    lines = [{"doc": r.doc, "para": r.para, "text": r.text, "labels": list(r.labels)} for r in rows]
    for at in (0, 31, 62):  # traffic without its label, culture with traffic's, a meeting with culture
        lines[at]["labels"] = [[], ["traffic"], ["culture"]][at % 3]
    path = tmp_path / "c.jsonl"
    path.write_text("\n".join(json.dumps(x, ensure_ascii=False) for x in lines), encoding="utf-8")
    code, out, _ = run("corpus", "audit", path, "--most", "4", "--json")
    assert code == 0
    assert {x["row"] for x in json.loads(out)} == {0, 31, 62}
    code, out, _ = run("corpus", "curve", path, "--json")
    assert code == 0
    points = json.loads(out)["points"]
    assert [point["size"] for point in points] == [50]
