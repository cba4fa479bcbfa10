"""The page's service: jobs, corrections, downloads; and the shortcut."""

import io
import json

import pytest

pytest.importorskip("fastapi", reason="pip install civictag[web]")
pytest.importorskip("httpx")

from web_service import TEXT, client

from civictag.cli import run
from civictag.errors import CivictagError
from civictag.web.page.shortcut import install
from civictag.web.page.store import JobStore
from civictag.web.page.views import month_of
from civictag.web.site import FOLDER

MARKUP = r"(inner|outer|Adjacent)HTML|document\.write|\beval\(|\sstyle=\"|\son\w+=\""


@pytest.fixture
def page(small_model, tmp_path):
    with client(small_model, tmp_path) as found:
        yield found


def wait_for(page, job):
    while (state := page.get(f"/page/jobs/{job}").json())["running"]:
        pass
    return state


def upload(page, files, name="三月"):
    job = page.post("/page/jobs", json={"name": name}).json()["id"]
    page.post(f"/page/jobs/{job}/files", files=[("file", file) for file in files])
    page.post(f"/page/jobs/{job}/complete")
    return job


def bodies(page, job):
    return [
        (article["number"], p)
        for article in page.get(f"/page/jobs/{job}/articles").json()
        for p in article["paragraphs"]
        if p["kind"] == "body"
    ]


def test_a_text_is_tagged_before_the_answer(page):
    state = page.post("/page/jobs", json={"text": TEXT, "title": "借与还"}).json()
    assert (state["name"], state["articles"], state["running"]) == ("借与还", 1, False)
    found = bodies(page, state["id"])
    assert ["".join(piece[0] for piece in p["pieces"]) for _, p in found] == TEXT.split("\n")
    assert any(levels for _, p in found for _text, _weights, levels in p["pieces"])
    assert set(found[0][1]["scores"]) == {"tidy", "lend", "mend"}


def test_files_are_tagged_whether_the_page_is_open_or_not(page):
    rows = "id,text,单位\n1,大家一起清扫楼前空地。,城南\n2,邻里借用工具要登记。,城北\n"
    job = upload(
        page,
        [("三月/城南/2024-03-05 甲.txt", TEXT.encode()), ("三月/表.csv", rows.encode()), ("坏.pdf", b"x")],
    )
    state = wait_for(page, job)
    assert (state["files"], state["done"], state["articles"], state["failed"]) == (3, 3, 3, 1)
    assert state["failures"][0]["source"] == "坏.pdf"
    found = page.get(f"/page/jobs/{job}/articles").json()
    assert [a["source"] for a in found] == ["三月/城南/2024-03-05 甲.txt", "三月/表.csv#1", "三月/表.csv#2"]
    assert (found[0]["unit"], found[0]["month"]) == ("城南", "2024-03")


def test_a_job_goes_on_with_the_next_start(small_model, tmp_path):
    store = JobStore(str(tmp_path / "jobs"))
    job = store.create("n")
    paths = [store.file_path(".txt") for _ in range(3)]
    for path in paths:
        with open(path, "w", encoding="utf-8") as file:
            file.write(TEXT)
    store.add_inputs(job, [(f"{i}.txt", path) for i, path in enumerate(paths)])
    with open(store.file_path(".txt"), "w"):  # the service was killed before the job came to know it
        pass
    store.complete(job)
    store.close()
    with client(small_model, tmp_path) as page:
        assert wait_for(page, job)["articles"] == 3
    assert list((tmp_path / "jobs" / "files").iterdir()) == []
    with client(small_model, tmp_path) as page:
        assert page.get("/page/jobs").json()[0]["articles"] == 3


def test_corrections_are_in_every_download_and_can_be_undone(page):
    from openpyxl import load_workbook

    job = page.post("/page/jobs", json={"text": TEXT}).json()["id"]
    number, first = bodies(page, job)[0]
    assert first["labels"] != ["mend"]
    given = {"article": number, "paragraph": first["index"], "labels": ["mend"]}
    answer = page.post(f"/page/jobs/{job}/corrections", json=given).json()
    assert answer["article"]["paragraphs"][0]["labels"] == ["mend"]
    assert answer["article"]["paragraphs"][0]["corrected"]
    told = page.get(f"/page/jobs/{job}/download/json").json()
    assert [t["label"] for t in told[0]["paragraphs"][0]["tags"]] == ["mend"]
    assert told[0]["summary"]["mend"] == 1
    assert not told[0]["paragraphs"][0]["review"]
    book = load_workbook(io.BytesIO(page.get(f"/page/jobs/{job}/download/xlsx").content))
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    names = {label["name"] for label in page.get("/v1/labels").json() if label["id"] == "mend"} | {"mend"}
    assert names & cells
    for form in ("html", "csv", "jsonl", "docx"):
        assert page.get(f"/page/jobs/{job}/download/{form}").status_code == 200
    undone = page.post(f"/page/jobs/{job}/undo").json()
    assert undone["article"]["paragraphs"][0]["labels"] == first["labels"]
    assert page.post(f"/page/jobs/{job}/undo").json() == {"article": None}
    assert page.get(f"/page/jobs/{job}/download/exe").status_code == 404


def test_undo_goes_back_step_by_step(page):
    job = page.post("/page/jobs", json={"text": TEXT}).json()["id"]
    number, first = bodies(page, job)[0]
    steps = [["mend"], ["mend", "tidy"], []]
    for labels in steps:
        page.post(
            f"/page/jobs/{job}/corrections",
            json={"article": number, "paragraph": first["index"], "labels": labels},
        )
    seen = [page.post(f"/page/jobs/{job}/undo").json()["article"]["paragraphs"][0]["labels"] for _ in steps]
    assert seen == [["mend", "tidy"], ["mend"], first["labels"]]


@pytest.mark.parametrize(
    "given",
    [{"article": 0, "paragraph": 0, "labels": ["none"]}, {"article": 9, "paragraph": 0, "labels": []},
     {"article": 0, "paragraph": 99, "labels": []},
     {"article": -1, "paragraph": 0, "labels": []}, {"article": 0},
     {"article": 2**63, "paragraph": 0, "labels": []}],
)  # fmt: skip
def test_a_correction_of_nothing_is_refused(page, given):
    job = page.post("/page/jobs", json={"text": TEXT}).json()["id"]
    assert page.post(f"/page/jobs/{job}/corrections", json=given).status_code == 400


def test_a_deleted_job_leaves_nothing(page, tmp_path):
    job = page.post("/page/jobs", json={"text": "一句只在这里出现的话：蓝色水壶。"}).json()["id"]
    assert page.delete(f"/page/jobs/{job}").status_code == 204
    assert page.get(f"/page/jobs/{job}").status_code == 404
    assert page.get("/page/jobs").json() == []
    assert page.get("/page/jobs/none/articles").status_code == 404


def test_a_file_that_breaks_a_reader_ends_no_job(page, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("civictag.web.page.runner.read_named", broken)
    state = wait_for(page, upload(page, [("a.txt", b"x"), ("b.txt", b"x")]))
    assert (state["done"], state["failed"]) == (2, 2)


def test_what_cannot_be_kept_ends_no_job(page, monkeypatch):
    def refused(article):
        raise ValueError(article.source)

    monkeypatch.setattr("civictag.web.page.store.to_json", refused)
    state = wait_for(page, upload(page, [("a.txt", b"x"), ("b.txt", b"x")]))
    assert (state["done"], state["failed"], state["articles"]) == (2, 2, 0)
    monkeypatch.undo()
    half = b'{"text": "\xe6\x89\xab\xe5\x9c\xb0", "n": ["\\ud800"], "m": NaN}\n{"text": "b", "n": {"x": NaN}}'
    state = wait_for(page, upload(page, [("a.jsonl", half), ("b.txt", b"x")]))
    assert (state["done"], state["failed"], state["articles"]) == (2, 1, 2)


@pytest.mark.parametrize(
    "ask",
    [
        lambda page, job: page.get(f"/page/jobs/{job}/articles?first={2**63}"),
        lambda page, job: page.post("/page/jobs", content=b'{"text": "\\ud800"}'),
        lambda page, job: page.post("/page/jobs", content=b'{"name": "\\udfff"}'),
    ],
    ids=["a number beyond 64 bits", "half a character as text", "half a character as name"],
)
def test_what_a_database_cannot_hold_is_refused(page, ask):
    job = page.post("/page/jobs", json={"name": "a"}).json()["id"]
    answer = ask(page, job)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid")


def test_the_page_runs_nothing_from_elsewhere(page):
    import pathlib
    import re

    answer = page.get("/")
    assert answer.status_code == 200
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    for path in pathlib.Path(FOLDER).iterdir():
        text = path.read_text(encoding="utf-8")
        assert set(re.findall(r"(?:https?:)?//[\w.]+\.\w+", text)) <= {"http://www.w3.org"}
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|\sstyle=\"|\son\w+=\"", text
        )
        assert page.get(f"/static/{path.name}").status_code == 200
    assert page.get("/static/../app.py").status_code == 404
    assert page.get("/static/%2e%2e/app.py").status_code == 404


def test_both_languages_say_the_same_things():
    import pathlib
    import re

    text = pathlib.Path(FOLDER, "dictionary.js").read_text(encoding="utf-8")
    zh, en = text.split("  en: {")
    keys = [re.findall(r"(?<![\w{])(\w+): \"", part) for part in (zh, en)]
    assert keys[0] == keys[1]
    assert len(keys[0]) > 60
    places = [re.findall(r"\{\w+\}", line) for line in re.findall(r"\w+: \"([^\"]*)\"", zh)]
    assert [sorted(set(p)) for p in places] == [
        sorted(set(re.findall(r"\{\w+\}", line))) for line in re.findall(r"\w+: \"([^\"]*)\"", en)
    ]


@pytest.mark.parametrize(
    ("source", "month"),
    [("三月/2024-03-05 甲.txt", "2024-03"), ("2024年4月/甲.txt", "2024-04"), ("甲20240511.docx", "2024-05"),
     ("甲.txt", ""), ("电话13820245678.txt", "")],
)  # fmt: skip
def test_a_month_in_a_name(source, month):
    from civictag.datamodel import Article

    assert month_of(Article(source, "", "utf-8", "", ())) == month


@pytest.mark.parametrize(
    ("system", "name", "line"),
    [
        (
            "win32",
            "civictag 段落标注.bat",
            'start "civictag" /min "C:\\用户\\py%%1\\python.exe" -m civictag page',
        ),
        ("darwin", "civictag 段落标注.command", "exec 'C:\\用户\\py%1\\python.exe' -m civictag page"),
        ("linux", "civictag.desktop", 'Exec="C:\\\\用户\\\\py%%1\\\\python.exe" -m civictag page'),
    ],
)
def test_a_shortcut_for_each_system(tmp_path, system, name, line):
    for _again in range(2):
        path = install(str(tmp_path), system, "C:\\用户\\py%1\\python.exe")
    assert path == str(tmp_path / name)
    assert line in (tmp_path / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text("something else")
    with pytest.raises(CivictagError, match="not a shortcut"):
        install(str(tmp_path), system, "python")


def test_page_opens_the_browser_once_it_is_there(small_model, tmp_path, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("civictag.web.server.serve", lambda app, settings, certificate, ready: ready())
    assert run(["page", "-m", small_model, "--work", str(tmp_path), "--port", "9"]) == 0
    assert opened == ["http://127.0.0.1:9/"]
    assert opened[0] in capsys.readouterr().err


def test_a_second_double_click_only_opens_the_page(small_model, monkeypatch):
    from web_service import listening

    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    with listening(small_model) as (port, _server):
        assert run(["page", "--port", str(port), "-m", "no such model"]) == 0
    assert opened == [f"http://127.0.0.1:{port}/"]


def test_a_database_of_something_else_is_refused(tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "page.db") as other:
        other.execute("CREATE TABLE t (a)")
    with pytest.raises(CivictagError, match="not a file of civictag"):
        JobStore(str(tmp_path))
    (tmp_path / "page.db").write_bytes(json.dumps({"no": "database"}).encode() * 100)
    with pytest.raises(CivictagError, match="cannot be used"):
        JobStore(str(tmp_path))
