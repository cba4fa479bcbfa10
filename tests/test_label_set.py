"""Label sets: what is read, and the message for every way of getting one wrong."""

import copy
import json
import re
import tomllib
from pathlib import Path

import pytest

from civictag.errors import TaxonomyError
from civictag.labels.cue_matcher import CueMatcher, cue_table
from civictag.labels.label_set import from_data, read_taxonomy
from civictag.labels.word_sets import MAX_LITERALS
from civictag.text.normalize import normalize

GOOD = """
format = 1
name = "kitchen"
version = "2"
[sets]
cut = ["切", "剁", "<chop>"]
chop = ["砍"]
[[labels]]
id = "cooking"
name = "做饭"
[labels.cues]
strong = ["<cut>…肉", "炒菜"]
[[labels]]
id = "eating"
[context]
told = ["据说"]
"""


def read(tmp_path, text):
    path = tmp_path / "set.toml"
    path.write_text(text, encoding="utf-8")
    return read_taxonomy(str(path))


def test_a_set_is_read(tmp_path):
    kitchen = read(tmp_path, GOOD)
    assert (kitchen.name, kitchen.version, kitchen.ids) == ("kitchen", "2", ("cooking", "eating"))
    assert kitchen.labels[1].name == "eating"  # no name: the id serves
    found = {(cue.label, cue.kind, cue.parts) for cue in kitchen.cues}
    assert found == {
        ("cooking", "strong", (("切", "剁", "砍"), ("肉",))),
        ("cooking", "strong", (("炒菜",),)),
        ("", "told", (("据说",),)),
    }


LABEL = '[[labels]]\nid = "a"\n[labels.cues]\nstrong = [{}]\n'

WRONG = {
    "label twice": ('[[labels]]\nid = "a"\n[[labels]]\nid = "a"', "label 'a' twice", "labels"),
    "no label": ("", "has no labels", None),
    "bad id": ('[[labels]]\nid = "环境"', "has the id '环境'", "labels[0].id"),
    "id missing": ('[[labels]]\nname = "x"', "has the id None", "labels[0].id"),
    "one name twice": (
        '[[labels]]\nid = "a"\nname = "其他"\n[[labels]]\nid = "b"\nname = "其他 "',
        "a and b with one name",
        "name",
    ),
    "one English name twice": (
        '[[labels]]\nid = "a"\nname_en = "Rest"\n[[labels]]\nid = "b"\nname_en = "rest"',
        "a and b with one name",
        "name_en",
    ),
    "labels no list": ('labels = "a"', "not a list of tables", "labels"),
    "label no table": ("labels = [3]", "not a table", "labels[0]"),
    "sets no table": ("sets = 3\n" + LABEL.format(""), "not a table", "sets"),
    "cues no table": ('[[labels]]\nid = "a"\ncues = 3', "not a table", "cues"),
    "cues no texts": (LABEL.format("3"), "not a list of texts", "a.strong"),
    "bad class": ('[[labels]]\nid = "a"\n[labels.cues]\n"x.y" = ["b"]', "cue class 'x.y'", "a"),
    "unknown set": (LABEL.format('"<b>"'), "<b> is not a set", "a.strong"),
    "set of itself": (
        'sets = {b = ["<c>"], c = ["<b>"]}\n' + LABEL.format('"<b>"'),
        "contains itself",
        "a.strong",
    ),
    "empty set": ("sets = {b = []}\n" + LABEL.format('"<b>"'), "empty part", "a.strong"),
    "empty part": (LABEL.format('"甲…"'), "empty part", "a.strong"),
    "empty pattern": (LABEL.format('""'), "empty part", "a.strong"),
    "normalized to nothing": (LABEL.format('" "'), "empty part", "a.strong"),
    "four parts": (LABEL.format('"甲…乙…丙…丁"'), "more than 3 parts", "a.strong"),
    "lone bracket": (LABEL.format('"<甲…乙"'), "a < that belongs to no set", "a.strong"),
    "never found": (LABEL.format('"打扫，院子"'), "'打扫,院子' is never found", "a.strong"),
    "too many": (
        f"sets = {{b = [{','.join(str([f'{i}'])[1:-1] for i in range(142))}]}}\n" + LABEL.format('"<b><b>"'),
        f"more than {MAX_LITERALS}",
        "a.strong",
    ),
    "context": (LABEL.format('"b"') + '[context]\ntold = ["甲…"]', "empty part", "context.told"),
}


@pytest.mark.parametrize(("text", "problem", "field"), WRONG.values(), ids=WRONG)
def test_mistakes_are_named(tmp_path, text, problem, field):
    with pytest.raises(TaxonomyError) as caught:
        read(tmp_path, "format = 1\n" + text)
    assert problem in caught.value.problem
    assert caught.value.field == field
    assert caught.value.where == str(tmp_path / "set.toml")


@pytest.mark.parametrize(
    ("text", "problem"),
    [("format = 1\nformat", "not valid TOML"), ("format = 7", "is of format 7"), ("", "is of format None")],
)
def test_a_file_that_is_no_label_set(tmp_path, text, problem):
    with pytest.raises(TaxonomyError, match=problem):
        read(tmp_path, text)


def test_a_file_that_is_no_text(tmp_path):
    (tmp_path / "set.toml").write_bytes(b"format = 1 # \xff\xff")
    with pytest.raises(TaxonomyError, match="neither UTF-8 nor GBK"):
        read_taxonomy(str(tmp_path / "set.toml"))


def test_no_such_file_names_the_shipped_ones(tmp_path):
    with pytest.raises(TaxonomyError, match=r"no such label set.*civic"):
        read_taxonomy(str(tmp_path / "none.toml"))


def test_a_folder_does_not_hide_a_shipped_name(tmp_path, monkeypatch):
    (tmp_path / "civic").mkdir()
    monkeypatch.chdir(tmp_path)
    assert read_taxonomy("civic").name == "civic"


def test_layout_and_comments_do_not_count(tmp_path):
    plain = read(tmp_path, GOOD)
    other = GOOD.replace("[sets]", "# a remark\n\n[sets]").replace(
        '["切", "剁", "<chop>"]', "['切','剁','<chop>']"
    )
    assert read(tmp_path, other).sha256 == plain.sha256
    for change in (("切", "片"), ("做饭", "烹饪"), ('version = "2"', 'version = "3"')):
        assert read(tmp_path, GOOD.replace(*change)).sha256 != plain.sha256


def test_as_json_it_is_the_same_set(tmp_path):
    plain = read(tmp_path, GOOD.replace('version = "2"', 'version = "2"\nsince = 2024-05-01'))
    again = from_data(json.loads(json.dumps(plain.raw, default=str)))
    assert (again, again.sha256) == (plain, plain.sha256)


def test_the_shipped_set():
    civic = read_taxonomy("civic")
    assert len(civic.ids) == 5
    for label in civic.labels:
        assert all((label.name, label.name_en, label.definition, label.definition_en, label.color))
        own = [cue for cue in civic.cues if cue.label == label.id]
        assert len({cue.pattern for cue in own}) >= 36, f"{label.id} has few cues"
        assert {"strong", "weak", "against"} <= {cue.kind for cue in own}


def test_the_shipped_cues_are_such_as_folded_text_can_hold():
    literals = {text for cue in read_taxonomy("civic").cues for part in cue.parts for text in part}
    assert len(literals) > 3000
    assert [text for text in literals if normalize(text) != text] == []


def test_reading_leaves_the_data_alone():
    data = tomllib.loads(GOOD)
    before = copy.deepcopy(data)
    from_data(data)
    assert data == before


@pytest.mark.parametrize(
    "ident", ["text", "use", "Source", "micro", "model", "para", "duplicate_of", "p_cooking", "m_cooking"]
)
def test_the_programs_own_columns_are_no_ids(tmp_path, ident):
    """A label ``use`` made the review list hold that column twice; it was read back as "do not use"."""
    with pytest.raises(TaxonomyError, match="column of the program's own tables"):
        read(tmp_path, GOOD.replace('id = "eating"', f'id = "{ident}"'))
    from_data(tomllib.loads(GOOD.replace('id = "eating"', f'id = "{ident}"')))  # a model of before loads


class TestWhatTheReadmeSays:
    """labels/README.md promises these; each was once told otherwise than it is."""

    README = (Path(__file__).parents[1] / "labels" / "README.md").read_text(encoding="utf-8")

    def test_the_small_set_can_be_used_as_it_stands(self, tmp_path):
        (example,) = [b for b in re.findall(r"```toml\n(.*?)```", self.README, re.DOTALL) if "library" in b]
        assert read(tmp_path, example).ids == ("lending", "reading_events")

    def test_parts_mix_text_and_sets_and_sets_nest(self, tmp_path):
        text = GOOD.replace('"<cut>…肉"', '"老<cut>法…肉"')
        (cue,) = [cue for cue in read(tmp_path, text).cues if cue.pattern.startswith("老")]
        assert cue.parts == (("老切法", "老剁法", "老砍法"), ("肉",))

    def test_clauses_do_not_end_at_line_ends_and_overlapping_cues_each_count(self, tmp_path):
        text = GOOD.replace('"炒菜"]', '"炒菜"]\nweak = ["炒"]\naction = ["菜锅"]')
        matcher = CueMatcher(cue_table(read(tmp_path, text).cues), gap=8)
        assert normalize("炒\n菜锅") == "炒菜锅"
        found = sorted((start, end) for _, start, end in matcher.match(normalize("炒\n菜锅")))
        assert found == [(0, 1), (0, 2), (1, 3)]

    def test_cues_need_not_be_written_in_the_one_form(self, tmp_path):
        text = GOOD.replace('"炒菜"', '"ＡＢ廚"')
        assert any(cue.parts == (("ab厨",),) for cue in read(tmp_path, text).cues)

    def test_ids_may_have_capitals(self, tmp_path):
        assert "Xy" in read(tmp_path, GOOD.replace("eating", "Xy")).ids
