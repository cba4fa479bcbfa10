"""A model on disk: a folder of plain data. Loading executes nothing and trusts nothing.

``FILES`` is the layout. ``manifest.json`` is written last and holds the sha256 of every other
file; its own sha256 is the model's. The same corpus and seed give the same bytes: no time, no
path, no machine enters a file.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from typing import Any

from civictag import calibration, shipped
from civictag.errors import ModelError
from civictag.model import open_model
from civictag.tagger import ModelInfo, Tagger
from civictag.taxonomy import Label

FORMAT = 1
MANIFEST = "manifest.json"
FILES = {
    "taxonomy.json": "the label set, as it was at training",
    "words.txt": "jieba user words and their frequencies: word, space, number, a line each",
    "vocabulary.txt": "feature names, a line each; the line is the row of the weights",
    "weights.f32": "little-endian float32, a row a feature, a column a label",
    "tables.bin": "the same words, cues and names as tries, for reading without parsing",
}


def save(files: Mapping[str, bytes], manifest: Mapping[str, Any], folder: str) -> None:
    """Write a bundle: every file beside the target first, then one rename.

    Args:
        files: contents by the names of ``FILES``.
        manifest: everything else (settings, labels, calibration, scores); ``files`` is added.

    Raises:
        ModelError: the folder exists and is no model, or cannot be written.
    """
    if os.path.exists(folder) and not os.path.exists(os.path.join(folder, MANIFEST)) and os.listdir(folder):
        raise ModelError("exists and is not a model", where=folder, hint="Give another folder with -o")
    hashes = {name: hashlib.sha256(files[name]).hexdigest() for name in FILES}
    text = json_bytes({"format": FORMAT, **manifest, "files": hashes})
    parent = os.path.dirname(os.path.abspath(folder))
    try:
        os.makedirs(parent, exist_ok=True)
        fresh = tempfile.mkdtemp(prefix=".civictag-", dir=parent)
        os.chmod(fresh, 0o755)
        for name in FILES:
            _write(os.path.join(fresh, name), files[name])
        _write(os.path.join(fresh, MANIFEST), text)
        _swap(fresh, folder)
    except OSError as error:
        raise ModelError(f"cannot be written: {error.strerror}", where=folder) from None


def load(name_or_path: str = "civic") -> Tagger:
    """Load a shipped model by name, or a model folder by path.

    Raises:
        ModelError: no such model; not a model; of another format; a file missing or changed.
    """
    folder = find(name_or_path)
    manifest, digest = _manifest(folder)
    _check(folder, manifest)
    try:
        labels = [Label(**entry) for entry in manifest["labels"]]
        calibrations = [calibration.from_data(manifest["calibration"][label.id]) for label in labels]
        info = ModelInfo(str(manifest["name"]), str(manifest["version"]), digest, manifest)
        model = open_model(folder, manifest)
    except (KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"lacks {error}", where=os.path.join(folder, MANIFEST)) from None
    return Tagger(model, labels, calibrations, info)


def find(name_or_path: str) -> str:
    """The folder of a model, shipped or the user's own; the path as given wins."""
    if os.path.isdir(name_or_path):
        return name_or_path
    known = shipped.names("models")
    if name_or_path in known:
        return os.path.join(shipped.folder("models"), name_or_path)
    problem = "is a file, not a model folder" if os.path.exists(name_or_path) else "no such model"
    raise ModelError(
        problem, where=name_or_path,
        hint=f"Give the folder that 'civictag train' wrote, or one of the shipped: {', '.join(known) or 'none'}",
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
    except (OSError, ValueError) as error:
        raise ModelError(f"cannot be read: {error}", where=path, hint="Train or copy the model again") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelError("is not a civictag manifest", where=path)
    if manifest.get("format") != FORMAT:
        raise ModelError(
            f"is of format {manifest.get('format')!r}; this version reads {FORMAT}", where=path,
            hint="Train it again with this version, or install the version that made it",
        )
    return manifest, hashlib.sha256(raw).hexdigest()


def _check(folder: str, manifest: Mapping[str, Any]) -> None:
    for name in FILES:
        path = os.path.join(folder, name)
        try:
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()
        except OSError as error:
            raise ModelError(f"cannot be read: {error.strerror}", where=path, hint=_AGAIN) from None
        if digest != manifest["files"].get(name):
            raise ModelError("does not match the manifest", where=path, hint=_AGAIN)


_AGAIN = "The model is damaged: train or copy it again"


def _write(path: str, data: bytes) -> None:
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _swap(fresh: str, folder: str) -> None:
    """Put the new folder in place; an old one is moved aside first and removed last."""
    old = None
    if os.path.exists(folder):
        old = tempfile.mkdtemp(prefix=".civictag-old-", dir=os.path.dirname(fresh))
        os.rename(folder, os.path.join(old, "model"))
    os.rename(fresh, folder)
    if old:
        shutil.rmtree(old, ignore_errors=True)


def heaviest(name_or_path: str, count: int) -> dict[str, list[str]]:
    """The ``count`` feature names of the largest weight, a list a label; for people to look at."""
    folder = find(name_or_path)
    manifest, _ = _manifest(folder)
    with open(os.path.join(folder, "vocabulary.txt"), encoding="utf-8") as file:
        names = file.read().splitlines()
    with open(os.path.join(folder, "weights.f32"), "rb") as file:
        weights = memoryview(file.read()).cast("f")
    labels = [entry["id"] for entry in manifest["labels"]]
    columns = {label: weights[at :: len(labels)].tolist() for at, label in enumerate(labels)}
    return {
        label: [names[row] for row in sorted(range(len(names)), key=lambda row: -column[row])[:count]]
        for label, column in columns.items()
    }
