"""Label files that mean harm, or that Windows wrote: read, or refused with the field, in bounded time."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path

import pytest

from civictag.errors import TaxonomyError
from civictag.labels.label_set import read_taxonomy

GOOD = """format = 1
name = "灯会"
[[labels]]
id = "lamp"
name = "灯"
[labels.cues]
strong = ["花灯", "灯笼"]
"""
DOUBLING = "\n".join(f's{i} = ["<s{i + 1}>", "<s{i + 1}>"]' for i in range(26)) + '\ns26 = ["a", "b"]\n'
CHAIN = "\n".join(f's{i} = ["<s{i + 1}>"]' for i in range(2000)) + '\ns2000 = ["a"]\n'
WIDE = "\n".join(f"w{i} = [{', '.join(repr(f'字{i}-{n}') for n in range(100))}]" for i in range(2))
MANY = WIDE + "\n[context]\nx = [" + ", ".join(f'"<w0><w1>{n}"' for n in range(100)) + "]\n"

HOSTILE = {
    "sets that double": (f'{GOOD}[sets]\n{DOUBLING}[context]\nx = ["<s0>"]\n', "more than 20000 words"),
    "a chain of sets": (f'{GOOD}[sets]\n{CHAIN}[context]\nx = ["<s0>"]\n', "within each other"),
    "a set of itself": (
        f'{GOOD}[sets]\na = ["<b>"]\nb = ["<a>"]\n[context]\nx = ["<a>"]\n',
        "contains itself",
    ),
    "many wide patterns": (f"{GOOD}[sets]\n{MANY}", "together"),
    "nested lists": (f"{GOOD}[x]\ny = {'[' * 5000}{']' * 5000}\n", "nested too deep"),
    "nested lists, fewer": (f"{GOOD}[context]\ny = {'[' * 50}{']' * 50}\n", "nested too deep"),
    "nested tables": (f"{GOOD}[x]\ny = {'{a=' * 3000}1{'}' * 3000}\n", "nested too deep"),
    "a key of many parts": (f"{GOOD}[x]\n{'.'.join(['a'] * 20000)} = 1\n", "too many parts"),
    "a key of some parts": (f"{GOOD}[context]\n{'.'.join(['a'] * 1000)} = 1\n", "nested too deep"),
    "a table of many parts": (f"{GOOD}[{'.'.join(['a'] * 20000)}]\n", "too many parts"),
    "a long integer": (f"{GOOD}[context]\nx = {'9' * 5000}\n", "cannot be read"),
    "a large integer": (GOOD.replace("[[labels]]", f"version = {10**30}\n[[labels]]"), "moderate size"),
    "infinity": (GOOD.replace("[[labels]]", "version = inf\n[[labels]]"), "moderate size"),
    "an escape in a name": (GOOD.replace('"灯"', '"\\u001b]0;x\\u0007灯"'), "control characters"),
    "a turned name": (GOOD.replace('"灯"', '"\\u202e灯"'), "control characters"),
    "a name of two lines": (GOOD.replace('"灯"', '"灯\\n笼"'), "printable name"),
    "a long name": (GOOD.replace('"灯"', f'"{"灯" * 300}"'), "printable name"),
    "a key that means nothing": (
        GOOD.replace("[labels.cues]", "defintion = '彩灯'\n[labels.cues]"),
        "defintion",
    ),
    "a mistyped class of cues": (GOOD.replace("strong =", "stong ="), "labels.0..cues.stong"),
    "a class in the plural": (GOOD.replace("strong =", "actions ="), "Did you mean 'action'"),
    "a mistyped key at the top": (GOOD.replace("[[labels]]", "nmae = 'x'\n[[labels]]"), "nmae"),
    "an integer past every text": (GOOD.replace("format = 1", f"format = 0x{'f' * 50_000}"), "moderate size"),
    "an integer past every float": (
        GOOD.replace("[[labels]]", f"version = 1{'0' * 400}\n[[labels]]"),
        "moderate",
    ),
    "true for one": (GOOD.replace("format = 1", "format = true"), "format True"),
    "keys of many parts": (f"{GOOD}[x]\n" + "".join(f"{'a.' * 1900}k{n} = 1\n" for n in range(900)), "parts"),
    "a name that is a list": (GOOD.replace('"灯"', '["灯"]'), "not a text"),
    "a name of blanks": (GOOD.replace('"灯"', '"\u3000"'), "printable name"),
    "a set within a word": (
        f'{GOOD}[sets]\na = ["<b>x"]\nb = ["y"]\n[context]\nx = ["<a>"]\n',
        "belongs to no set",
    ),
    "many classes": (GOOD + "".join(f'k{n} = ["鼓"]\n' for n in range(5000)), "more than 4000 classes"),
    "two labels of one id": (GOOD + GOOD.partition("\n[[")[2].join(["[[", ""]), "twice"),
}


@pytest.mark.parametrize(("text", "problem"), HOSTILE.values(), ids=HOSTILE)
def test_what_means_harm_is_refused_in_bounded_time(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "x.toml"
    path.write_text(text, "utf-8")
    began = time.process_time()
    with pytest.raises(TaxonomyError, match=problem) as caught:
        read_taxonomy(str(path))
    assert len(str(caught.value).splitlines()) == 1
    assert time.process_time() - began < 10  # they took minutes or for ever


SECOND = '[[labels]]\nid = "{}"\nname = "{}"\n'


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("A1", ("drum", "Ａ１")), ("灯", ("LAMP", "鼓")), ("灯", ("drum", "灯\\u200b")),
        ("é", ("drum", "e\\u0301")), ("灯", ("drum", "lamp")),
    ],
    ids=["width", "case", "a sign that no one sees", "parts of a letter", "another's id"],
)  # fmt: skip
def test_names_that_look_alike_are_one_name(tmp_path: Path, name: str, second: tuple[str, str]) -> None:
    path = tmp_path / "x.toml"
    path.write_text(GOOD.replace('"灯"', f'"{name}"') + SECOND.format(*second), "utf-8")
    with pytest.raises(TaxonomyError, match="with one name"):
        read_taxonomy(str(path))


def test_classes_of_ones_own_may_stay(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(GOOD + 'strong_2 = ["走马灯"]\nplaces = ["灯市"]\n', "utf-8")
    assert [cue.kind for cue in read_taxonomy(str(path)).cues] == ["strong", "strong", "strong_2", "places"]


def test_dates_and_numbers_are_texts_that_a_model_can_hold(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_text(GOOD.replace("[[labels]]", "version = 2024-05-01\nsince = 07:30:00\n[[labels]]"), "utf-8")
    found = read_taxonomy(str(path))
    assert found.version == "2024-05-01"
    assert json.loads(json.dumps(found.raw)) == found.raw


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_file_from_windows_is_the_same_label_set(tmp_path: Path, encoding: str, end: str) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(GOOD.replace("\n", end).encode(encoding))
    found = read_taxonomy(str(path))
    assert (found.name, found.labels[0].name) == ("灯会", "灯")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(TaxonomyError, match="neither UTF-8 nor GBK"):
        read_taxonomy(str(path))
    os.truncate(path, 1 << 40)
    with pytest.raises(TaxonomyError, match="larger than 8 MiB"):
        read_taxonomy(str(path))
