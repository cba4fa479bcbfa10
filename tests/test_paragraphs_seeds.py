"""The splitter on five real pages that the project may measure on but does not hold."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from paragraph_pages import body, key, matched

from civictag.datamodel import Document
from civictag.paragraphs import split
from civictag.readers import read_documents

SHARED = Path(__file__).parents[2] / "shared"
pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the folder of real pages is not here")


def test_body_precision_and_recall_on_the_real_pages() -> None:
    truth = json.loads((SHARED / "gold" / "seeds_structure.json").read_text(encoding="utf-8"))
    found = wanted = right = 0
    for entry in truth:
        (document,) = read_documents(str(SHARED / "seeds" / entry["doc"]))
        assert isinstance(document, Document)
        article = split(document)
        got, want = body(article), [key(text) for text in entry["body"]]
        found, wanted, right = found + len(got), wanted + len(want), right + matched(got, want)
        if entry["title"]:
            assert key(article.title) == key(entry["title"])
    print(f"precision {right / found:.3f}, recall {right / wanted:.3f} of {wanted} paragraphs")
    assert right / found >= 0.97
    assert right / wanted >= 0.97
