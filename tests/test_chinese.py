"""What a Chinese reader meets holds no English sentence, and what a program reads does not change with it."""

import importlib
import json
import re
from pathlib import Path

import click
import pytest
from commands import Command

from civictag import i18n
from civictag.cli import VERBS

TEXT = """柳桥街道开展周末清洁行动

5月12日，柳桥街道组织保洁员和居民清扫背街小巷，清运垃圾12车。

志愿者在路口劝导行人文明过马路，服务时长累计200小时。

街道在各小区张贴公益广告，发放文明手册500份。
"""
ROWS = [
    {"id": "甲", "text": "社区张贴公益广告，宣传文明新风。", "单位": "柳桥街道", "日期": "2024-03-01"},
    {"id": "乙", "text": "保洁员清扫楼道，清理堆放的杂物。", "单位": "南湖街道", "日期": "2024-04-02"},
]
CORPUS = [
    {"doc": f"a{n}", "para": 0, "text": row["text"], "labels": labels}
    for n, (row, labels) in enumerate(zip(ROWS * 3, [["propaganda"], ["sanitation"]] * 3, strict=True))
]
# A command, an option, a path, an id or a name within a Chinese sentence is none.
CODE = re.compile(
    r"civictag(?: [\w./-]+)+|pip install \S+|\$ .*|--?[\w-]+|\S*[/.\\]\S+"
    r"|\b[a-z]+_[a-z_]+\b|\[[^\]]*\]|\{[^}]*\}|sanitation|volunteering|propaganda"
    r"|Noto Sans CJK \w*|Label Studio"
)
SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z]+\b['’s]*[ ,;:]+){2,}[A-Za-z][a-z]+")


@pytest.fixture(autouse=True)
def forgotten():
    """Each test begins, and leaves the others, with the environment's language."""
    i18n.use(None)
    yield
    i18n.use(None)


@pytest.fixture
def command(capfdbinary, monkeypatch):
    monkeypatch.setenv("CIVICTAG_LANG", "en")  # given back after --lang has set it
    monkeypatch.setenv("LANGUAGE", "")
    return Command(capfdbinary)


@pytest.fixture
def files(tmp_path):
    """A folder with an article, a table of articles, and labelled paragraphs."""
    (tmp_path / "a.txt").write_text(TEXT, "utf-8")
    for name, rows in (("rows.jsonl", ROWS), ("corpus.jsonl", CORPUS)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (tmp_path / name).write_text("".join(lines), "utf-8")
    (tmp_path / "bad.jsonl").write_text('{"text": 3}\nno json\n', "utf-8")
    (tmp_path / "bad.toml").write_text("format = [", "utf-8")
    (tmp_path / "empty.txt").write_text("", "utf-8")
    return tmp_path


def english(text: str) -> list[str]:
    """The runs of three or more English words that are no code."""
    return [found[0] for found in SENTENCE.finditer(CODE.sub("·", text))]


def test_english_is_seen():
    assert english("说明：the file is empty") == ["the file is empty"]
    assert english("用 civictag tag articles -f csv 输出 CSV、Excel 文件 a b") == []


def _verbs() -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [()]
    for verb in VERBS:
        command = importlib.import_module(f"civictag.cli.{verb}").command
        found.append((verb,))
        if isinstance(command, click.Group):
            found += [(verb, name) for name in command.list_commands(click.Context(command))]
    return found


@pytest.mark.parametrize("verb", _verbs(), ids=" ".join)
def test_help(command, verb):
    code, out, _ = command("--lang", "zh", *verb, "--help")
    assert code == 0
    assert out.startswith("用法：civictag")
    assert english(out) == []
    # What stands in the place of a value is Chinese too.
    assert re.findall(r"(?<![-\w.])(?!JSON|HTTP|POST|CORS|TOML|YYYY)[A-Z]{4,}(?![-\w])", out) == []


ERRORS = {
    "no such file": (1, "tag", "{0}/nothing.txt"),
    "rows that are none": (1, "tag", "{0}/bad.jsonl"),
    "an empty file": (1, "tag", "{0}/empty.txt"),
    "no such model": (1, "tag", "{0}/a.txt", "-m", "{0}/nothing"),
    "no such label set": (1, "labels", "nothing"),
    "a label set that is none": (1, "labels", "{0}/bad.toml"),
    "no such verb": (2, "tags"),
    "no such option": (2, "tag", "--colour"),
    "nothing given": (2, "tag"),
    "a value out of range": (2, "tag", "{0}/a.txt", "-j", "0"),
    "no number": (2, "tag", "{0}/a.txt", "-j", "two"),
    "no such format": (2, "tag", "{0}/a.txt", "-f", "docx"),
    "one model": (2, "compare", "{0}/corpus.jsonl", "-m", "civic"),
    "no corpus": (1, "evaluate", "{0}/nothing.jsonl"),
    "rows without labels": (1, "evaluate", "{0}/rows.jsonl"),
    "no such column": (1, "stats", "{0}/rows.jsonl", "--by", "部门"),
    "no table of tags": (1, "apply", "{0}/a.txt", "--to", "{0}/rows.jsonl"),
    "no month": (2, "month", "{0}/rows.jsonl", "--month", "April", "-o", "{0}/m.xlsx"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_an_error(command, files, name):
    expected, *arguments = ERRORS[name]
    given = [argument.format(files) for argument in arguments]
    code, out, err = command("--lang", "zh", *given)
    assert code == expected
    assert out in ("", "[]\n")
    assert re.search("[\u4e00-\u9fff]", err)
    assert english(err) == []
    assert command(*given)[0] == code


SENTENCES = {
    "缺少参数“路径...”。": ("tag",),
    "缺少参数“复核清单...”。": ("apply", "--to", "a.xlsx"),
    "缺少选项“-m”、“--model”。": ("compare", "a.jsonl"),
    "没有选项“--fromat”。（是否想写：“--format”、“--input-format”？）": ("tag", "a.txt", "--fromat", "csv"),
    "没有命令“tga”。": ("tga",),
    "“-f”、“--format”的值无效：“xls”不在可选值“table”、“json”、“html”之中。":
    ("evaluate", "a.jsonl", "-f", "xls"),
    "“-j”、“--jobs”的值无效：“two”既不是整数，也不是 auto": ("tag", "a.txt", "-j", "two"),
}  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_usage_error_is_a_chinese_sentence(command, sentence):
    code, _, err = command("--lang", "zh", *SENTENCES[sentence])
    assert code == 2
    assert err.rstrip().split("\n")[-1] == f"错误：{sentence}"


TABLES = {
    "labels": ("labels",),
    "a label set": ("labels", "civic"),
    "models": ("models",),
    "a model": ("models", "civic", "--features", "0"),
    "doctor": ("doctor",),
    "tag": ("tag", "{0}/a.txt", "{0}/rows.jsonl", "-f", "table", "--explain"),
    "evaluate": ("evaluate", "{0}/corpus.jsonl", "--resamples", "50"),
    "compare": ("compare", "{0}/corpus.jsonl", "-m", "civic", "-m", "civic", "--resamples", "50"),
    "stats": ("stats", "{0}/rows.jsonl", "--by", "unit", "--by", "date:month", "--intervals"),
    "corpus check": ("corpus", "check", "{0}/corpus.jsonl"),
    "corpus stats": ("corpus", "stats", "{0}/corpus.jsonl"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table(command, files, name):
    _, out, err = command("--lang", "zh", *(argument.format(files) for argument in TABLES[name]))
    assert out
    # The English names of labels stand beside the Chinese ones in the list of a label set.
    shown = "\n".join(line for line in out.split("\n") if name != "a label set" or line.startswith("  "))
    assert english(shown) == []
    assert english(err) == []


def test_workbook_and_review_list(command, files):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed: pip install civictag")
    book, review = files / "out.xlsx", files / "review.xlsx"
    code, _, err = command(
        "--lang", "zh", "tag", str(files / "rows.jsonl"), "-o", str(book), "--review", str(review)
    )
    assert code == 0
    assert english(err) == []
    for path in (book, review):
        for sheet in openpyxl.load_workbook(path):
            assert re.search("[\u4e00-\u9fff]", sheet.title)
            cells = [str(cell.value) for row in sheet for cell in row if cell.value is not None]
            assert [found for cell in cells if (found := english(cell))] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("tag", "{0}/rows.jsonl", "{0}/a.txt", "--explain"),
        ("evaluate", "{0}/corpus.jsonl", "--resamples", "50"),
    ],
    ids=["tag", "evaluate"],
)
def test_a_page(command, files, arguments):
    given = [argument.format(files) for argument in arguments]
    code, _, err = command("--lang", "zh", *given, "-o", str(files / "page.html"))
    assert code == 0
    page = (files / "page.html").read_text("utf-8")
    shown = re.sub(r"(?s)<(style|script)\b.*?</\1>|<[^>]*>", "\n", page)
    attributes = " \n ".join(re.findall(r'(?:title|alt|aria-label)="([^"]*)"', page))
    assert english(shown) == []
    assert english(attributes) == []
    assert english(err) == []


PROGRAMS = {
    "json": ("tag", "{0}/a.txt", "-f", "json", "--explain"),
    "jsonl": ("tag", "{0}/rows.jsonl", "{0}/bad.jsonl", "-f", "jsonl"),
    "csv": ("tag", "{0}/rows.jsonl", "-f", "csv"),
    "workbook's ids": ("tag", "{0}/rows.jsonl", "-f", "csv", "--headings", "ids", "--explain"),
    "stats json": ("stats", "{0}/rows.jsonl", "--by", "unit", "-f", "json"),
    "evaluate json": ("evaluate", "{0}/corpus.jsonl", "--resamples", "50", "-f", "json"),
    "compare json": (
        "compare",
        "{0}/corpus.jsonl",
        "-m",
        "civic",
        "-m",
        "civic",
        "--resamples",
        "50",
        "-f",
        "json",
    ),
    "an error": ("tag", "{0}/empty.txt", "-f", "json"),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_what_a_program_reads_is_the_same_in_both(command, files, name):
    given = [argument.format(files) for argument in PROGRAMS[name]]
    chinese = command("--lang", "zh", *given)
    again = command("--lang", "en", *given)
    assert chinese[:2] == again[:2]


def test_every_term_of_the_glossary_is_used():
    rows = (Path(__file__).parents[1] / "docs" / "glossary.md").read_text("utf-8").splitlines()
    terms = [line.split("|")[1].strip() for line in rows if re.match(r"\| [\u4e00-\u9fff]", line)]
    catalogue = i18n.LOCALE + "/zh/LC_MESSAGES/civictag.po"
    texts = Path(catalogue).read_text("utf-8")
    texts += (Path(__file__).parents[1] / "README.zh-CN.md").read_text("utf-8")
    assert len(terms) > 20
    assert [term for term in terms if re.split("[（/]", term)[0] not in texts] == []


def test_who_types_the_text_is_told_how_to_end_it(command, monkeypatch):
    from civictag.cli.common import emit

    told = []
    monkeypatch.setattr(emit, "note", told.append)
    monkeypatch.setattr("sys.stdin", type("Terminal", (), {"isatty": lambda _: True})())
    i18n.use("zh")
    for name in ("posix", "nt"):
        monkeypatch.setattr(emit.os, "name", name)
        emit.invite(["-"])
        emit.invite(["a.txt"])
    monkeypatch.undo()
    assert told == [
        "请输入或粘贴文字；结束时另起一行按 Ctrl-D",
        "请输入或粘贴文字；结束时另起一行按 Ctrl-Z 再按回车",
    ]


# Wordings that people in such an office stumbled over, and what stands in their place.
MENDED = {
    "civictag 读文明创建类文章": "自动分段，逐段标出写的是哪几项工作",
    "它在自己的电脑上离线运行": "在本机离线运行，不用显卡",
    "志愿者及其队伍、站点、时长、项目": "志愿者、服务队伍和站点、服务时长、项目",
    "作为榜样的人和家庭": "先进个人和家庭",
    "一段可以有任意几个标签": "一段可以有多个标签，也可以一个都没有",
    "标签写在文件里，不在程序里": "标签不是写死的",
    "想要一个看得懂的标注工具": "需要结果可解释的标注工具",
    "被分页切成两截的段落接了回来": "被分页断开的段落自动接上",
    "数值是对数几率": "数值越大，对该标签的支持越强",
    "遇到缺的，程序会说该装哪一个": "缺哪个组件，程序会提示",
    "最值得人看一眼": "最需要人工核对的段落",
    "看里面有什么": "查看标签集和模型",
    "从头走到尾": "从头到尾走一遍",
    "不占内存": "内存占用不随段数增长",
    "由每个标签一个线性分类器加权": "每个标签各用一个线性分类器加权",
    "最强的一句代表整段": "以得分最高的分句为主、其余各分句为辅",
    "在分类器没有见过的文章上选定": "用未参加训练的文章确定",
    "命令即敲即出": "敲下命令立即出结果",
    "约为 25 倍": "约慢到 25 倍",
    "它为大陆的创建类报道而做": "针对大陆的创建类报道",
    "往往只差一点": "是专门写到还是顺带一提，有时难分",
    "标签说的是一段话讲什么": "标签只说明写了什么，不代表内容属实",
    "不上报": "不上传",
    "凡是靠猜的": "靠推测的",
    "要么完整出现，要么不出现": "写完才生成文件，不会留下半截",
    "页面附件": "页面杂项（导航、署名、版权等）",
    "PDF 要有文字层": "PDF 须为可选中文字的，扫描件不行",
    "多像才算转载": "相似度阈值",
    "列多少段": "列出段数上限",
    "cannot tell（看不出）": "cannot tell（无法判断）",
    "可移植的引擎": "纯 Python 引擎",
    "文字一律是文字": "原文一律存为文本",
    "选多个标签表示“任一”": "显示含其中任一的段落",
    "各标签轮流出": "各标签轮流选取",
    "单位：logit": "对数几率",
    "散列": "哈希",
    "认得五个标签，只因为有一份文件这样写": "标签集文件里写了它们",
    "它们教模型适可而止": "模型由此学会哪些段落不该标",
    "让模型来问": "标注价值最大",
    "照着它调整过的，就不再是测试": "测试就失去意义",
    "钟表时间": "实际用时",
    "点名拒绝": "拒绝并指明文件",
    "worker 死掉": "工作进程退出",
    "纸上算": "估算",
}


def test_wordings_that_were_mended_do_not_come_back():
    root = Path(__file__).parents[1]
    pages = [root / "README.zh-CN.md", *(root / "docs").glob("*.zh-CN.md")]
    pages.append(Path(i18n.LOCALE) / "zh" / "LC_MESSAGES" / "civictag.po")
    text = "".join(re.sub(r"\s*\n\s*", "", page.read_text("utf-8")) for page in pages)
    assert [old for old in MENDED if old in text] == []
    assert [new for new in MENDED.values() if new not in text] == []
