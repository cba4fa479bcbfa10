"""A model on disk: a folder of plain data. Loading executes nothing and trusts nothing.

``FILES`` is the layout. ``manifest.json`` is written last and holds the sha256 of every other
file; its own sha256 is the model's. The same corpus and seed give the same bytes: no time, no
path, no machine enters a file.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from civictag.datamodel import Label, ModelInfo
from civictag.errors import ModelError
from civictag.i18n import _, listed
from civictag.model import calibration
from civictag.model.bundle_files import (
    AGAIN,
    MANIFEST,
    SHIPPED_WEIGHTS,
    SHIPPED_WORDS,
    BundleFiles,
    parse_json,
    read_bundle,
)
from civictag.model.check_tables import check_true, remember
from civictag.model.manifest_schema import check_manifest
from civictag.model.scorer import open_model
from civictag.model.tagger import Tagger
from civictag.util import resources as shipped

#: Formats that can be read. 2 has offsets of other sentences, and may have ``paragraph.f32``; 3 has shipped
#: words.
FORMATS = (1, 2, 3)
FILES = {
    "taxonomy.json": "the label set, as it was at training",
    "words.txt": "jieba user words and their frequencies: word, space, number, a line each",
    "vocabulary.txt": "feature names, a line each; the line is the row of the weights",
    "weights.f32": "little-endian float32, one row per feature, one column per label",
    "tables.bin": "the same words, cues and names as tries, for reading without parsing",
}

#: Files that a model may have: those of before did not.
FURTHER = {
    "paragraph.f32": "as weights.f32, for the last names: what they count wherever they stand",
    SHIPPED_WORDS: "as vocabulary.txt: words that come with civictag, the same list in every such model",
    SHIPPED_WEIGHTS: "as weights.f32, of the shipped words that vocabulary.txt does not have",
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
    raw = json_bytes({"format": _format(manifest, files), **manifest, "files": hashes})
    # What is written can be loaded: better said now than when it is needed.
    check_manifest(parse_json(raw, MANIFEST), os.path.join(folder, MANIFEST), FILES, FURTHER)
    check_target(folder)
    from civictag.model.replacing import replace_folder

    replace_folder({**files, MANIFEST: raw}, folder)
    remember(hashlib.sha256(raw).hexdigest())  # its tables were made from its words and names just now


def save(tagger: Tagger, folder: str) -> None:
    """Copy a loaded model into another folder, byte for byte; a tagger cannot be changed.

    Raises:
        ModelError: its own files are gone or changed since it was loaded, or as ``write``.
    """
    files = read(tagger.info.folder)
    if files.sha256 != tagger.info.sha256:
        raise ModelError(
            _("has changed since it was loaded"), where=tagger.info.folder, hint=_("Load it again")
        )
    check_target(folder)
    from civictag.model.replacing import replace_folder

    replace_folder({**files.contents, MANIFEST: files.raw_manifest}, folder)


def check_target(folder: str) -> None:
    """Refuse to write a model over what is none or where none can be: asked before a long training.

    Raises:
        ModelError: the folder holds something else, or cannot be written.
    """
    if os.path.isdir(folder):
        wrong = os.listdir(folder) and not os.path.exists(os.path.join(folder, MANIFEST))
    else:
        wrong = os.path.lexists(folder)
    if wrong:
        raise ModelError(_("exists and is not a model"), where=folder, hint=_("Give another folder with -o"))
    from civictag.model.replacing import probe_folder

    probe_folder(folder)


def load(name_or_path: str | os.PathLike[str] = "civic") -> Tagger:
    """Load a shipped model by name, or a model folder by path.

    Raises:
        ModelError: no such model; not a model; of another format; a file missing or changed.
    """
    return open_bundle(read(find(os.fspath(name_or_path))))


def read(folder: str) -> BundleFiles:
    """The files of a model folder, checked against the manifest, and the manifest against what it must say.

    Raises:
        ModelError: as ``load``.
    """
    files = read_bundle(folder, FILES, FURTHER)
    where = files.place(MANIFEST)
    number = files.manifest.get("format")
    if number not in FORMATS or isinstance(number, bool) or not isinstance(number, int):
        raise ModelError(
            _(
                "is of format {format!r}; this version reads {known}",
                format=number,
                known=listed(FORMATS),
            ),
            where=where,
            hint=_("Train it again with this version, or install the version that made it"),
        )
    check_manifest(files.manifest, where, FILES, FURTHER)
    if number < _format(files.manifest, files.contents):  # an older version would leave out what it knows not
        raise ModelError(
            _("is of format {format!r}, but has what only later formats have", format=number),
            where=where,
            hint=_(AGAIN),
        )
    return files


def open_bundle(files: BundleFiles) -> Tagger:
    """A tagger over files that ``read`` gave.

    Raises:
        ModelError: the files do not say the same.
    """
    check_true(files)
    manifest = files.manifest
    labels = [Label(**entry) for entry in manifest["labels"]]
    calibrations = [calibration.from_data(manifest["calibration"][label.id]) for label in labels]
    place = os.path.abspath(files.folder)
    info = ModelInfo(manifest["name"], manifest["version"], files.sha256, manifest, place)
    try:
        model = open_model(files)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        problem = _("is not right: {reason}", reason=error)
        raise ModelError(problem, where=files.place(MANIFEST), hint=_(AGAIN)) from None
    return Tagger(model, labels, calibrations, info, reopen)


def reopen(folder: str, sha256: str) -> Tagger:
    """Load a model again, for a pickle; it must be the same to the byte.

    Raises:
        ModelError: as ``load``, or another model lies in the folder now.
    """
    tagger = load(folder)
    if tagger.info.sha256 != sha256:
        raise ModelError(_("is not the model that was pickled"), where=folder, hint=_("Pickle it again"))
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
    problem = _("is a file, not a model folder") if os.path.exists(name_or_path) else _("no such model")
    raise ModelError(
        problem,
        where=name_or_path,
        hint=_(
            "Give the folder that 'civictag train' wrote, or one of the shipped: {known}",
            known=listed(known) or _("none"),
        ),
    )


def json_bytes(data: object) -> bytes:
    """Readable JSON in UTF-8, keys as they come."""
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


def _format(manifest: Mapping[str, Any], files: Mapping[str, bytes]) -> int:
    """The lowest that has what the model has, so that older versions read what they can."""
    if SHIPPED_WEIGHTS in files:
        return 3
    return 2 if "other_sentences_offsets" in manifest or "paragraph.f32" in files else 1


def heaviest(name_or_path: str, count: int) -> dict[str, list[str]]:
    """The ``count`` feature names of the largest weight, one list per label; for people to look at."""
    files = read(find(name_or_path))
    check_true(files)
    names = files.contents["vocabulary.txt"].decode("utf-8").splitlines()
    weights = memoryview(files.contents["weights.f32"]).cast("f")
    labels = [entry["id"] for entry in files.manifest["labels"]]
    columns = {label: weights[at :: len(labels)].tolist() for at, label in enumerate(labels)}
    return {
        label: [names[row] for row in sorted(range(len(names)), key=lambda row: -column[row])[:count]]
        for label, column in columns.items()
    }
