"""What a corpus's notes say, each with its mistake."""

import numpy as np
import pytest

from civictag.datamodel import LabelledParagraph
from civictag.text.shingles import clusters, sketches
from civictag.training.guards import notes

TEXTS = [
    "磨坊的水轮停了三天，村里人到邻村去借面，回来的路上说起去年的大水。",
    "学堂的钟敲了九下，先生把写坏的字帖收起来，叫孩子们到院子里念。",
    "茶棚的老板换了新的竹席，过路的挑夫坐下来，先喝三碗再说话。",
]


def told(rows):
    return list(notes(rows, clusters(sketches(row.text for row in rows))))


def row(doc, text, *labels, para=1):
    return LabelledParagraph(doc, para, text, labels, file="f")


CLEAN = [row("a", TEXTS[0], "x"), row("b", TEXTS[1])]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([*CLEAN, row("a", TEXTS[0], "x")], ["1 row stands in the corpus twice"]),
        (
            [*CLEAN, row("c", TEXTS[1] + "散了。")],
            ["2 paragraphs stand, nearly the same, in"],
        ),
        ([*CLEAN, row("a", TEXTS[0] + "呢", para=2)], ["have different labels (f/a paragraph 1: x;"]),
        ([row("a", TEXTS[0]), row("a", TEXTS[1])], ["all paragraphs are of one article"]),
        (CLEAN, []),
    ],
)
def test_each_mistake_is_told_with_its_count(rows, said):
    found = told(rows)
    assert len(found) == len(said)
    assert all(part in note for part, note in zip(said, found, strict=True))


def test_a_note_counts_groups():
    rows = [row("a", TEXTS[0], "x"), row("b", TEXTS[0]), row("a", TEXTS[2]), row("b", TEXTS[2], "y")]
    assert any(note.startswith("2 groups") for note in told(rows))
    assert np.all([note.count("x") <= 1 for note in told(rows)])
