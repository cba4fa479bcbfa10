"""The commands: exit codes, one message for each mistake, what goes to which stream."""

import json
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import click
import pytest
from commands import Command, finish, start

from civictag.cli import VERBS, civictag
from civictag.text.backend import is_compiled
from civictag.util.terminal import escaped
from civictag.version import __version__

GOOD = "早上阿福打扫了晒场，地面干净得能照人。\n"
CORPUS_LINE = '{"doc": "a", "para": 1, "text": "文", "labels": ["tidy"]}\n'


@pytest.fixture
def command(capfdbinary):
    return Command(capfdbinary)


@pytest.fixture
def good(tmp_path):
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    return tmp_path / "good.txt"


def damaged(tmp_path, small_model):
    folder = tmp_path / "damaged"
    shutil.copytree(small_model, folder)
    (folder / "weights.f32").write_bytes(b"")
    return folder


BAD_INPUT = {
    "missing.txt": (None, "no such file"),
    "empty.txt": (b"", "the file is empty"),
    "binary.txt": (b"\x7fELF\x00\x00\x01\x02" * 50, "not a text file"),
    "picture.png": (b"\x89PNG\r\n", "no reader for this suffix"),
    "broken.docx": (b"not a zip", "broken.docx"),
    "broken.xlsx": (b"not a zip", "broken.xlsx"),
    "broken.parquet": (b"not parquet", "broken.parquet"),
    "broken.jsonl": (b'{"text": "\xe6\x96\x87"\n', "line 1"),
    "nocolumn.csv": ("备注,标题\n打扫,一\n".encode(), 'no column "text"; the columns are: 备注, 标题'),
    "nocolumn.jsonl": ('{"remark": "打扫"}\n'.encode(), 'no column "text"'),
}


@pytest.mark.parametrize(("name", "content"), [(n, c) for n, (c, _) in BAD_INPUT.items()], ids=BAD_INPUT)
def test_bad_input_alone_is_1_and_among_others_3(command, small_model, good, tmp_path, name, content):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    code, out, err = command("tag", path, "-m", small_model)
    assert (code, json.loads(out)) == (1, [])
    assert_told(err, name, BAD_INPUT[name][1])
    code, out, err = command("tag", path, good, "-m", small_model)
    assert code == 3
    assert [article["source"] for article in json.loads(out)] == [str(good)]
    assert_told(err, name, BAD_INPUT[name][1])


def assert_told(err, *parts):
    """One line, naming the thing, without a traceback; what was read of several is said after it."""
    line, *_conclusion = err.splitlines()
    assert line.startswith("civictag: ")
    for part in parts:
        assert part in line


def test_one_broken_row_does_not_stop_the_others(command, small_model, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text('{"text": "打扫"}\n{\n{"text": 3}\n{"text": "补墙"}\n', encoding="utf-8")
    code, out, err = command("tag", path, "-m", small_model)
    assert code == 3
    assert [article["source"] for article in json.loads(out)] == [f"{path}#1", f"{path}#4"]
    assert [re.search(r"line (\d)", line)[1] for line in err.splitlines()[:-1]] == ["2", "3"]
    assert err.splitlines()[-1] == "civictag: 1 file read, 2 articles, 2 rows could not be read"


def test_an_encoding_that_the_user_got_wrong(command, small_model, tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes(GOOD.encode("gb18030"))
    code, _, err = command("tag", path, "-m", small_model, "--encoding", "utf-8")
    assert code == 1
    assert_told(err, "a.txt", "utf-8")
    code, _, err = command("tag", path, "-m", small_model, "--encoding", "klingon")
    assert code == 1
    assert_told(err, "klingon")


BAD_MODEL = {
    "nothing": (lambda tmp, small: tmp / "none", "no such model"),
    "a file": (lambda tmp, small: tmp / "good.txt", "is a file, not a model folder"),
    "a foreign folder": (lambda tmp, small: tmp, "it has no manifest.json"),
    "a damaged one": (damaged, "weights.f32: does not match the manifest"),
}


@pytest.mark.parametrize(("make", "problem"), BAD_MODEL.values(), ids=BAD_MODEL)
@pytest.mark.parametrize("verb", [["tag"], ["models"], ["evaluate", "-m"]], ids=lambda verb: verb[0])
def test_a_bad_model(command, good, tmp_path, small_model, tiny_corpus, make, problem, verb):
    model = make(tmp_path, small_model)
    lines = {"tag": [good, "-m", model], "models": [model], "evaluate": [tiny_corpus, "-m", model]}
    code, out, err = command(verb[0], *lines[verb[0]])
    assert (code, out) == (1, "")
    assert_told(err, problem)


BAD_TRAINING = {
    "corpus missing": ({"corpus": "none.jsonl"}, "none.jsonl: no such file"),
    "broken line": ({"c.jsonl": CORPUS_LINE + "{"}, "c.jsonl, line 2: not valid JSON"),
    "unknown label": (
        {"c.jsonl": CORPUS_LINE.replace("tidy", "tidier")},
        "line 1, field \"labels\": unknown label 'tidier'",
    ),
    "label twice": (
        {"l.toml": 'format=1\n[[labels]]\nid="a"\n[[labels]]\nid="a"\n'},
        "has the label 'a' twice",
    ),
    "labels missing": ({"labels": "none.toml"}, "none.toml: no such label set"),
    "not a model": ({"output": "."}, "exists and is not a model"),
}


@pytest.mark.parametrize(("case", "problem"), BAD_TRAINING.values(), ids=BAD_TRAINING)
def test_bad_training(command, tmp_path, tiny_labels, case, problem):
    (tmp_path / "c.jsonl").write_text(case.get("c.jsonl", CORPUS_LINE), encoding="utf-8")
    (tmp_path / "l.toml").write_text(
        case.get("l.toml", Path(tiny_labels).read_text("utf-8")), encoding="utf-8"
    )
    corpus, labels, output = (
        tmp_path / case.get(key, default)
        for key, default in (("corpus", "c.jsonl"), ("labels", "l.toml"), ("output", "new"))
    )
    before = sorted(tmp_path.iterdir())
    code, out, err = command("train", corpus, "-l", labels, "-o", output)
    assert (code, out) == (1, "")
    assert_told(err.splitlines()[-1], problem)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ["tag"],
        ["tag", "x.txt", "-f", "yaml"],
        ["tag", "x.txt", "-j", "0"],
        ["tag", "x.txt", "-j", "many"],
        ["tag", "x.txt", "--expalin"],
        ["train", "x.jsonl"],
        ["tga", "x.txt"],
        ["evaluate"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_2(command, arguments):
    code, out, err = command(*arguments)
    assert (code, out) == (2, "")
    assert "Usage: civictag" in err
    assert "Error: " in err


def test_a_folder_is_read_to_its_depths_in_order(command, small_model, tmp_path):
    for name in ("b/c/2.txt", "a/1.txt", "3.txt", ".hidden.txt"):
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(GOOD, encoding="utf-8")
    code, out, _ = command("tag", tmp_path / "in", "-m", small_model)
    sources = [Path(article["source"]).relative_to(tmp_path / "in").as_posix() for article in json.loads(out)]
    assert code == 0
    assert sorted(sources) == ["3.txt", "a/1.txt", "b/c/2.txt"]
    assert command("tag", tmp_path / "in", "-m", small_model)[1] == out


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_standard_input(small_model, encoding):
    code, out, err = finish("tag", "-", "-m", small_model, input=GOOD.encode(encoding))
    assert (code, err) == (0, "civictag: 1 file read, 1 article\n")
    (article,) = json.loads(out)
    assert article["source"] == "-"
    assert article["paragraphs"][0]["text"] == GOOD.strip()
    assert article["summary"]["tidy"] == 1


def test_standard_input_of_rows(small_model):
    rows = b'{"id": "7", "text": "a"}\n{"id": "8", "text": "b"}\n'
    code, out, _ = finish("tag", "-", "-m", small_model, "-f", "jsonl", input=rows)
    assert (code, [json.loads(line)["id"] for line in out.splitlines()]) == (0, ["7", "8"])


def test_help_and_version(command):
    backend = "compiled" if is_compiled() else "pure Python"
    assert command("--version") == (0, f"civictag, version {__version__} ({backend} backend)\n", "")
    for flag in ("-h", "--help"):
        code, out, _ = command(flag)
        assert code == 0
        assert re.findall(r"^  ([a-z]+) ", out[out.index("Verbs:") :], re.MULTILINE) == list(VERBS)


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_every_help_ends_in_an_example_that_works(command, verb):
    _, out, _ = command(*filter(None, [verb]), "--help")
    example = out.rstrip().splitlines()[-1].strip()
    assert example.startswith(f"Example: civictag {verb}".rstrip())
    words = example.removeprefix("Example: civictag ").split()
    parsed = civictag.commands.get(words[0]) or civictag.get_command(None, words[0])
    parsed.make_context(words[0], words[1:])  # a UsageError, were an option not there


def every_verb(group=civictag, path=()):
    """The words of every verb, and of the verbs below them."""
    for name in group.list_commands(None):
        found = group.get_command(None, name)
        yield (*path, name)
        if isinstance(found, click.Group):
            yield from every_verb(found, (*path, name))


@pytest.mark.parametrize("words", list(every_verb()), ids=" ".join)
@pytest.mark.parametrize(("language", "before"), [("en", "Example: "), ("zh", "示例：")])
def test_every_verb_below_has_an_example_in_both_languages(
    command, words, language, before, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, out, _ = command("--lang", language, *words, "--help")
    last = " ".join(out.rstrip().rsplit("\n\n", 1)[-1].split())
    assert code == 0
    assert last.startswith(f"{before}civictag {words[0]}")
    parsed, given = civictag, last.removeprefix(f"{before}civictag ").split()
    while isinstance(parsed, click.Group) and given and parsed.get_command(None, given[0]):
        parsed = parsed.get_command(None, given.pop(0))
    for word in given:
        if "/" in word:  # a folder, and some verbs want it there
            (tmp_path / word).mkdir(parents=True, exist_ok=True)
    parsed.make_context(words[-1], given)  # a UsageError, were an option not there


def test_labels(command, tiny_labels):
    code, out, _ = command("labels")
    assert code == 0
    assert re.search(r"^civic\t", out, re.MULTILINE)
    code, out, _ = command("labels", tiny_labels)
    assert code == 0
    assert "tidy  整洁  Tidiness" in out
    assert "strong: 2" in out
    assert "扫帚 <wash>…<place>" in command("labels", tiny_labels, "--cues")[1]


def test_models(command, small_model):
    assert command("models")[0] == 0
    code, out, _ = command("models", small_model, "--features", "2")
    assert code == 0
    assert "trained on 60 paragraphs in 12 articles" in out
    assert re.search(r"^tidy .*整洁$", out, re.MULTILINE)
    assert len(re.findall(r"^(?:tidy|lend|mend): \S+ \S+$", out, re.MULTILINE)) == 3


@pytest.mark.usefixtures("few_ways")
def test_training_prints_its_scores_and_the_model_works(command, tmp_path, tiny_corpus, tiny_labels, good):
    code, out, err = command("train", tiny_corpus, "-l", tiny_labels, "-o", tmp_path / "new", "--seed", "1")
    assert code == 0
    assert re.search(r"^micro +\d\.\d{3} +\d\.\d{3} +\d\.\d{3}$", out, re.MULTILINE)
    assert all(line.startswith("civictag: ") for line in err.splitlines())
    code, out, _ = command("tag", good, "-m", tmp_path / "new", "-f", "jsonl")
    assert code == 0
    assert json.loads(out)["tags"][0]["label"] == "tidy"


def test_output_that_cannot_be_written(command, small_model, good, tmp_path):
    for target in (tmp_path, tmp_path / "no" / "out.json"):
        code, out, err = command("tag", good, "-m", small_model, "-o", target)
        assert (code, out) == (1, "")
        assert_told(err, str(target), "cannot write")


def test_a_failing_run_leaves_the_old_output(command, good, tmp_path):
    (tmp_path / "out.json").write_text("old")
    assert command("tag", good, "-m", tmp_path / "none", "-o", tmp_path / "out.json")[0] == 1
    assert (tmp_path / "out.json").read_text() == "old"


@pytest.mark.parametrize("name", ["a\nb.txt", "a\x1b[31m.txt", "\udcff.txt"])
def test_strange_file_names_cannot_forge_messages(command, small_model, name):
    code, _, err = command("tag", name, "-m", small_model)
    assert code == 1
    line, last = err.splitlines()
    assert line.isprintable()
    assert last == "civictag: 0 files read, 0 articles, 1 file could not be read"


def test_escaped():
    assert escaped("环境\x00\x1b\n") == "环境\\x00\\x1b\\n"


def test_a_reader_that_goes_away_is_no_error(small_model, tmp_path):
    path = tmp_path / "rows.csv"
    path.write_text("text\n" + "打扫晒场\n" * 20_000, encoding="utf-8")
    process = start("tag", path, "-m", small_model, "-f", "jsonl")
    assert process.stdout.readline().startswith(b"{")
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


def test_interrupted_is_130(small_model):
    process = start("tag", "-", "-m", small_model, "-f", "jsonl", stdin=subprocess.PIPE)
    line = json.dumps({"text": "打扫晒场"}).encode() + b"\n"
    for _ in range(2000):  # enough for a first answer: it is running then
        process.stdin.write(line)
    process.stdin.flush()
    time.sleep(1.0)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == b"civictag: interrupted\n"


def test_auto_is_as_many_processes_as_there_are_processors_and_the_same_answer(tmp_path, small_model):
    source = tmp_path / "a.jsonl"
    source.write_text('{"text": "志愿者在桥头清扫落叶。"}\n' * 30, encoding="utf-8")
    one = finish("tag", source, "-m", small_model, "-f", "jsonl")
    assert one[0] == 0
    assert finish("tag", source, "-m", small_model, "-f", "jsonl", "-j", "auto")[:2] == one[:2]


@pytest.mark.parametrize(
    ("words", "processors", "rows", "threads"),
    [([], 2, 600, 1), (["-j", "1"], 2, 600, 0), ([], 1, 600, 0), ([], 2, 3, 0)],
    ids=["of itself", "one was asked for", "one processor", "a few rows"],
)
def test_one_process_tags_beside_reading_if_it_may(
    tmp_path, small_model, monkeypatch, words, processors, rows, threads
):
    from civictag.batch import executors
    from civictag.cli.common import batches

    used = []
    beside = executors.beside
    monkeypatch.setattr(batches, "_processors", lambda: processors)
    monkeypatch.setattr(executors, "beside", lambda *given: used.append(1) or beside(*given))
    source, out = tmp_path / "a.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "志愿者在桥头清扫落叶。"}\n' * rows, encoding="utf-8")
    civictag(["tag", str(source), "-m", str(small_model), "-o", str(out), *words], standalone_mode=False)
    assert len(used) == threads
    assert len(out.read_text("utf-8").splitlines()) == rows


@pytest.mark.parametrize(
    ("sizes", "stdin", "expected"),
    [
        ((100,), 0, 1),
        ((8 << 20,), 0, 2),
        ((3 << 20, 3 << 20, 2 << 20), 0, 2),
        ((200 << 20,), 0, 4),
        ((1 << 30,), 1, 1),
    ],
)
def test_large_inputs_are_worth_several_processes(tmp_path, monkeypatch, sizes, stdin, expected):
    from civictag.cli.common import batches

    monkeypatch.setattr(batches, "_processors", lambda: 4)
    for number, size in enumerate(sizes):
        with open(tmp_path / f"{number}.txt", "wb") as file:
            file.truncate(size)  # a hole: no disk is used
    assert batches._worth((str(tmp_path), *["-"] * stdin)) == expected
