"""What a manifest must say, checked before any of it is used: types, ranges, and that parts fit each other.

By hand and not by a schema library: jsonschema and pydantic take longer to import than a model takes
to load, and this runs at every start (0.3 ms for the shipped model). Numbers are finite already
(``bundle_files.parse_json``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from civictag.errors import ModelError
from civictag.i18n import _
from civictag.model.bundle_files import AGAIN
from civictag.util.terminal import harmless

MOST_LABELS = 10_000
_LONGEST = 20_000  # characters of a text
_LONGEST_NAME = 200
_DEPTH = 12
_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,99}\Z")
_SHA = re.compile(r"[0-9a-f]{64}\Z")
_FILE = re.compile(r"[a-z][a-z0-9_]{0,40}\.[a-z0-9]{1,10}\Z")
_LABEL_TEXTS = ("name_en", "definition", "definition_en", "color")

# Smallest and largest value of each number.
FEATURES = {"sentence_min": (0, 10_000), "char_min": (1, 16), "char_max": (1, 16), "cue_gap": (0, 65_535)}
LATER_FEATURES = {"clauses": (0, 1)}  # bundles written before it do not have it
CALIBRATION = {
    "slope": (0.0, 1e6),  # 0: a label of which nothing could be learned has one probability for all
    "intercept": (-1e6, 1e6),
    "threshold": (1e-9, 1.0),
    "low": (0.0, 1.0),
    "high": (0.0, 1.0),
}
_WEIGHT = (-1e6, 1e6)
_COUNTS = ("paragraphs", "articles")
_SHARES = ("precision", "recall", "f1", "f1_low", "f1_high")
_ERRORS = ("true_positives", "false_positives", "false_negatives", "true_negatives")


class _Wrong(Exception):
    """(field, problem)."""


def check_manifest(
    manifest: Mapping[str, Any], where: str, files: Collection[str], further: Collection[str]
) -> None:
    """Refuse a manifest that a model could not be made from, or whose numbers mean nothing.

    Args:
        manifest: parsed by ``bundle_files.parse_json``.
        where: its path, for the message.
        files: names that ``files`` must list.
        further: names that it may list besides.

    Raises:
        ModelError: naming the field.
    """
    try:
        _walk(manifest, "", _DEPTH)
        for name in ("name", "version"):
            _name(manifest, name)
        ids = _labels(manifest)
        features = _mapping(manifest, "features")
        later = {name: range_ for name, range_ in LATER_FEATURES.items() if name in features}
        _numbers(features, FEATURES | later, "features", whole=True)
        if manifest["features"]["char_min"] > manifest["features"]["char_max"]:
            raise _Wrong("features", _("has char_min above char_max"))
        _number(manifest, "jieba_total", (1, 10**15), "jieba_total", whole=True)
        _number(manifest, "company", (0.0, 1.0), "company")
        _weights(manifest, ids)
        _calibrations(manifest, ids)
        _provenance(manifest, ids)
        _hashes(_mapping(manifest, "files"), files, further)
    except _Wrong as wrong:
        field, problem = wrong.args
        raise ModelError(problem, where=where, field=field or None, hint=_(AGAIN)) from None


def _labels(manifest: Mapping[str, Any]) -> list[str]:
    entries = _get(manifest, "labels", "labels")
    if not isinstance(entries, list) or not 0 < len(entries) <= MOST_LABELS:
        raise _Wrong("labels", _("is not a list of 1 to {most} labels", most=MOST_LABELS))
    for at, entry in enumerate(entries):
        field = f"labels[{at}]"
        needed = {"id", "name"}
        if not isinstance(entry, Mapping) or not needed <= set(entry) <= needed.union(_LABEL_TEXTS):
            raise _Wrong(field, _("is not a label"))
        if not isinstance(entry["id"], str) or not _ID.match(entry["id"]):
            raise _Wrong(f"{field}.id", _("is not an id"))
        _name(entry, "name", f"{field}.name")
        for name in set(_LABEL_TEXTS) & set(entry):
            if not isinstance(entry[name], str):
                raise _Wrong(f"{field}.{name}", _("is not a text"))
    ids = [entry["id"] for entry in entries]
    if len(set(ids)) != len(ids):
        raise _Wrong("labels", _("has an id twice"))
    return ids


def _weights(manifest: Mapping[str, Any], ids: list[str]) -> None:
    """The numbers that are one per label: biases, and from format 2 on offsets."""
    for name in ("biases", "other_sentences_offsets"):
        if name == "biases" or name in manifest:
            _of_labels(manifest, name, ids)
            _numbers(manifest[name], dict.fromkeys(ids, _WEIGHT), name)


def _calibrations(manifest: Mapping[str, Any], ids: list[str]) -> None:
    _of_labels(manifest, "calibration", ids)
    for ident, entry in manifest["calibration"].items():
        field = f"calibration.{ident}"
        if not isinstance(entry, Mapping):
            raise _Wrong(field, _("is not a calibration"))
        _numbers(entry, CALIBRATION, field)
        if entry["low"] > entry["high"]:
            raise _Wrong(field, _("has low above high"))


def _provenance(manifest: Mapping[str, Any], ids: list[str]) -> None:
    """What is shown of a model and does not score: shown without asking, so it is checked as well."""
    label_set, corpus = _mapping(manifest, "label_set"), _mapping(manifest, "corpus")
    for name in ("name", "version"):
        _name(label_set, name, f"label_set.{name}")
    for part, field in ((label_set, "label_set.sha256"), (corpus, "corpus.sha256")):
        if not _is_sha(_get(part, "sha256", field)):
            raise _Wrong(field, _("is not a sha256"))
    for name in _COUNTS:
        _number(corpus, name, (0, 10**12), f"corpus.{name}", whole=True)
    _number(_mapping(manifest, "training"), "seed", (-(2**63), 2**63), "training.seed", whole=True)
    _figures(_mapping(manifest, "out_of_fold"), ids)
    _learned(manifest, ids)


def _learned(manifest: Mapping[str, Any], ids: list[str]) -> None:
    """How it was learned and of which labels that failed; bundles written before have less of it."""
    for name in {"chosen", "libraries", "not_learned"} & set(manifest):
        if manifest[name] is not None:
            _mapping(manifest, name)
    failed = manifest.get("not_learned") or {}
    if not set(failed) <= {*ids} or not all(isinstance(why, Mapping) for why in failed.values()):
        raise _Wrong("not_learned", _("is not of the labels"))
    hardly = manifest.get("hardly_learned") or []
    if not isinstance(hardly, list) or not all(name in ids for name in hardly):
        raise _Wrong("hardly_learned", _("is not of the labels"))
    libraries = (manifest.get("libraries") or {}).values()
    if not all(isinstance(version, str) for version in libraries):
        raise _Wrong("libraries", _("is not of names and versions"))


def _figures(figures: Mapping[str, Any], ids: list[str]) -> None:
    """Shares and counts of each label and average; a label of which nothing could be learned has none."""
    for ident in figures:
        field = f"out_of_fold.{ident}"
        row = _mapping(figures, ident, field)
        for name in _SHARES[:3] if ident in ids else ():
            _get(row, name, f"{field}.{name}")
        for name in set(_SHARES) & set(row):
            if row[name] is not None:
                _number(row, name, (0.0, 1.0), f"{field}.{name}")
        for name in set(_ERRORS) & set(row):
            _number(row, name, (0, 10**12), f"{field}.{name}")


def _hashes(files: Mapping[str, Any], wanted: Collection[str], further: Collection[str]) -> None:
    for name, digest in files.items():
        if not _FILE.match(name) or not _is_sha(digest):
            raise _Wrong("files", _("is not a list of file names with their sha256"))
    if missing := sorted(set(wanted) - set(files)):
        raise _Wrong("files", _("lacks {name!r}", name=missing[0]))
    if odd := sorted(set(files).difference(wanted, further)):
        raise _Wrong("files", _("lists {name!r}, which no model of its format has", name=odd[0]))


def _walk(value: Any, field: str, depth: int) -> None:
    """Texts everywhere are harmless and of moderate length, and nothing is nested deep."""
    if isinstance(value, str):
        if len(value) > _LONGEST or not harmless(value, lines=True):
            raise _Wrong(field, _("holds control characters, or is too long"))
    elif isinstance(value, (Mapping, list)):
        if not depth:
            raise _Wrong(field, _("is nested too deep"))
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        for key, part in pairs:
            if isinstance(key, str):
                _walk(key, field, depth)
            _walk(part, field or str(key)[:40], depth - 1)


def _get(data: Mapping[str, Any], name: str, field: str) -> Any:
    if name not in data:
        raise _Wrong(field.rpartition(".")[0], _("lacks {name!r}", name=name))
    return data[name]


def _mapping(data: Mapping[str, Any], name: str, field: str = "") -> Mapping[str, Any]:
    found = _get(data, name, field or name)
    if not isinstance(found, Mapping):
        raise _Wrong(field or name, _("is not an object"))
    return found


def _of_labels(manifest: Mapping[str, Any], name: str, ids: list[str]) -> None:
    found = list(_mapping(manifest, name))
    for ident in ids:
        if ident not in found:
            raise _Wrong(name, _("lacks {name!r}", name=ident))
    if found != ids:
        raise _Wrong(name, _("is not that of the labels, in their order"))


def _name(data: Mapping[str, Any], name: str, field: str = "") -> None:
    text = _get(data, name, field or name)
    if not isinstance(text, str) or not 0 < len(text) <= _LONGEST_NAME or not harmless(text):
        problem = _("is not a printable name of 1 to {most} characters", most=_LONGEST_NAME)
        raise _Wrong(field or name, problem)


def _numbers(
    data: Mapping[str, Any], ranges: Mapping[str, tuple[float, float]], field: str, *, whole: bool = False
) -> None:
    for name, range_ in ranges.items():
        _number(data, name, range_, f"{field}.{name}", whole=whole)
    if odd := sorted(set(data) - set(ranges)):
        raise _Wrong(field, _("has settings that this version does not know: {names}", names=", ".join(odd)))


def _number(
    data: Mapping[str, Any], name: str, range_: tuple[float, float], field: str, *, whole: bool = False
) -> None:
    value, (low, high) = _get(data, name, field), range_
    kinds = (int,) if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds):
        raise _Wrong(field, _("is not a number") if not whole else _("is not a whole number"))
    if not low <= value <= high:
        problem = _("is {value:g}, not between {low:g} and {high:g}", value=value, low=low, high=high)
        raise _Wrong(field, problem)


def _is_sha(value: object) -> bool:
    return isinstance(value, str) and bool(_SHA.match(value))
