"""A model on disk: a folder of plain data. Loading executes nothing and trusts nothing.

``FILES`` is the layout. ``manifest.json`` is written last and holds the sha256 of every other
file; its own sha256 is the model's. The same corpus and seed give the same bytes: no time, no
path, no machine enters a file.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from typing import Any

from civictag.datamodel import Label
from civictag.errors import ModelError
from civictag.model import calibration
from civictag.model.scorer import open_model
from civictag.model.tagger import ModelInfo, Tagger
from civictag.settings import features_from_data
from civictag.util import resources as shipped

#: Formats that can be read. 2 has offsets of other sentences, and may have ``paragraph.f32``.
FORMATS = (1, 2)
MANIFEST = "manifest.json"
FILES = {
    "taxonomy.json": "the label set, as it was at training",
    "words.txt": "jieba user words and their frequencies: word, space, number, a line each",
    "vocabulary.txt": "feature names, a line each; the line is the row of the weights",
    "weights.f32": "little-endian float32, a row a feature, a column a label",
    "tables.bin": "the same words, cues and names as tries, for reading without parsing",
}

#: Files that a model may have: those of before did not.
FURTHER = {
    "paragraph.f32": "as weights.f32, for the last names: what they count wherever they stand",
    "fingerprints.u32": "sketches of the training paragraphs (civictag.text.shingles), little-endian uint32",
}


def write(files: Mapping[str, bytes], manifest: Mapping[str, Any], folder: str) -> None:
    """Write a bundle: every file beside the target first, then one rename.

    Args:
        files: contents by the names of ``FILES``.
        manifest: everything else (settings, labels, calibration, scores); ``files`` is added.

    Raises:
        ModelError: the folder exists and is no model, or cannot be written; an older model
            there is then as it was.
    """
    names = [*FILES, *(name for name in FURTHER if name in files)]
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in names}
    whole = {"format": _format(manifest), **manifest, "files": hashes}
    _place({**files, MANIFEST: json_bytes(whole)}, folder)


def save(tagger: Tagger, folder: str) -> None:
    """Copy a loaded model into another folder, byte for byte; a tagger cannot be changed.

    Raises:
        ModelError: its own files are gone or changed since it was loaded, or as ``write``.
    """
    source = tagger.info.folder
    manifest, digest = _manifest(source)
    _check(source, manifest)
    if digest != tagger.info.sha256:
        raise ModelError("has changed since it was loaded", where=source, hint="Load it again")
    _place({name: _bytes(os.path.join(source, name)) for name in (*_names(manifest), MANIFEST)}, folder)


def check_target(folder: str) -> None:
    """Refuse to write a model over what is none: asked before a long training, not after it.

    Raises:
        ModelError: the folder holds something else.
    """
    if os.path.isdir(folder):
        wrong = os.listdir(folder) and not os.path.exists(os.path.join(folder, MANIFEST))
    else:
        wrong = os.path.lexists(folder)
    if wrong:
        raise ModelError("exists and is not a model", where=folder, hint="Give another folder with -o")


def load(name_or_path: str | os.PathLike[str] = "civic") -> Tagger:
    """Load a shipped model by name, or a model folder by path.

    Raises:
        ModelError: no such model; not a model; of another format; a file missing or changed.
    """
    folder = find(os.fspath(name_or_path))
    manifest, digest = _manifest(folder)
    _check(folder, manifest)
    try:
        labels = [Label(**entry) for entry in manifest["labels"]]
        if list(manifest["biases"]) != [label.id for label in labels]:
            raise ValueError("its biases are not those of its labels")
        features_from_data(manifest["features"])  # an backend that has no such knob would ignore it
        calibrations = [calibration.from_data(manifest["calibration"][label.id]) for label in labels]
        place = os.path.abspath(folder)
        info = ModelInfo(str(manifest["name"]), str(manifest["version"]), digest, manifest, place)
        model = open_model(folder, manifest)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        told = f"lacks {error}" if isinstance(error, KeyError) else f"is not right: {error}"
        raise ModelError(told, where=os.path.join(folder, MANIFEST), hint=_AGAIN) from None
    return Tagger(model, labels, calibrations, info, reopen)


def reopen(folder: str, sha256: str) -> Tagger:
    """Load a model again, for a pickle; it must be the same to the byte.

    Raises:
        ModelError: as ``load``, or another model lies in the folder now.
    """
    tagger = load(folder)
    if tagger.info.sha256 != sha256:
        raise ModelError("is not the model that was pickled", where=folder, hint="Pickle it again")
    return tagger


def find(name_or_path: str) -> str:
    """The folder of a model, the user's own or shipped.

    A folder that is no model does not hide a shipped one: ``corpus/`` has a ``civic`` too.
    """
    known = shipped.names("models")
    if os.path.isfile(os.path.join(name_or_path, MANIFEST)):
        return name_or_path
    if os.path.isdir(name_or_path) and name_or_path not in known:
        return name_or_path
    if name_or_path in known:
        return os.path.join(shipped.folder("models"), name_or_path)
    problem = "is a file, not a model folder" if os.path.exists(name_or_path) else "no such model"
    raise ModelError(
        problem,
        where=name_or_path,
        hint="Give the folder that 'civictag train' wrote, or one of the shipped: "
        + (", ".join(known) or "none"),
    )


def json_bytes(data: object) -> bytes:
    """Readable JSON in UTF-8, keys as they come."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _manifest(folder: str) -> tuple[dict[str, Any], str]:
    path = os.path.join(folder, MANIFEST)
    try:
        with open(path, "rb") as file:
            raw = file.read()
        manifest = json.loads(raw)
    except FileNotFoundError:
        raise ModelError("is not a model: it has no manifest.json", where=folder) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"cannot be read: {error}", where=path, hint=_AGAIN) from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelError("is not a civictag manifest", where=path)
    if manifest.get("format") not in FORMATS:
        raise ModelError(
            f"is of format {manifest.get('format')!r}; this version reads {' and '.join(map(str, FORMATS))}",
            where=path,
            hint="Train it again with this version, or install the version that made it",
        )
    return manifest, hashlib.sha256(raw).hexdigest()


def _format(manifest: Mapping[str, Any]) -> int:
    """The lowest that has what the model has, so that older versions read what they can."""
    return 2 if "other_sentences_offsets" in manifest else 1


def _names(manifest: Mapping[str, Any]) -> list[str]:
    """The files of a model besides its manifest; a newer version's further ones are left alone."""
    return [*FILES, *(name for name in FURTHER if name in manifest["files"])]


def _check(folder: str, manifest: Mapping[str, Any]) -> None:
    for name in _names(manifest):
        path = os.path.join(folder, name)
        try:
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
        except OSError as error:
            raise ModelError(f"cannot be read: {error.strerror}", where=path, hint=_AGAIN) from None
        if digest != manifest["files"].get(name):
            raise ModelError("does not match the manifest", where=path, hint=_AGAIN)


_AGAIN = "The model is damaged: train or copy it again"


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _place(contents: Mapping[str, bytes], folder: str) -> None:
    """All files, in order, into a fresh folder beside the target, which is then put in place."""
    check_target(folder)
    parent = os.path.dirname(os.path.abspath(folder))
    try:
        os.makedirs(parent, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".civictag-", dir=parent) as room:
            fresh = os.path.join(room, "fresh")
            os.mkdir(fresh)
            for name, data in contents.items():
                _write(os.path.join(fresh, name), data)
            _swap(fresh, folder, os.path.join(room, "old"))
    except OSError as error:
        raise ModelError(f"cannot be written: {error.strerror}", where=folder) from None


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _swap(fresh: str, folder: str, aside: str) -> None:
    """Put the new folder in place; an old one is moved aside, and back when that fails."""
    if not os.path.exists(folder):
        os.rename(fresh, folder)
        return
    os.rename(folder, aside)
    try:
        os.rename(fresh, folder)
    except BaseException:
        os.rename(aside, folder)
        raise


def heaviest(name_or_path: str, count: int) -> dict[str, list[str]]:
    """The ``count`` feature names of the largest weight, a list a label; for people to look at."""
    folder = find(name_or_path)
    manifest, _ = _manifest(folder)
    with open(os.path.join(folder, "vocabulary.txt"), encoding="utf-8") as file:
        names = file.read().splitlines()
    weights = memoryview(_bytes(os.path.join(folder, "weights.f32"))).cast("f")
    labels = [entry["id"] for entry in manifest["labels"]]
    columns = {label: weights[at :: len(labels)].tolist() for at, label in enumerate(labels)}
    return {
        label: [names[row] for row in sorted(range(len(names)), key=lambda row: -column[row])[:count]]
        for label, column in columns.items()
    }
