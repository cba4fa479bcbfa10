"""Bundles that mean harm, made from a good one: (name, change) pairs, with hashes that fit or that do not."""

from __future__ import annotations

import hashlib
import json
import math
import os
import pickle
import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

Change = Callable[[Path], None]
PLAIN = ("taxonomy.json", "vocabulary.txt", "words.txt", "tables.bin", "weights.f32")


class Evil:
    """A pickle that would be noticed."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch /tmp/civictag-was-here",)


def seal(folder: Path) -> None:
    """Make the manifest's hashes fit what lies in the folder."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text("utf-8"))
    for name in manifest["files"]:
        if (folder / name).is_file():
            manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest, ensure_ascii=True), "utf-8")


def manifest_with(place: str, value: object) -> Change:
    """One value of the manifest changed; ``place`` is its keys and numbers with dots. ``...`` removes it."""

    def change(folder: Path) -> None:
        path = folder / "manifest.json"
        manifest = json.loads(path.read_text("utf-8"))
        *way, last = [int(key) if key.isdigit() else key for key in place.split(".")]
        at = manifest
        for key in way:
            at = at[key]
        if value is ...:
            del at[last]
        else:
            at[last] = value
        path.write_text(json.dumps(manifest), "utf-8")

    return change


def raw(name: str, old: str, new: str) -> Change:
    """The text of a file changed, for what JSON's writer would not write."""

    def change(folder: Path) -> None:
        text = (folder / name).read_text("utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1), "utf-8")

    return change


def whole(name: str, data: bytes) -> Change:
    """A file replaced."""

    def change(folder: Path) -> None:
        (folder / name).write_bytes(data)

    return change


def bytes_of(name: str, change: Callable[[bytes], bytes]) -> Change:
    """A file's bytes changed."""
    return lambda folder: (folder / name).write_bytes(change((folder / name).read_bytes())) and None


NUMBERS: dict[str, tuple[object, ...]] = {
    "calibration.tidy.slope": (-1, 10**17, "0.5", True, None, [], {}),
    "calibration.tidy.intercept": (1e9, -1e9, "x", None, False),
    "calibration.tidy.threshold": (0, -1, 2, "0.5", True, None),
    "calibration.tidy.low": (-0.1, 1.1, 0.999, "0", None),
    "calibration.tidy.high": (-0.1, 1.1, 0.0, "1", None),
    "company": (-5, 1.5, 10**15, "0.2", True, None, []),
    "jieba_total": (0, 1, -1, 10**16, 1.5, "60000000", True, None),
    "biases.tidy": (1e9, -1e9, "0", True, None, [0]),
    "features.char_min": (0, 17, 4, 1.5, "2", True),
    "features.char_max": (0, 10**9, 1, "3", None),
    "features.cue_gap": (-1, 70_000, "8"),
    "features.sentence_min": (-1, 10**6, None),
    "features.clauses": (2, -1, "1", True, None),
    "format": (0, 99, "1", True, 1.0, None),
    "training.seed": ("0", None, 0.5),
    "corpus.paragraphs": (-1, "60", None),
    "corpus.articles": (1.5, [], ...),
    "out_of_fold.tidy.f1": ("1", 2, -1, ...),
    "out_of_fold.lend": (None, 1),
    "out_of_fold.lend.true_positives": ("1", -1, True, None, []),
    "out_of_fold.micro": (None, 1, []),
    "out_of_fold.micro.f1": ("1", 2, True),
}
NAMES = (
    5, None, [], {}, "", "a" * 300,
    "\ud800", "\x1b]0;owned\x07", "\x1b[2J", "\x9b31m", "a\nb", "\u202egpj.exe",
    "a\u2028b", "\x00", True,
)  # fmt: skip
PLACES = ("name", "version", "labels.0.name", "label_set.name", "labels.1.id")
MISSING = (
    "name", "version", "labels", "features", "jieba_total", "company", "biases", "calibration", "corpus",
    "training", "out_of_fold", "label_set", "biases.lend", "calibration.mend", "calibration.tidy.low",
    "features.cue_gap", "labels.0.id", "labels.0.name", "corpus.sha256", "label_set.sha256",
)  # fmt: skip
WRITTEN = ("NaN", "Infinity", "-Infinity", "1e400", "1" + "0" * 400, "1" + "0" * 5000, "[" * 90_000)
_FLOAT = '"slope": '


def of_manifest(good: Path) -> Iterator[tuple[str, Change]]:
    """Every field damaged."""
    for place, values in NUMBERS.items():
        for value in values:
            yield f"{place}={str(value)[:20]}", manifest_with(place, value)
    for place in PLACES:
        for name in NAMES:
            yield f"{place} {name!r:.20}", manifest_with(place, name)
    for place in MISSING:
        yield f"no {place}", manifest_with(place, ...)
    for value in (5, "x", True, [], {"tidy": 1}, {"nobody": {}}, [{"a": 1}]):
        yield f"not_learned {value!r}", manifest_with("not_learned", value or 0.5)
    for value in (5, "x", {"tidy": 1}, ["nobody"], [["tidy"]], [{}]):
        yield f"hardly_learned {value!r}", manifest_with("hardly_learned", value)
    for value in (5, "x", True, [1]):
        yield f"chosen {value!r}", manifest_with("chosen", value)
        yield f"libraries {value!r}", manifest_with("libraries", value)
    yield "a library of no version", manifest_with("libraries", {"numpy": 2})
    yield "a key twice", raw("manifest.json", "{", '{"name": "other",')
    yield "a key twice, deeper", raw("manifest.json", '"features": {', '"features": {"cue_gap": 1,')
    yield "a file of nobody", manifest_with("files.later", "0" * 64)
    yield "a file of a later version", manifest_with("files", _with_later(good))
    for place in ("labels", "biases", "calibration", "features", "files", "corpus", "label_set"):
        for value in ([], {}, 0, "x", None):
            yield f"{place} {value!r}", manifest_with(place, value)
    yield "an id twice", manifest_with("labels.1.id", "tidy")
    yield (
        "a label of another shape",
        manifest_with("labels.0", {"id": "a", "name": "x", "__class__": "os"}),
    )
    yield "a knob more", manifest_with("features.emoji", 1)
    yield "a bias more", manifest_with("biases.more", 1)
    yield "a file outside", manifest_with("files", {"../../etc/passwd": "0" * 64})
    yield "very deep", manifest_with("libraries", json.loads("[" * 500 + "]" * 500))
    yield "an escape in a library's name", manifest_with("libraries", {"\x1b[2J": "1"})
    yield "a long text", manifest_with("labels.0.definition", "字" * 30_000)
    text = (good / "manifest.json").read_text("utf-8")
    slope = str(json.loads(text)["calibration"]["tidy"]["slope"])
    for number in WRITTEN:
        yield f"slope {number[:12]}", raw("manifest.json", f"{_FLOAT}{slope}", f"{_FLOAT}{number}")
    for data in (
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe{}",
        pickle.dumps(Evil()),
        b"\x00" * 4096,
        b"[" * 10**6,
    ):
        yield f"manifest {data[:8]!r}", whole("manifest.json", data)


def _with_later(good: Path) -> dict[str, str]:
    manifest = json.loads((good / "manifest.json").read_text("utf-8"))
    return {**manifest["files"], "later.f32": "0" * 64}


def of_shipped(good: Path) -> Iterator[tuple[str, Change]]:
    """A bundle of format 3, its shipped words and their weights damaged, with hashes that fit."""
    words, weights = "shipped_words.txt", "shipped_weights.f32"
    lines = (good / words).read_bytes().splitlines(keepends=True)
    for number in (1, 2):
        yield f"format {number} with shipped words", manifest_with("format", number)
    for name in (words, weights):
        size = (good / name).stat().st_size
        yield f"{name} unlisted", unlisted(name)
        for title, change in {
            "empty": lambda d: b"", "half": lambda d: d[: len(d) // 2], "longer": lambda d: d + b"x",
            "doubled": lambda d: d + d, "shorter": lambda d: d[:-4], "reversed": lambda d: d[::-1],
        }.items():  # fmt: skip
            yield f"{name} {title}", bytes_of(name, change)
        yield f"{name} a pickle", whole(name, pickle.dumps(Evil()))
        yield f"{name} random", whole(name, os.urandom(size))
    for title, first in {
        "in another order": lines[1] + lines[0],
        "a name twice": lines[0] * 2,
        "a name of a cue": b"k:tidy.strong\n" + lines[1],
        "half a character": b"w:\xed\xa0\x80\n" + lines[1],
        "a NUL": b"w:\x00\n" + lines[1],
        "no family": b"word\n" + lines[1],
        "a blank line": b"\n" + lines[1],
        "U+2028": b"w:\xe2\x80\xa8\n" + lines[1],
        "a user word": b"u:a\n" + lines[1],
        "a literal": b"l:a\n" + lines[1],
        "a mark of order": b"\xef\xbb\xbf" + lines[0] + lines[1],
        "carriage returns": lines[0].replace(b"\n", b"\r\n") + lines[1],
    }.items():
        yield f"shipped words: {title}", whole(words, b"".join([first, *lines[2:]]))
    for at in (0, 8, -4):
        for number in (math.nan, math.inf, -math.inf, 1e30, -2e6):
            yield (
                f"shipped weight {number} at {at}",
                bytes_of(weights, poke(number, at % (12 * len(lines)))),
            )
    yield "weights of the last names beside", beside("paragraph.f32", bytes(12))
    yield "shipped weights of another model's length", bytes_of(weights, lambda d: d[:-12])


def beside(name: str, data: bytes) -> Change:
    """A file more, listed."""

    def change(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        manifest["files"][name] = "0" * 64
        (folder / name).write_bytes(data)
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    return change


def unlisted(name: str) -> Change:
    """A file that the manifest does not name."""

    def change(folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        del manifest["files"][name]
        (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")

    return change


def of_files(good: Path) -> Iterator[tuple[str, Change]]:
    """The other files damaged, with hashes that fit."""
    for name in PLAIN:
        size = (good / name).stat().st_size
        for title, data in {
            "empty": b"", "pickle": pickle.dumps(Evil()), "zeros": bytes(size), "random": os.urandom(size),
            "newlines": b"\n" * 100, "elf": b"\x7fELF" + bytes(200), "zip": b"PK\x03\x04" + bytes(200),
        }.items():  # fmt: skip
            yield f"{name} {title}", whole(name, data)
        for title, change in {
            "half": lambda d: d[: len(d) // 2], "longer": lambda d: d + b"x", "shorter": lambda d: d[:-4],
            "reversed": lambda d: d[::-1], "doubled": lambda d: d + d,
            "a bit": lambda d: d[: len(d) // 2] + bytes([d[len(d) // 2] ^ 1]) + d[len(d) // 2 + 1 :],
        }.items():  # fmt: skip
            yield f"{name} {title}", bytes_of(name, change)
    lines = (good / "vocabulary.txt").read_bytes().splitlines(keepends=True)
    yield "names in another order", whole("vocabulary.txt", b"".join([lines[1], lines[0], *lines[2:]]))
    yield "a name twice", whole("vocabulary.txt", b"".join([lines[0], lines[0], *lines[2:]]))
    yield "a name with U+2028", whole("vocabulary.txt", b"w:\xe2\x80\xa8\n" + b"".join(lines[1:]))
    yield "a word of frequency 0", bytes_of("words.txt", lambda d: d.replace(d.split()[1], b"0", 1))
    yield (
        "a word of frequency 10^30",
        bytes_of("words.txt", lambda d: d.replace(d.split()[1], b"1" + b"0" * 30, 1)),
    )
    for number in (math.nan, math.inf, -math.inf, 1e30):
        for at in (0, 8):
            yield f"weight {number} at {at}", bytes_of("weights.f32", poke(number, at))
    yield from of_label_set(good)
    for at in sorted({*range(40, 320, 16)} - {120}):  # there it says 64 already
        yield f"section at {at}", bytes_of("tables.bin", poke_section(at))
    yield "one long chain", bytes_of("tables.bin", chain)


def of_label_set(good: Path) -> Iterator[tuple[str, Change]]:
    """The label set of a bundle, as JSON."""
    data = json.loads((good / "taxonomy.json").read_text("utf-8"))
    doubling = {f"s{i}": [f"<s{i + 1}>", f"<s{i + 1}>"] for i in range(30)} | {"s30": ["a", "b"]}
    chain_of = {f"s{i}": [f"<s{i + 1}>"] for i in range(3000)} | {"s3000": ["a"]}
    for title, change in {
        "sets that double": {"sets": doubling, "context": {"x": ["<s0>"]}},
        "a chain of sets": {"sets": chain_of, "context": {"x": ["<s0>"]}},
        "no labels": {"labels": []},
        "labels of another kind": {"labels": {"a": 1}},
        "cues of another kind": {"context": {"x": 5}},
        "format of tomorrow": {"format": 99},
        "cues left out": {"context": {}, "labels": [{**entry, "cues": {}} for entry in data["labels"]]},
        "another name": {"labels": [{**data["labels"][0], "name": "other"}, *data["labels"][1:]]},
    }.items():
        yield title, whole("taxonomy.json", json.dumps({**data, **change}, ensure_ascii=False).encode())
    yield "a label set nested deep", whole("taxonomy.json", b'{"a":' * 100_000 + b"1" + b"}" * 100_000)
    yield "a label set with NaN", whole("taxonomy.json", json.dumps({**data, "x": math.nan}).encode())


def of_kinds() -> Iterator[tuple[str, Change]]:
    """Files that are none; hashes cannot fit."""

    def fifo(name: str) -> Change:
        def change(folder: Path) -> None:
            (folder / name).unlink()
            os.mkfifo(folder / name)

        return change

    def link(name: str, to: str) -> Change:
        def change(folder: Path) -> None:
            (folder / name).unlink()
            (folder / name).symlink_to(to)

        return change

    def directory(name: str) -> Change:
        def change(folder: Path) -> None:
            (folder / name).unlink()
            (folder / name).mkdir()

        return change

    def sparse(name: str) -> Change:
        return lambda folder: os.truncate(folder / name, 1 << 40)

    for name in ("manifest.json", *PLAIN):
        yield f"{name} a FIFO", fifo(name)
        yield f"{name} a device", link(name, "/dev/zero")
        yield f"{name} a link outside", link(name, "/etc/hostname")
        yield f"{name} a link to itself", link(name, name)
        yield f"{name} of /proc", link(name, "/proc/self/maps")
        yield f"{name} a folder", directory(name)
        yield f"{name} of a tebibyte", sparse(name)
        yield f"{name} gone", lambda folder, name=name: (folder / name).unlink()  # type: ignore[misc]


def poke(number: float, at: int) -> Callable[[bytes], bytes]:
    """Weights with one number changed."""
    return lambda data: data[:at] + struct.pack("<f", number) + data[at + 4 :]


def poke_section(at: int) -> Callable[[bytes], bytes]:
    """Tables whose header names another place; the header's own sum fits."""
    import zlib

    def change(data: bytes) -> bytes:
        size = 32 + 16 * 14
        head = bytearray(data[:size])
        head[at % size : at % size + 4] = struct.pack("<I", 64)
        return bytes(head) + struct.pack("<I", zlib.crc32(head)) + data[size + 4 :]

    return change


def chain(data: bytes) -> bytes:
    """A trie whose slots are one chain of as many as there are."""
    place, size = struct.unpack_from("<QQ", data, 32 + 16 * 4)
    slots = [(1 | max(0, at - 1) << 22) for at in range(size // 8)]
    return data[:place] + struct.pack(f"<{len(slots)}Q", *slots) + data[place + size :]
