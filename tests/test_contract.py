"""The contract's outputs, by schema and by what the schema cannot say; and its Python names."""

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from commands import Command
from judged_schemas import ARTICLES, LINE, wrong

import civictag
from civictag.readers import read_documents

SAMPLES = Path(__file__).parents[1] / "corpus" / "samples"
PAGE = """首页 > 新闻中心 > 正文

村里的一天

来源：村报 作者：阿桂

早上阿福打扫了晒场，地面干净得能照人。

　　石头给张家搭把手，帮他收了稻子，一分钱不要，工钱更是从不收。

责任编辑：小满

相关阅读

何老师补墙，换瓦四十片
"""
LAST = re.compile(r"civictag: \d+ files? read, \d+ articles?$")
NOT_IN_CSV = "civictag: columns that the first article lacks are left out: town\n"


@pytest.fixture
def command(capfdbinary):
    return Command(capfdbinary)


@pytest.fixture(scope="module")
def inputs(tmp_path_factory):
    """Every kind of input that always works, small."""
    folder = tmp_path_factory.mktemp("inputs")
    (folder / "page.txt").write_text(PAGE, encoding="gb18030")
    (folder / "page.md").write_text("# 村里的一天\n\n何老师补墙，换瓦四十片。\n", encoding="utf-8")
    body = "<p>早上阿福打扫了晒场，地面干净得能照人。来晒谷子的人都说好走多了。</p>" * 3
    (folder / "page.html").write_text(
        f"<html><title>一天</title><body>{body}</body></html>", encoding="utf-8"
    )
    rows = [
        {"id": "r1", "title": "甲", "text": "何老师补墙。", "town": "东"},
        {"text": "河水涨了。", "town": 2},
    ]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (folder / "rows.jsonl").write_text(lines, encoding="utf-8")
    (folder / "rows.csv").write_text("id,text\nc1,阿福擦洗水井。\nc2,=1+1\n", encoding="utf-8-sig")
    (folder / "rows.tsv").write_text("text\n他搭把手。\n", encoding="utf-8")
    return folder


def tag(command, *arguments):
    code, out, err = command("tag", *arguments)
    told = [line for line in err.replace(NOT_IN_CSV, "").splitlines() if not LAST.match(line)]
    assert (code, told) == (0, [])
    return out


def documents(inputs):
    """source → the decoded text, as the readers have it."""
    paths = sorted(inputs.iterdir()) if inputs.is_dir() else [inputs]
    return {document.source: document.text for path in paths for document in read_documents(str(path))}


@pytest.mark.parametrize("options", [(), ("--explain",), ("--all-scores",), ("--explain", "--all-scores")])
@pytest.mark.parametrize("keep", [(), ("--keep-furniture",)])
def test_json_is_what_the_contract_says(command, small_model, inputs, options, keep):
    articles = json.loads(tag(command, inputs, "-m", small_model, *options, *keep))
    assert wrong(ARTICLES, articles) == []
    assert len(articles) == 3 + 2 + 2 + 1
    texts = documents(inputs)
    for article in articles:
        check_article(article, texts[article["source"]], options, keep)


def check_article(article, text, options, keep):
    assert list(article["summary"]) == ["tidy", "lend", "mend"]
    given = Counter(t["label"] for p in article["paragraphs"] for t in p["tags"])
    assert article["summary"] == {label: given[label] for label in article["summary"]}
    numbered = [p["index"] for p in article["paragraphs"] if p["kind"] != "furniture"]
    assert numbered == list(range(len(numbered)))
    kinds = {p["kind"] for p in article["paragraphs"]}
    assert keep or "furniture" not in kinds
    for paragraph in article["paragraphs"]:
        assert text[paragraph["start"] : paragraph["end"]] == paragraph["text"]
        assert ("scores" in paragraph) == ("--all-scores" in options and paragraph["kind"] == "body")
        probabilities = [t["probability"] for t in paragraph["tags"]]
        assert probabilities == sorted(probabilities, reverse=True)
        for one in paragraph["tags"] + paragraph.get("reasons", []):
            check_tag(one, text, paragraph, "--explain" in options)


def check_tag(one, text, paragraph, explain):
    assert ("evidence" in one) == explain
    for piece in one.get("evidence", []):
        assert paragraph["start"] <= piece["start"] < piece["end"] <= paragraph["end"]
        assert text[piece["start"] : piece["end"]] == piece["text"]
    if explain:
        rest = sum(piece["weight"] for piece in one["evidence"]) + one["outside"]
        assert rest == pytest.approx(one["logit"], abs=1e-6)


def test_the_page_is_told_apart(command, small_model, inputs):
    (article,) = json.loads(tag(command, inputs / "page.txt", "-m", small_model, "--keep-furniture"))
    assert (article["title"], article["encoding"]) == ("村里的一天", "gb18030")
    body = [p for p in article["paragraphs"] if p["kind"] == "body"]
    assert [[t["label"] for t in p["tags"]] for p in body] == [["tidy"], ["lend"]]
    rest = {p["text"] for p in article["paragraphs"] if p["kind"] == "furniture"}
    assert {"责任编辑：小满", "何老师补墙，换瓦四十片"} <= rest


def test_json_lines_are_one_a_body_paragraph(command, small_model, inputs):
    articles = json.loads(tag(command, inputs, "-m", small_model, "--explain"))
    lines = [
        json.loads(line)
        for line in tag(command, inputs, "-m", small_model, "-f", "jsonl", "--explain").splitlines()
    ]
    assert [problem for line in lines for problem in wrong(LINE, line)] == []
    keys = ("index", "start", "end", "text", "tags", "review")
    head = ("source", "id", "title", "date", "date_from", "unit", "unit_from", "extra")
    expected = [
        {**{k: a[k] for k in head if k in a}, **{k: p[k] for k in keys}}
        for a in articles
        for p in a["paragraphs"]
        if p["kind"] == "body"
    ]
    assert lines == expected
    rows = [line for line in lines if "rows.jsonl" in line["source"]]
    assert [(row.get("id"), row["extra"]) for row in rows] == [("r1", {"town": "东"}), (None, {"town": 2})]


def test_csv_is_safe_to_open_in_a_spreadsheet(command, small_model, inputs):
    out = tag(command, inputs / "rows.csv", "-m", small_model, "-f", "csv")
    assert out.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert [(row["text"], row["tidy"], row["mend"]) for row in rows] == [
        ("阿福擦洗水井。", "1", "0"),
        ("'=1+1", "0", "0"),
    ]
    cells = [cell for line in csv.reader(io.StringIO(out.removeprefix("\ufeff"))) for cell in line]
    assert [cell for cell in cells if cell.startswith(("=", "+", "@", "\t"))] == []


def test_every_probability_is_in_the_csv(command, small_model, inputs):
    out = tag(command, inputs / "rows.csv", "-m", small_model, "-f", "csv")
    (row, _) = csv.DictReader(io.StringIO(out.removeprefix("\ufeff")))
    probabilities = [float(value) for name, value in row.items() if name.startswith("p_")]
    assert len(probabilities) == 3


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "table", "html"])
def test_a_file_gets_what_standard_output_would(command, small_model, inputs, tmp_path, form):
    printed = tag(command, inputs, "-m", small_model, "-f", form)
    assert tag(command, inputs, "-m", small_model, "-f", form, "-o", tmp_path / "out") == ""
    assert (tmp_path / "out").read_bytes().decode("utf-8") == printed


def test_the_projects_samples(command, civic_model):
    articles = json.loads(tag(command, SAMPLES, "--explain", "--all-scores", "--keep-furniture"))
    assert wrong(ARTICLES, articles) == []
    assert len(articles) == len(list(SAMPLES.iterdir())) >= 3
    assert any(article["encoding"] == "gb18030" for article in articles)
    found = {label for article in articles for label, count in article["summary"].items() if count}
    assert found == set(articles[0]["summary"])  # each label at least once


def test_the_real_articles(command, civic_model, shared):
    articles = json.loads(tag(command, shared / "seeds", "--explain", "--keep-furniture"))
    assert wrong(ARTICLES, articles) == []
    assert len(articles) == 5
    structure = json.loads((shared / "gold" / "seeds_structure.json").read_text("utf-8"))
    body = {squeezed(text) for page in structure for text in page["body"]}
    tagged = [p["text"] for a in articles for p in a["paragraphs"] if p["tags"]]
    assert len(tagged) > 20
    assert [text for text in tagged if squeezed(text) not in body] == []


def squeezed(text):
    return "".join(text.split())


def test_the_python_names():
    names = ["load", "save", "train", "evaluate", "read_article", "read_corpus", "read_taxonomy"]
    names += ["Tagger", "Taxonomy", "Article", "Paragraph", "Tag", "CivictagError"]
    assert set(names) <= set(civictag.__all__) <= set(dir(civictag))
    for name in names:
        assert getattr(civictag, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'lode'"):
        _ = civictag.lode


def test_the_library_from_reading_to_saving(small_model, inputs, tmp_path):
    tagger = civictag.load(small_model)
    article = tagger.tag_article(civictag.read_article(str(inputs / "page.txt")))
    assert isinstance(article, civictag.Article)
    assert [t.label for p in article.paragraphs for t in p.tags] == ["tidy", "lend"]
    assert [t.label for t in tagger.tag("何老师补墙。")] == ["mend"]
    assert tagger.probabilities(["何老师补墙。", "河水涨了。"]).shape == (2, 3)
    civictag.save(tagger, str(tmp_path / "copy"))
    assert civictag.load(str(tmp_path / "copy")).info.sha256 == tagger.info.sha256


def test_errors_are_of_one_kind(tmp_path):
    for wrong_use in (
        lambda: civictag.load(str(tmp_path / "no")),
        lambda: civictag.read_article(str(tmp_path / "no.txt")),
        lambda: civictag.read_corpus([str(tmp_path / "no.jsonl")]),
        lambda: civictag.read_taxonomy(str(tmp_path / "no.toml")),
    ):
        with pytest.raises(civictag.CivictagError):
            wrong_use()


def test_evaluate_takes_a_tagger_and_a_corpus(small_tagger, tiny_corpus):
    report = civictag.evaluate(small_tagger, civictag.read_corpus([tiny_corpus]), resamples=20)
    assert report.scores.figures["micro_f1"].value > 0.9
