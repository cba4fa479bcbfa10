"""A person at the page and at the desk, in a real browser: clicks, drops, keys, a lost connection."""

import base64
import io
import json
import shutil

import pytest

pytest.importorskip("fastapi", reason="pip install civictag[web]")
playwright = pytest.importorskip("playwright.sync_api", reason="pip install civictag[dev]")

from web_service import TEXT, listening  # noqa: E402

from civictag.web.desk.loading import Plan  # noqa: E402
from civictag.web.desk.project import Wish, open_project  # noqa: E402

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]
CHINESE = """localStorage.getItem("civictag-language") ?? localStorage.setItem("civictag-language", "zh")"""
DROP = """([selector, files]) => {
  const transfer = new DataTransfer();
  for (const [name, data] of files) {
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  const event = new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true });
  document.querySelector(selector).dispatchEvent(event);
}"""


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as run:
        found = run.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def opened(browser):
    """Opens pages of people of their own; no page may have said anything on its console."""
    contexts, said = [], []

    def page(url, width=1280, **options):
        context = browser.new_context(viewport={"width": width, "height": 900}, locale="zh-CN", **options)
        contexts.append(context)
        found = context.new_page()
        found.on("console", lambda message: said.append(message.text))
        found.on("pageerror", lambda error: said.append(str(error)))
        found.on("request", lambda request: said.append(request.url))
        found.add_init_script(CHINESE)
        found.goto(url)
        return found

    yield page
    for context in contexts:
        context.close()
    usual = ("http://127.0.0.1:", "blob:http://127.0.0.1:", "Failed to load resource")
    assert [line for line in said if not line.startswith(usual)] == []


@pytest.fixture(scope="module")
def port(small_model, tmp_path_factory):
    with listening(small_model, tmp_path_factory.mktemp("work")) as (found, _server):
        yield found


def tag(page, text=TEXT):
    page.fill("#text", text)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#articles .text mark")


def downloaded(page, name):
    with page.expect_download() as waiting:
        page.click(f"#downloads [data-t={name}]")
    return open(waiting.value.path(), "rb").read()


@pytest.mark.parametrize(
    ("width", "scheme"), [(390, "dark"), pytest.param(1280, "light", marks=pytest.mark.slow)]
)
def test_paste_correct_undo_download(opened, port, width, scheme):
    page = opened(f"http://127.0.0.1:{port}/", width, color_scheme=scheme)
    tag(page)
    first = page.locator(".p").first
    assert first.locator(".chip[aria-pressed=true]").inner_text().startswith("✓ 整洁") or first.inner_text()
    before = first.locator(".chip[aria-pressed=true]").count()
    first.get_by_text("添加标签").click()
    first.locator("[data-label-id=mend]").click()
    playwright.expect(page.locator(".p").first.locator(".mark.changed")).to_be_visible()
    told = json.loads(downloaded(page, "json"))
    assert "mend" in [t["label"] for t in told[0]["paragraphs"][0]["tags"]]
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(downloaded(page, "xlsx")))
    # The correction itself: the tick in its label's column, in the row of the paragraph.
    rows = [[str(cell.value or "") for cell in row] for row in book["Paragraphs"].iter_rows()]
    head = next(row for row in rows if row[0] == "Text")
    assert rows[rows.index(head) + 1][head.index("Mending")] == "√"
    page.keyboard.press("z")
    playwright.expect(page.locator(".p").first.locator(".mark.changed")).to_have_count(0)
    assert page.locator(".p").first.locator(".chip[aria-pressed=true]").count() == before
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")


def seven_formats():
    from docx import Document
    from openpyxl import Workbook

    word, sheet = io.BytesIO(), io.BytesIO()
    document = Document()
    document.add_paragraph("何老师给张家搭把手，帮忙收稻子，从不收工钱。")
    document.save(word)
    book = Workbook()
    book.active.append(["标题", "正文", "单位", "日期"])
    book.active.append(["甲", "大家一早打扫晒场，地面很干净。", "村东", "2024-03-01"])
    book.active.append(["乙", "小学堂漏雨，何老师趁晴天换瓦。", "村西", "2024-04-02"])
    book.save(sheet)
    html = "<html><body><article><p>周木匠提水冲洗水井的台阶，青苔不见了。</p></article></body></html>"
    rows = json.dumps({"text": "阿福做木工从不收工钱，谁家开口他都去。"}, ensure_ascii=False)
    return [
        ("一.txt", TEXT.encode("gb18030")),
        ("二.html", html.encode()),
        ("三.md", f"# 标题\n\n{TEXT}".encode()),
        ("四.docx", word.getvalue()),
        ("五.xlsx", sheet.getvalue()),
        ("六.csv", f"id,text\n1,{TEXT.splitlines()[0]}\n".encode("utf-8-sig")),
        ("七.jsonl", rows.encode()),
    ]


@pytest.mark.slow
def test_a_drop_of_seven_formats_is_filtered_by_unit_and_month(opened, port):
    page = opened(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("#downloads button", state="attached")
    files = [*seven_formats(), ("不认识.xyz", b"x")]
    page.evaluate(DROP, ["#drop", [[name, base64.b64encode(data).decode()] for name, data in files]])
    playwright.expect(page.locator("#summary")).to_contain_text("8 篇")
    playwright.expect(page.locator("#articles article")).to_have_count(8)
    assert "不认识.xyz" in page.inner_text("#notice")
    assert not page.is_visible("#failures")
    page.select_option("#unit", "村东")
    assert page.locator(".p:visible").count() == 1
    page.select_option("#unit", "*")
    page.select_option("#month", "2024-04")
    assert page.locator(".p:visible").inner_text().find("换瓦") >= 0
    page.select_option("#month", "*")
    page.click("#labels [data-pick=mend]")
    shown = page.locator(".p:visible").count()
    assert 0 < shown < page.locator(".p").count()


@pytest.mark.slow
def test_a_folder_goes_on_while_the_page_is_closed(opened, port, tmp_path):
    folder = tmp_path / "三月"
    for unit in ("城南", "城北"):
        (folder / unit).mkdir(parents=True)
        for i in range(200):
            text = f"{TEXT}\n第{i}件小事，{unit}记下了。"
            (folder / unit / f"2024-03-{i % 31 + 1:02} 简报（{i}）.txt").write_text(text, "utf-8")
    page = opened(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("#downloads button", state="attached")
    with page.expect_response("**/complete"):
        page.set_input_files("#folder", str(folder))
    page.context.close()
    again = opened(f"http://127.0.0.1:{port}/")
    again.locator("#jobs .open", has_text="三月").click()
    playwright.expect(again.locator("#summary")).to_contain_text("400 篇", timeout=60_000)
    playwright.expect(again.locator("#articles article").nth(399)).to_be_attached(timeout=60_000)
    assert again.locator("#unit option").all_inner_texts() == ["全部", "城北", "城南"]
    assert again.locator("#month option").all_inner_texts()[1:] == ["2024-03"]
    again.on("dialog", lambda dialog: dialog.accept())
    again.locator("#jobs li", has_text="三月").get_by_text("删除").click()
    playwright.expect(again.locator("#jobs .open", has_text="三月")).to_have_count(0)


def test_keys_move_and_label(opened, port):
    page = opened(f"http://127.0.0.1:{port}/")
    tag(page)
    page.locator("#results").focus()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id").endswith("-1")
    page.keyboard.press("3")
    playwright.expect(page.locator("#p0-1 .mark.changed")).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "p0-1"
    before = labels_of(page, "#p0-1")
    page.keyboard.type("31")  # within a moment: the second one starts from what the first one changed
    playwright.expect(page.locator("#p0-1 [data-label-id=tidy]")).to_have_attribute(
        "aria-pressed", "false" if "tidy" in before else "true"
    )
    assert labels_of(page, "#p0-1") == before ^ {"mend", "tidy"}


def labels_of(page, paragraph):
    return set(
        page.locator(f"{paragraph} .chip[aria-pressed=true]").evaluate_all(
            "chips => chips.map((chip) => chip.dataset.labelId)"
        )
    )


@pytest.mark.slow
def test_what_breaks_off_is_said_and_can_be_ended(opened, port):
    """An upload that broke off, a deletion that was refused, a list that did not come, an empty folder."""
    page = opened(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("#downloads button", state="attached")
    page.route("**/files", lambda route: route.abort("connectionreset"))
    some = [["简报/甲.txt", base64.b64encode(TEXT.encode()).decode()]]
    page.evaluate(DROP, ["#drop", some])
    playwright.expect(page.locator("#jobs li").first).to_contain_text("上传没有完成")
    page.unroute("**/files")
    page.locator("#jobs li").first.get_by_text("就到这里").click()
    playwright.expect(page.locator("#jobs li").first).not_to_contain_text("上传没有完成")
    jobs = page.locator("#jobs li").count()
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/page/jobs/*", lambda route: route.fulfill(status=500, body="{}"))
    page.locator("#jobs li").first.get_by_text("删除").click()
    playwright.expect(page.locator("#notice")).to_contain_text("没有做成")
    page.unroute("**/page/jobs/*")
    assert page.is_visible("#results")
    page.route("**/page/jobs", lambda route: route.abort("connectionreset"))
    page.click("#language")
    playwright.expect(page.locator("#notice")).to_contain_text("connection")
    assert page.locator("#jobs li").count() == jobs
    assert page.is_hidden("#nojobs")
    page.unroute("**/page/jobs")
    page.evaluate(DROP, ["#drop", [[".hidden", ""]]])
    playwright.expect(page.locator("#notice")).to_contain_text("no file in it")


@pytest.mark.slow
def test_numbers_go_with_their_words(opened, port):
    page = opened(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("#downloads button", state="attached")
    page.click("#language")
    said = "([key, n]) => import('/static/base.js').then((base) => base.t(key, { count: n, names: 'x' }))"
    assert page.evaluate(said, ["passedOver", 1]) == "1 file of an unknown format was not sent: x"
    assert page.evaluate(said, ["passedOver", 2]) == "2 files of unknown formats were not sent: x"


def test_text_is_only_ever_text(opened, port):
    page = opened(f"http://127.0.0.1:{port}/")
    script = "document.title='taken'"
    hostile = f'<img src=x onerror="{script}"><script>{script}</script>打扫晒场，地面干净。'
    page.fill("#title", "<b>题</b>")
    tag(page, hostile)
    assert page.locator("#articles img, #articles script, #articles h3 b, #articles .text b").count() == 0
    assert "<img src=x" in page.inner_text("#articles")
    playwright.expect(page.locator("#jobs")).to_contain_text("<b>题</b>")  # listed a moment later
    assert "taken" not in page.title()


@pytest.mark.slow
def test_english_by_a_click_and_kept(opened, port):
    page = opened(f"http://127.0.0.1:{port}/")
    page.wait_for_selector("#downloads button", state="attached")
    page.click("#language")
    assert page.inner_text("h1") == "Tag paragraphs"
    assert page.evaluate("document.documentElement.lang") == "en"
    page.reload()
    playwright.expect(page.locator("h1")).to_have_text("Tag paragraphs")


@pytest.mark.slow
def test_a_token_is_asked_for_once(opened, small_model, tmp_path):
    with listening(small_model, tmp_path, token="s3cret") as (port, _server):
        page = opened(f"http://127.0.0.1:{port}/")
        page.fill("#token", "s3cret")
        page.keyboard.press("Enter")
        page.wait_for_selector("#downloads button", state="attached")
        tag(page)


@pytest.fixture
def desk(small_model, tiny_corpus, tiny_labels, tmp_path):
    """A project of one's own, served; gives its address and store."""
    import contextlib

    with contextlib.ExitStack() as stack:

        def begun(**given):
            wish = Wish(labels=tiny_labels, model=small_model, **given)
            project = open_project(str(tmp_path / "l.db"), [f"{tiny_corpus}/river.jsonl"], wish)
            port, server = stack.enter_context(listening(small_model, tmp_path, desk=project))
            return f"http://127.0.0.1:{port}/label", project.store, server

        yield begun


def start(page, name):
    page.fill("#name", name)
    page.keyboard.press("Enter")
    page.wait_for_selector(".choice")


def label(page, keys):
    """Label the paragraph on the screen; returns when it is saved and the next one is there."""
    before = page.inner_text("#para")
    page.keyboard.type(keys)
    with page.expect_response("**/desk/decide"):
        page.keyboard.press("Enter")
    page.wait_for_function(
        "([before]) => document.getElementById('para').textContent !== before", arg=[before]
    )


def test_twenty_paragraphs_by_keys_with_undo(opened, desk):
    url, store, _server = desk(plan=Plan(apart=0.2))
    page = opened(url)
    start(page, "小王")
    assert "把公共的地方弄干净" in page.inner_text("#definitions")
    for i in range(20):
        label(page, "123"[i % 3])
    said = [row["labels"] for row in store.standing()]
    assert said == [["tidy", "lend", "mend"][i % 3] for i in range(20)]
    for left in range(19, 14, -1):
        with page.expect_response("**/desk/undo"):
            page.keyboard.press("z")
        playwright.expect(page.locator("#count")).to_contain_text(f"已完成 {left} /")
    assert page.locator(".choice[aria-pressed=true]").count() == 1  # what had been said is there again
    page.keyboard.press("u")
    label(page, "")
    assert (len(store.standing()), store.standing()[-1]["unsure"]) == (16, 1)
    assert page.locator(".choice small").count() == 3
    page.keyboard.press("s")
    assert page.locator(".choice small").count() == 0


def test_a_lost_connection_loses_nothing_and_stores_nothing_twice(opened, desk):
    url, store, _server = desk()
    page = opened(url)
    start(page, "小王")
    label(page, "1")
    page.route("**/desk/decide", lambda route: (route.fetch(), route.abort("connectionreset")))
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    playwright.expect(page.locator("#notice")).to_contain_text("连接断了")
    assert "还没有保存" in page.inner_text("#state")
    page.unroute("**/desk/decide")
    playwright.expect(page.locator("#state")).to_have_text("已保存。", timeout=15_000)
    assert [row["labels"] for row in store.standing()] == ["tidy", "lend"]


@pytest.mark.slow
def test_two_people_at_once_and_double_annotation(opened, desk):
    url, store, _server = desk(plan=Plan(apart=0, double=1))
    first, second = opened(url), opened(url)
    start(first, "甲")
    start(second, "乙")
    assert first.inner_text("#para") != second.inner_text("#para")
    assert "双人标注" in first.inner_text("#head")
    assert first.locator(".choice small").count() == 0  # nobody sees a suggestion
    for _ in range(6):
        label(first, "1")
    for i in range(6):
        label(second, "12"[i % 2])
    second.click("#stats summary")
    playwright.expect(second.locator("#identical")).to_contain_text("段由两人以上标注")
    assert "α" in second.inner_text("#alphas")
    assert len(store.standing()) == 12
