"""That the files of a bundle say the same: names, words, cues and weights, as text and as tables.

The compiled backend reads ``tables.bin``, the pure Python one the plain files; a bundle whose files
tell different things would be one sha256 with two answers. The tables are a function of the plain
files, so they are made again and compared byte for byte: that also bounds what a file made by hand could
do to the kernel. It takes about a second for the shipped model, so it is done once per model and
user: what was found true is remembered by its sha256 among the user's files.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, Any

from civictag.errors import CivictagError, ModelError
from civictag.i18n import _
from civictag.model.bundle_files import (
    AGAIN,
    MANIFEST,
    SHIPPED_WEIGHTS,
    SHIPPED_WORDS,
    BundleFiles,
    every_name,
    parse_json,
)
from civictag.util import resources as shipped
from civictag.util.outputs import state_folder

if TYPE_CHECKING:
    from civictag.labels.label_set import Taxonomy

CHECK = 2  # raise it when the check asks for more than before
_LARGEST = 1e6  # of a weight; those of the shipped model are below 1
_MOST_FREQUENT = 10**9
_SKETCH_BYTES = 48  # twelve hashes (civictag.text.shingles), which would import numpy here
_KEPT = 1000  # models remembered
_true: set[str] = set()  # those of this process: a folder that cannot be written forgets


def check_true(files: BundleFiles) -> None:
    """Refuse a bundle whose plain files and tables differ, unless it was found true before.

    Raises:
        ModelError: naming the file.
    """
    if not _known(files.sha256):
        check_whole(files)
        remember(files.sha256)


def remember(sha256: str) -> None:
    """Note that the model with this sha256 is true; where the user's folder cannot be written, for now."""
    _true.add(sha256)
    with contextlib.suppress(OSError):
        folder = state_folder("models")
        os.makedirs(folder, exist_ok=True)
        names = os.listdir(folder)
        for name in names[: max(0, len(names) - _KEPT)]:
            os.unlink(os.path.join(folder, name))
        with open(os.path.join(folder, f"{sha256}-{CHECK}"), "wb"):
            pass


def check_whole(files: BundleFiles) -> None:
    """All of it, whatever is remembered: label set, words, names, weights, tables.

    Raises:
        ModelError: naming the file.
    """
    from civictag.labels.cue_matcher import cue_table
    from civictag.model.compile_tables import build_tables

    taxonomy = _label_set(files)
    words = _words(files)
    names = _names(files, "vocabulary.txt")
    labels = len(taxonomy.labels)
    _weights(files, "weights.f32", labels, len(names), whole=True)
    if "paragraph.f32" in files.contents:
        _weights(files, "paragraph.f32", labels, len(names))
    names = every_name(names, _shipped_words(files, labels))
    if len(files.contents.get("fingerprints.u32", b"")) % _SKETCH_BYTES:
        raise _wrong(files, "fingerprints.u32", _("is not a sketch per paragraph"))
    from civictag.settings import features_from_data

    features = features_from_data(files.manifest["features"])
    total = files.manifest["jieba_total"]
    try:
        tables = build_tables(names, cue_table(taxonomy.cues), (words, total), features)
    except (CivictagError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise _wrong(files, "vocabulary.txt", _("makes no tables: {reason}", reason=error)) from None
    if tables != files.contents["tables.bin"]:
        raise _wrong(files, "tables.bin", _("does not say what the label set, the words and the names say"))


def _names(files: BundleFiles, name: str) -> list[str]:
    names = _lines(files, name)
    if len(set(names)) != len(names) or not all(name[1:2] == ":" for name in names):
        raise _wrong(files, name, _("has a name twice, or one that is none"))
    return names


def _shipped_words(files: BundleFiles, labels: int) -> list[str]:
    """Words and weights stand together, and beside no weights of the last names: their rows are the last."""
    having = {SHIPPED_WORDS, SHIPPED_WEIGHTS} & {*files.contents}
    if not having:
        return []
    if len(having) == 1 or "paragraph.f32" in files.contents:
        raise _wrong(files, having.pop(), _("does not go with the other files"))
    words = _names(files, SHIPPED_WORDS)
    if not all(word.startswith(("w:", "c:")) for word in words):
        raise _wrong(files, SHIPPED_WORDS, _("has a name that is no word"))
    _weights(files, SHIPPED_WEIGHTS, labels, len(words), whole=True)
    return words


def _known(sha256: str) -> bool:
    """Whether the model was found true before, or is one that came with civictag."""
    from civictag.model.bundle_files import manifest_sha256

    if sha256 in _true:
        return True
    root = shipped.folder("models")
    if any(manifest_sha256(os.path.join(root, name)) == sha256 for name in shipped.names("models")):
        return True
    with contextlib.suppress(OSError):
        return os.path.exists(os.path.join(state_folder("models"), f"{sha256}-{CHECK}"))
    return False


def _label_set(files: BundleFiles) -> Taxonomy:
    from civictag.labels.label_set import from_data

    where, manifest = files.place("taxonomy.json"), files.manifest
    raw = parse_json(files.contents["taxonomy.json"], where)
    if not isinstance(raw, dict):
        raise _wrong(files, "taxonomy.json", _("is not a label set"))
    try:
        taxonomy = from_data(raw, where)
    except CivictagError as error:
        raise ModelError(error.problem, where=where, field=error.field, hint=_(AGAIN)) from None
    said = {"name": taxonomy.name, "version": taxonomy.version, "sha256": taxonomy.sha256}
    from dataclasses import asdict

    if manifest["label_set"] != said or list(map(asdict, taxonomy.labels)) != manifest["labels"]:
        raise _wrong(files, "taxonomy.json", _("is not the label set of the manifest"))
    return taxonomy


def _words(files: BundleFiles) -> dict[str, int]:
    from civictag.text.tokenizer import dictionary_total

    found: dict[str, int] = {}
    for line in _lines(files, "words.txt"):
        word, _blank, number = line.rpartition(" ")
        if not word or not number.isascii() or not number.isdigit() or len(number) > 9 or word in found:
            raise _wrong(files, "words.txt", _("is not a word and its frequency per line"))
        found[word] = int(number)
    if not all(found.values()) or files.manifest["jieba_total"] < max(dictionary_total(), *found.values(), 0):
        raise _wrong(files, MANIFEST, _("has a jieba_total below the frequencies of its words"))
    return found


def _lines(files: BundleFiles, name: str) -> list[str]:
    try:
        text = files.contents[name].decode("utf-8")
    except UnicodeDecodeError:
        raise _wrong(files, name, _("is not UTF-8")) from None
    lines = text.split("\n")
    if lines.pop() or text.splitlines() != lines or not all(lines):
        raise _wrong(files, name, _("is not one entry per line"))
    return lines


def _weights(files: BundleFiles, name: str, labels: int, rows: int, *, whole: bool = False) -> None:
    data = files.contents[name]
    found, rest = divmod(len(data), 4 * labels)
    if rest or found > rows or (whole and found != rows):
        raise _wrong(
            files, name, _("has {found} numbers, not {wanted}", found=len(data) // 4, wanted=rows * labels)
        )
    from array import array

    numbers: Any = array("f", data)
    # Not max(map(abs)): a comparison with NaN is false either way.
    if not all(-_LARGEST <= number <= _LARGEST for number in numbers):
        raise _wrong(files, name, _("holds numbers that are no weights"))


def _wrong(files: BundleFiles, name: str, problem: str) -> ModelError:
    return ModelError(problem, where=files.place(name), hint=_(AGAIN))
