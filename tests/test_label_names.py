"""What a corpus writes for its labels: read rightly, or told with all that is like it."""

import pytest

from civictag.corpus.files import read_corpus
from civictag.corpus.formats.label_names import LabelNames, UnknownLabel, known_labels
from civictag.datamodel import Label

LABELS = known_labels(
    [
        Label("ferry", "摆渡 轮渡", "Ferry"),
        Label("dike", "堤防"),
        Label("x", "[护岸]"),
        Label("lamp", "航标灯"),
    ]
)

CELLS = {  # as people, pandas, numpy, Label Studio and doccano write them
    "['ferry', 'dike']": ("ferry", "dike"),
    '["ferry","堤防"]': ("ferry", "dike"),
    "['ferry' 'dike']": ("ferry", "dike"),
    '{"choices": ["ferry", "dike"]}': ("ferry", "dike"),
    "ferry#dike": ("ferry", "dike"),
    "ＦＥＲＲＹ；　堤 防 ": ("ferry", "dike"),
    "摆渡轮渡": ("ferry",),
    "摆渡　轮渡、堤防": ("ferry", "dike"),
    "[护岸]": ("x",),
    "[]": (),
    "无。": (),
    "N/A": (),
    "nan": (),
    "NULL": (),
    "没有": (),
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_is_read_as_it_is_meant(cell):
    assert LabelNames(LABELS).ids(cell, "f", 1) == CELLS[cell]


@pytest.mark.parametrize(
    "cell", ["['ferry', 3]", "[ferry", "['fer']", "{'choices': 'ferry'}", "[" * 9000 + "]" * 9000, "[1]"]
)
def test_what_only_looks_like_a_list_is_an_unknown_label(cell):
    with pytest.raises(UnknownLabel):
        LabelNames(LABELS).ids(cell, "f", 1)


@pytest.mark.parametrize(("cell", "meant"), [("航标", "航标灯"), ("Ferri", "摆渡 轮渡")])
def test_the_label_that_was_meant_is_named(cell, meant):
    with pytest.raises(UnknownLabel, match=f"Did you mean '{meant}'"):
        LabelNames(LABELS).ids(cell, "f", 1)


def test_all_unknown_labels_of_a_file_are_told_at_once(tmp_path):
    rows = ["渡口修好了,其他", "堤上种了柳,堤防", "雾大停航,停航", "灯亮了,其他;航标灯"]
    (tmp_path / "c.csv").write_text("text,labels\n" + "".join(f"{row}\n" for row in rows), "utf-8")
    with pytest.raises(UnknownLabel) as first:
        LabelNames(LABELS).ids("其他", "c.csv", 2)
    with pytest.raises(type(first.value).__base__) as caught:
        read_corpus([tmp_path / "c.csv"], LABELS)
    assert caught.value.line == 2
    assert "unknown label '其他'; labels that are not known stand in 3 rows: '其他' (2), '停航' (1)" in str(
        caught.value
    )
