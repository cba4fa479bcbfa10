"""The child process that reads Word files, PDFs and workbooks: it goes where its user goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from civictag import i18n
from civictag.errors import InputError
from civictag.readers import read_documents
from civictag.readers.documents.child import _Child

docx = pytest.importorskip("docx")


def word(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True)
    document = docx.Document()
    document.add_paragraph(text)
    document.save(str(path))


def texts(path: str) -> list[str]:
    return [found.text for found in read_documents(path) if not isinstance(found, InputError)]


def test_a_relative_path_is_of_the_folder_that_one_is_in_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("甲", "乙"):
        word(tmp_path / name / "a.docx", f"{name}社区清扫了楼道。")
    for name in ("甲", "乙"):
        monkeypatch.chdir(tmp_path / name)
        assert texts("a.docx") == [f"{name}社区清扫了楼道。"]


def test_it_speaks_the_language_that_is_in_use_now(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(b"no document")
    said = []
    try:
        for language in ("en", "zh"):
            i18n.use(language)
            with pytest.raises(InputError) as caught:
                texts(str(tmp_path / "a.docx"))
            said.append(caught.value.problem)
    finally:
        i18n.use(None)
    assert said[0].isascii()
    assert not said[1].isascii()


def test_two_threads_have_two_children() -> None:
    """Of one, each could be given the other's article."""
    first, second = _Child.current(), _Child.current()
    try:
        assert first is not second
    finally:
        for child in (first, second):
            child.end()
