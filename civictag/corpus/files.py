"""Labelled paragraphs: read with every line checked, written back as JSON lines as they came.

A line is ``{"doc", "para", "title", "text", "labels"}`` and further keys, which are kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from civictag.corpus import formats
from civictag.corpus.finding import file_names, files_in, not_read, once
from civictag.corpus.formats.columns import as_text
from civictag.corpus.formats.label_names import LabelNames, UnknownLabel, all_unknown, known_labels
from civictag.corpus.left_out import Counts
from civictag.datamodel import Label, LabelledParagraph
from civictag.errors import CorpusError
from civictag.i18n import _, listed, ngettext

_NUMBERED = re.compile(r"^\s*第?\s*(\d+)\s*(?:自然)?段\s*$")
_OWN_KEYS = frozenset({"doc", "para", "text", "labels", "title", "source"})


def read_corpus(
    paths: Iterable[str | os.PathLike[str]],
    labels: Sequence[str] | Sequence[Label] | None = None,
    tell: Callable[[str], None] = lambda note: None,
) -> list[LabelledParagraph]:
    """Read files of labelled paragraphs, and folders of them (sorted), into one list.

    JSON lines, tables (CSV, TSV, Excel, Parquet), JSON arrays, and what doccano, Label Studio and fastText
    write (``civictag.corpus.formats``); the suffix says which.

    Args:
        paths: files or folders; a ``doc`` groups paragraphs within its own file.
        labels: the known labels, by whose ids, and names where ``Label`` objects are given, the corpus
            may call them; any other raises. None accepts every label as it is.
        tell: is told what was guessed or left out, with its count.

    Raises:
        CorpusError: no such file, a broken line, a field of the wrong type, an unknown label,
            or no paragraph at all.
    """
    paths = paths if isinstance(paths, str | os.PathLike) else list(paths)
    files = corpus_files(paths)
    kept = list(once(files).values())
    if len(kept) < len(files):
        again = [path for path, count in Counter(map(os.path.realpath, files)).items() if count > 1]
        tell(_("given twice and read once: {files}", files=listed(again)))
        files = kept
    known, names = known_labels(labels), file_names(files)
    rows = [row for file in files for row in _read_file(file, names[file], known, tell)]
    for note in filter(None, (*(not_read(os.fspath(path)) for path in paths), _in_several_files(rows))):
        tell(note)
    if not rows:
        raise CorpusError(
            _("has no paragraphs"),
            where=", ".join(files) or "corpus",
            hint=_('A line looks like {"doc": "a1", "para": 1, "text": "…", "labels": []}'),
        )
    return rows


def _in_several_files(rows: Sequence[LabelledParagraph]) -> str:
    """Of articles that have one name in several files, as where a file is kept per label; "" for none.

    A bare number says nothing: every file may count its own articles from 1.
    """
    files: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in rows:
        if row.title or not row.doc.isdecimal():
            files[row.doc, row.title][row.file] = None
    shared = {doc: list(found) for (doc, _title), found in files.items() if len(found) > 1}
    if not shared:
        return ""
    doc, found = next(iter(shared.items()))
    return ngettext(
        "{count} article has its name in several files ({doc}: {files}) and counts as another one in each; if"
        " it is the same article, figures are too good: put its paragraphs in one file",
        "{count} articles have their names in several files ({doc}: {files}) and count as other ones in each;"
        " if they are the same articles, figures are too good: put their paragraphs in one file",
        len(shared),
        doc=doc,
        files=listed(found[:3]),
    )


def corpus_files(paths: Iterable[str | os.PathLike[str]]) -> list[str]:
    """The files of a corpus: those named, and those of folders that have a suffix of ours, sorted.

    Raises:
        CorpusError: no such file or folder, or a folder without such files.
        TypeError: one text where a list is meant.
    """
    if isinstance(paths, str | os.PathLike):
        raise TypeError(f"paths is one path, not a list: give [{os.fspath(paths)!r}]")
    return [file for path in paths for file in files_in(os.fspath(path))]


def write_corpus(rows: Iterable[LabelledParagraph]) -> Iterator[str]:
    """Yield one JSON line (with its line end) per paragraph, keys in the order of the contract.

    NaN and infinities of further fields, which JSON has no form for, are null.
    """
    from civictag.writers.as_json import finite

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
        yield json.dumps({**data, **finite(row.extra)}, ensure_ascii=False) + "\n"


def corpus_sha256(rows: Iterable[LabelledParagraph]) -> str:
    """Hash of what training sees, in order: article, title, text, labels."""
    digest = hashlib.sha256()
    for row in rows:
        seen = [row.group, row.title, row.text, sorted(row.labels)]
        digest.update(json.dumps(seen, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


def _read_file(
    path: str, name: str, known: formats.Known, tell: Callable[[str], None]
) -> Iterator[LabelledParagraph]:
    names = LabelNames(known)
    counts = Counts()
    unknown: list[UnknownLabel] = []
    for number, record in formats.read(path, known, tell):
        if counts.takes(record):
            try:
                yield _paragraph(record, path, number, name, names)
            except UnknownLabel as error:  # the next may have another: they are mended together
                unknown.append(error)
    if unknown:
        raise all_unknown(unknown)
    counts.say(path, tell)


def _paragraph(
    data: formats.Record, path: str, number: int, name: str, names: LabelNames
) -> LabelledParagraph:
    text = data.get("text")
    if not isinstance(text, str) or not text.strip():
        raise CorpusError(_("is missing or empty"), where=path, line=number, field="text")
    if "labels" not in data and isinstance(data.get("tags"), list):
        raise CorpusError(
            _("has tags that a machine gave, and no labels of a person's"),
            where=path,
            line=number,
            field="labels",
            hint=_("Let tag --review write a list, check it, and give it with --corrections"),
        )
    title = str(data.get("title") or "")
    _check_whole(data, path, number)
    doc = data.get("doc")
    return LabelledParagraph(
        doc=as_text(doc) or str(number),
        para=_integer(data.get("para", number), path, number),
        text=text,
        labels=names.ids(data.get("labels"), path, number),
        title=title,
        source=str(data.get("source") or ""),
        extra={key: value for key, value in data.items() if key not in _OWN_KEYS},
        file=name,
    )


def _check_whole(record: formats.Record, path: str, number: int) -> None:
    """Refuse half a surrogate pair: JSON can write it, but no feature name, no report and no other format."""
    from civictag.readers.tables.damage import damage

    for field, value in record.items():
        if damage({field: value})[0]:
            raise CorpusError(
                _("has half a character (a lone surrogate)"),
                where=path,
                line=number,
                field=field,
                hint=_("The program that wrote the line cut a character in two; write it again"),
            )


def _integer(value: object, path: str, number: int) -> int:
    if isinstance(value, str):  # a cell of a table: 3, 3.0, 第3段
        with contextlib.suppress(ValueError):
            value = float(_NUMBERED.sub(r"\1", value))
    if isinstance(value, int) and not isinstance(value, bool):  # JSON's true is 1 to Python
        return value
    if isinstance(value, float) and value.is_integer():  # 2.0: how a data frame writes whole numbers
        return int(value)
    raise CorpusError(
        _("is {value!r}, not a whole number", value=value), where=path, line=number, field="para"
    )
