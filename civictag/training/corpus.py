"""Labelled paragraphs in JSON lines: read with every line checked, written back as they came.

A line is ``{"doc", "para", "title", "text", "labels"}`` and further keys, which are kept.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence

from civictag.datamodel import LabelledParagraph
from civictag.errors import CorpusError

_OWN_KEYS = frozenset({"doc", "para", "text", "labels", "title", "source"})


def read_corpus(
    paths: Iterable[str | os.PathLike[str]], labels: Sequence[str] | None = None
) -> list[LabelledParagraph]:
    """Read ``.jsonl`` files, and folders of them (sorted), into one list.

    Args:
        paths: files or folders; a ``doc`` groups paragraphs within its own file.
        labels: the known label ids; any other raises. None accepts every label.

    Raises:
        CorpusError: no such file, a broken line, a field of the wrong type, an unknown label,
            or no paragraph at all.
    """
    files = corpus_files(paths)
    rows = [row for file in files for row in _read_file(file, labels)]
    if not rows:
        raise CorpusError(
            "has no paragraphs",
            where=", ".join(files) or "corpus",
            hint='A line looks like {"doc": "a1", "para": 1, "text": "…", "labels": []}',
        )
    return rows


def corpus_files(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """The files of a corpus: those named, and the ``.jsonl`` files of folders, sorted.

    Raises:
        CorpusError: no such file or folder, or a folder without such files.
        TypeError: one text where a list is meant.
    """
    if isinstance(paths, str | os.PathLike):
        raise TypeError(f"paths is one path, not a list: give [{os.fspath(paths)!r}]")
    return [file for path in paths for file in _files(os.fspath(path))]


def write_corpus(rows: Iterable[LabelledParagraph]) -> Iterator[str]:
    """Yield one JSON line (with its line end) a paragraph, keys in the order of the contract."""
    for row in rows:
        data: dict[str, object] = {
            "doc": row.doc,
            "para": row.para,
            "title": row.title,
            "text": row.text,
            "labels": list(row.labels),
        }
        if row.source:
            data["source"] = row.source
        yield json.dumps({**data, **row.extra}, ensure_ascii=False) + "\n"


def corpus_sha256(rows: Iterable[LabelledParagraph]) -> str:
    """Hash of what training sees, in order: article, title, text, labels."""
    digest = hashlib.sha256()
    for row in rows:
        seen = [row.group, row.title, row.text, sorted(row.labels)]
        digest.update(json.dumps(seen, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _files(path: str) -> list[str]:
    if os.path.isdir(path):
        names = sorted(name for name in os.listdir(path) if name.endswith(".jsonl"))
        if not names:
            raise CorpusError("holds no .jsonl file", where=path)
        return [os.path.join(path, name) for name in names]
    if not os.path.exists(path):
        raise CorpusError("no such file or folder", where=path, hint="Check the path")
    return [path]


def _read_file(path: str, labels: Sequence[str] | None) -> Iterator[LabelledParagraph]:
    name = os.path.splitext(os.path.basename(path))[0]
    try:
        with open(path, encoding="utf-8-sig") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield _parse(line, path, number, name, labels)
    except UnicodeDecodeError as error:
        raise CorpusError(
            f"is not UTF-8 (byte {error.start})", where=path, hint="Save the corpus as UTF-8"
        ) from None
    except OSError as error:
        raise CorpusError(f"cannot be read: {error.strerror}", where=path) from None


def _parse(line: str, path: str, number: int, name: str, known: Sequence[str] | None) -> LabelledParagraph:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusError(
            f"not valid JSON: {error}", where=path, line=number, hint="Each line is one JSON object"
        ) from None
    if not isinstance(data, dict):
        raise CorpusError("is not a JSON object", where=path, line=number)
    text = data.get("text")
    if not isinstance(text, str) or not text.strip():
        raise CorpusError("is missing or empty", where=path, line=number, field="text")
    title = str(data.get("title") or "")
    _check_whole({"text": text, "title": title}, path, number)
    return LabelledParagraph(
        doc=str(data.get("doc", number)),
        para=_integer(data.get("para", number), path, number),
        text=text,
        labels=_labels(data, path, number, known),
        title=title,
        source=str(data.get("source") or ""),
        extra={key: value for key, value in data.items() if key not in _OWN_KEYS},
        file=name,
    )


def _check_whole(texts: dict[str, str], path: str, number: int) -> None:
    """Refuse half a surrogate pair: JSON can write it, but no feature name and no report can."""
    for field, text in texts.items():
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise CorpusError(
                "has half a character (a lone surrogate)",
                where=path,
                line=number,
                field=field,
                hint="The program that wrote the line cut a character in two; write it again",
            )


def _integer(value: object, path: str, number: int) -> int:
    if isinstance(value, int):
        return value
    raise CorpusError(f"is {value!r}, not a whole number", where=path, line=number, field="para")


def _labels(data: dict[str, object], path: str, number: int, known: Sequence[str] | None) -> tuple[str, ...]:
    value = data.get("labels")
    if not isinstance(value, list) or not all(isinstance(label, str) for label in value):
        raise CorpusError(
            "is not a list of label ids",
            where=path,
            line=number,
            field="labels",
            hint='Write "labels": [] for a paragraph without label',
        )
    for label in value:
        if known is not None and label not in known:
            raise CorpusError(
                f"unknown label {label!r}",
                where=path,
                line=number,
                field="labels",
                hint=f"The label set has: {', '.join(known)}",
            )
    return tuple(dict.fromkeys(value))
