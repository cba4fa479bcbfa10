"""The labelling desk: who gets which paragraph, what is kept, what is learned from it."""

import json
import shutil
from collections import Counter

import pytest

pytest.importorskip("fastapi", reason="pip install civictag[web]")
pytest.importorskip("httpx")

from starlette.testclient import TestClient

from civictag.cli import run
from civictag.corpus.export import export
from civictag.corpus.files import read_corpus
from civictag.errors import CivictagError
from civictag.web.app import create_app
from civictag.web.desk.loading import Plan
from civictag.web.desk.project import Wish, open_project
from civictag.web.desk.resolved import agreement, by_item, labelled, settled
from civictag.web.desk.store import LEASE, Decision


@pytest.fixture
def begin(small_model, tiny_corpus, tiny_labels, tmp_path):
    """Opens a project on the tiny corpus; ``given`` are fields of Wish."""

    def opened(**given):
        wish = Wish(**{"labels": tiny_labels, "model": small_model, **given})
        inputs = [f"{tiny_corpus}/river.jsonl", f"{tiny_corpus}/hill.jsonl"]
        return open_project(str(tmp_path / "labels.db"), inputs, wish)

    return opened


def say(store, annotator, item, *labels, unsure=False):
    key = f"{annotator}-{item}-{labels}-{store.data.value('SELECT count(*) FROM decisions')}"
    return store.decide(Decision(item, annotator, labels, unsure, key, False))


def test_every_paragraph_comes_once(begin):
    store = begin().store
    seen = []
    while (item := store.claim("甲")) is not None:
        seen.append(item["id"])
        say(store, "甲", item["id"], "tidy")
    assert len(seen) == len(set(seen)) == store.progress()["items"] == store.progress()["done"] == 60


def test_who_asks_again_gets_the_same_and_nobody_else_does(begin):
    store = begin().store
    first, second = store.claim("甲")["id"], store.claim("乙")["id"]
    assert store.claim("甲")["id"] == first != second
    later = store.claim("丙", now=10**11)["id"]  # the leases have run out
    assert later == first
    assert LEASE > 60


def test_two_people_share_the_work(begin):
    store = begin().store
    seen = Counter()
    for turn in range(60):
        person = ("甲", "乙")[turn % 2]
        item = store.claim(person)["id"]
        seen[item] += 1
        say(store, person, item)
    assert max(seen.values()) == 1
    assert store.claim("甲") is None
    assert [(p["name"], p["count"]) for p in store.progress()["people"]] == [("乙", 30), ("甲", 30)]


def test_undo_without_end_and_the_history_is_kept(begin):
    store = begin().store
    items = []
    for i in range(6):
        items.append(store.claim("甲")["id"])
        say(store, "甲", items[-1], *(["lend"] if i % 2 else []), unsure=i == 5)
    say(store, "乙", store.claim("乙")["id"], "mend")
    back = [store.undo("甲") for _ in range(6)]
    assert [row["item"] for row in back] == items[::-1]
    assert back[0]["unsure"]
    assert [row["labels"] for row in back[1:3]] == ["", "lend"]
    assert store.undo("甲") is None
    assert [row["annotator"] for row in store.standing()] == ["乙"]
    assert store.data.value("SELECT count(*) FROM decisions") == 7
    assert store.claim("甲")["id"] == items[0]  # the last one taken back is theirs


def test_a_decision_sent_twice_is_stored_once(begin):
    store = begin().store
    item = store.claim("甲")["id"]
    given = Decision(item, "甲", ("tidy",), False, "the same key", False)
    assert store.decide(given) == store.decide(given)
    assert len(store.standing()) == 1


def test_the_file_goes_on_and_is_not_filled_twice(begin):
    project = begin()
    item = project.store.claim("甲")["id"]
    say(project.store, "甲", item, "tidy")
    project.close()
    again = begin(labels="civic", blind=True)
    assert [label.id for label in again.labels] == ["tidy", "lend", "mend"]
    assert not again.blind
    assert again.store.progress()["items"] == 60
    assert len(again.store.standing()) == 1


def test_double_annotation_wants_two_and_where_they_differ_a_third(begin):
    store = begin(plan=Plan(apart=0, double=1)).store
    same, other = store.claim("甲")["id"], None
    say(store, "甲", same, "tidy")
    assert store.claim("乙")["id"] == same
    say(store, "乙", same, "tidy")
    other = store.claim("甲")["id"]
    say(store, "甲", other, "tidy")
    say(store, "乙", other, "lend")
    assert store.claim("丙")["id"] == other
    assert len(labelled(store)) == 1  # the disputed one is not settled
    say(store, "丙", other, "lend")
    assert sorted(row.labels for row in labelled(store)) == [("lend",), ("tidy",)]
    found = agreement(by_item(store.standing()), ["tidy", "lend", "mend"])
    assert (found["paragraphs"], found["identical"]) == (2, 1)
    assert found["labels"]["mend"] is None
    assert found["labels"]["tidy"] == pytest.approx(alpha([[1, 1], [1, 0, 0]]))


def alpha(units):
    """Nominal alpha, worked out as Krippendorff (2011, "Computing Krippendorff's Alpha-Reliability") does."""
    n = sum(map(len, units))
    unlike = [sum(a != b for a in unit for b in unit) / (len(unit) - 1) for unit in units]
    ones = sum(map(sum, units))
    return 1 - (sum(unlike) / n) / (2 * ones * (n - ones) / (n * (n - 1)))


@pytest.mark.parametrize(
    ("said", "labels"),
    [
        ([("a", 0)], ("a",)),
        ([("", 0)], ()),
        ([("a", 1)], None),
        ([("a", 0), ("b", 1)], ("a",)),
        ([("a b", 0), ("a", 0)], None),
        ([("a b", 0), ("a", 0), ("a", 0)], ("a",)),
        ([("a", 0), ("b", 0), ("", 0)], ()),
    ],
)
def test_what_is_settled(said, labels):
    assert settled([{"labels": text, "unsure": unsure} for text, unsure in said]) == labels


def test_the_kept_apart_share_is_whole_articles_and_grows_along(begin):
    store = begin(plan=Plan(apart=0.4, seed=3)).store
    shares = store.data.rows("SELECT count(DISTINCT apart) AS n FROM items GROUP BY article")
    assert {row["n"] for row in shares} == {1}
    apart = store.data.value("SELECT count(*) FROM items WHERE apart")
    assert 0 < apart < 60
    for _ in range(20):
        say(store, "甲", store.claim("甲")["id"], "tidy")
    assert store.progress()["apart"] == 8
    kept = {(row.doc, row.para) for row in labelled(store, apart=True)}
    learned = {(row.doc, row.para) for row in labelled(store, apart=False)}
    assert kept
    assert learned
    assert not kept & learned


def test_articles_of_any_format_are_labelled_in_their_context(small_model, tiny_labels, tmp_path):
    (tmp_path / "a.txt").write_text("一早大家打扫晒场，地面很干净。\n\n何老师换瓦补墙。", encoding="gb18030")
    (tmp_path / "b.jsonl").write_text(
        '{"text": "小满给王家搭把手，收完稻子才走。", "unit": "村东"}\n{"x": 1}\n', "utf-8"
    )
    project = open_project(
        str(tmp_path / "l.db"), [str(tmp_path / "a.txt"), str(tmp_path / "b.jsonl")],
        Wish(labels=tiny_labels, model=small_model, plan=Plan(apart=0)),
    )  # fmt: skip
    assert len(project.notes) == 1
    items = [project.store.claim(name) for name in "甲乙丙"]
    assert all(item["article_text"][item["start"] : item["end"]] == item["text"] for item in items)
    with pytest.raises(CivictagError, match="nothing to label"):
        open_project(str(tmp_path / "m.db"), [], Wish(labels=tiny_labels, model=""))


@pytest.fixture
def desk(begin, small_model):
    """A client of the desk, and its project."""

    def opened(**given):
        project = begin(**given)
        return TestClient(create_app(small_model, desk=project), base_url="http://127.0.0.1"), project

    return opened


def post(client, path, **body):
    answer = client.post(f"/desk/{path}", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_the_page_s_way_through_twenty_paragraphs(desk):
    client, _project = desk(plan=Plan(apart=0.2))
    with client:
        setup = client.get("/desk/setup").json()
        assert [label["definition"] for label in setup["labels"]][:1] == ["把公共的地方弄干净。"]
        assert client.get("/label").status_code == 200
        state = post(client, "next", annotator="甲")
        for i in range(20):
            item = state["item"]
            assert set(item["scores"]) == {"tidy", "lend", "mend"}
            state = post(
                client,
                "decide",
                annotator="甲",
                item=item["id"],
                labels=["tidy"],
                key=f"key-{i:04}",
                shown=True,
            )
        back = post(client, "undo", annotator="甲")
        assert back["undone"] == {"labels": ["tidy"], "unsure": False}
        assert back["item"]["id"] == item["id"]
        rows = [json.loads(line) for line in client.get("/desk/export/corpus").text.splitlines()]
        assert len(rows) == 19
        assert rows[0]["annotators"] == ["甲"]
        assert rows[0]["annotated_at"].endswith("+00:00")
        past = [json.loads(line) for line in client.get("/desk/export/history").text.splitlines()]
        assert (len(past), bool(past[-1]["undone_at"]), past[0]["suggestions_shown"]) == (20, True, True)
        assert client.get("/desk/export/none").status_code == 404


def test_what_is_exported_is_a_corpus(desk, tmp_path):
    client, project = desk()
    with client:
        for _ in range(3):
            say(project.store, "甲", project.store.claim("甲")["id"], "lend")
        (tmp_path / "out.jsonl").write_bytes(client.get("/desk/export/corpus").content)
    assert [row.labels for row in read_corpus([str(tmp_path / "out.jsonl")], ["lend"])] == [("lend",)] * 3


@pytest.mark.parametrize(
    ("form", "name"),
    [("xlsx", "c.xlsx"), ("csv", "c.csv"), ("label-studio", "c.json"), ("fasttext", "c.txt")],
)
def test_the_corpus_leaves_in_every_format_of_convert(desk, tmp_path, form, name):
    client, project = desk()
    with client:
        for _ in range(3):
            say(project.store, "甲", project.store.claim("甲")["id"], "lend")
        answer = client.get(f"/desk/export/corpus?form={form}")
        assert name.rpartition(".")[2] in answer.headers["content-disposition"]
        (tmp_path / name).write_bytes(answer.content)
        assert client.get("/desk/export/corpus?form=docx").status_code == 404
    assert [row.labels for row in read_corpus([str(tmp_path / name)], ["lend"])] == [("lend",)] * 3


@pytest.mark.parametrize("given", [{"blind": True}, {"plan": Plan(apart=0, double=1)}])
def test_who_labels_blind_is_sent_no_suggestion(desk, given):
    client, _project = desk(**given)
    with client:
        assert post(client, "next", annotator="甲")["item"]["scores"] is None


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("next", {"annotator": ""}, 400),
        ("next", {"annotator": " x"}, 400),
        ("next", {"annotator": "x" * 41}, 400),
        ("decide", {"annotator": "x", "item": 1, "labels": ["none"], "key": "12345678"}, 400),
        ("decide", {"annotator": "x", "item": 10**6, "labels": [], "key": "12345678"}, 404),
        ("decide", {"annotator": "x", "item": 2**63, "labels": [], "key": "12345678"}, 400),
        ("decide", {"annotator": "x", "item": 1, "labels": [], "key": "1"}, 400),
        ("models/7/use", {}, 404),
    ],
)
def test_nonsense_is_refused(desk, path, body, status):
    client, _project = desk()
    with client:
        assert client.post(f"/desk/{path}", json=body).status_code == status


MIXED = [(doc, para) for para in range(3) for doc in "abc"]


@pytest.mark.parametrize(
    ("rows", "kept"),
    [
        (MIXED, sorted(MIXED)),
        ([(doc, 1) for doc, _ in sorted(MIXED)], [(doc, n) for doc in "abc" for n in (1, 2, 3)]),
        ([("a", 5), ("b", 0), ("a", 5), ("a", 2)], [("a", 2), ("a", 5), ("a", 6), ("b", 0)]),
    ],
    ids=["articles mixed", "one number for all", "numbers twice"],
)
def test_no_row_of_a_corpus_is_lost(rows, kept, tiny_labels, tmp_path):
    path, wish = tmp_path / "c.jsonl", Wish(labels=tiny_labels, model="")
    texts = [f"{doc} 村第 {para} 段，第 {at} 行。" for at, (doc, para) in enumerate(rows)]
    lines = [
        {"doc": doc, "para": para, "text": text, "labels": [], "n": float("nan")}
        for (doc, para), text in zip(rows, texts, strict=True)
    ]
    path.write_text("\n".join(json.dumps(x, ensure_ascii=False) for x in lines), encoding="utf-8")
    project = open_project(str(tmp_path / "a.db"), [str(path)], wish)
    items = project.store.data.rows("SELECT items.*, doc FROM items JOIN articles ON articles.id = article")
    assert sorted((item["doc"], item["para"]) for item in items) == kept
    assert sorted(item["text"] for item in items) == sorted(texts)
    assert project.notes == []
    say(project.store, "甲", items[0]["id"])
    (line,) = export(labelled(project.store), "jsonl").decode().splitlines()
    assert json.loads(line, parse_constant=pytest.fail)["n"] is None
    project.close()
    path.write_text(path.read_text("utf-8").replace("行。", "行！", 1), encoding="utf-8")
    project = open_project(str(tmp_path / "a.db"), [str(path)], wish)
    assert len(project.notes) == 1
    assert "with another text" in project.notes[0]
    project.close()


def test_without_a_project_there_is_no_desk(small_model):
    with TestClient(create_app(small_model), base_url="http://127.0.0.1") as client:
        assert client.get("/label").status_code == 404
        assert client.get("/desk/setup").status_code == 404


def copied(small_model):
    """In place of a training: seconds, and the same for the desk."""

    def learn(corpus, folder, labels, _begin):
        assert len(read_corpus(corpus)) > 20
        shutil.copytree(small_model, folder)

    return learn


@pytest.mark.parametrize("truly", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_training_learns_from_the_one_share_and_is_judged_on_the_other(
    desk, tiny_corpus, small_model, monkeypatch, truly
):
    if not truly:
        monkeypatch.setattr("civictag.web.desk.retraining.learn", copied(small_model))
    client, project = desk(model="", plan=Plan(apart=0.3, seed=1))
    store = project.store
    truth = {(row.file, row.doc, row.para): row.labels for row in read_corpus([tiny_corpus])}
    with client:
        assert post(client, "train")["state"] == "failed"  # nothing is labelled yet
        while (item := store.claim("甲")) is not None:
            say(store, "甲", item["id"], *truth[item["file"], item["doc"], item["para"]])
        assert post(client, "train")["state"] == "running"
        project.retraining.wait()
        told = client.get("/desk/progress").json()
        assert told["training"]["state"] == "done", told["training"]
        (model,) = told["models"]
        learned = labelled(store, apart=False)
        assert (model["paragraphs"], model["apart"]) == (len(learned), 60 - len(learned))
        assert model["f1"] > 0.3
        assert model["used"]
        assert store.item(1)["scores"] is not None
        assert post(client, f"models/{model['id']}/use")["models"][0]["used"]


def test_a_worse_model_is_not_taken(begin, monkeypatch):
    from civictag.web.desk import retraining as module

    project = begin()
    monkeypatch.setattr(module, "judge", lambda *_: {"f1": (0.1, 0.0, 0.2), "verdict": "worse"})
    found = project.retraining._judge(project.store.meta("first_model"), 30)
    assert (found["verdict"], found["used"]) == ("worse", False)


def test_annotate_opens_the_desk(small_model, tiny_corpus, tiny_labels, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("civictag.web.server.serve", lambda app, settings, certificate, ready: ready())
    command = ["annotate", f"{tiny_corpus}/river.jsonl", "--store", str(tmp_path / "l.db"), "-m", small_model]
    assert run([*command, "-l", tiny_labels, "--no-browser"]) == 0
    assert "http://127.0.0.1:8466/label" in capsys.readouterr().err
    assert run(["annotate", "--store", str(tmp_path / "none.db"), "--no-browser", "-l", tiny_labels]) == 1
