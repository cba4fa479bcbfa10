"""Coverage-guided fuzzing of what strangers' bytes reach: readers, the bundle loader, the kernel.

    python fuzz/fuzz_civictag.py readers|bundles|kernel [libFuzzer options, such as -max_total_time=60]

Every exception that is not civictag's own is a finding; so is a death of the process and, with
-timeout=10, an input that takes longer. Needs atheris (extra dev, on Linux for x86-64).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import atheris

with atheris.instrument_imports(include=["civictag"]):
    import civictag
    from civictag.errors import CivictagError
    from civictag.model import bundle
    from civictag.paragraphs import split
    from civictag.readers import read_documents
    from civictag.text.normalize import normalize_with_offsets

# In the process itself: Office, PDF and Parquet run in children, which a fuzzer cannot see into.
SUFFIXES = (".txt", ".html", ".md", ".csv", ".tsv", ".jsonl", ".json", ".mht", ".eml")
ROOM = tempfile.mkdtemp(prefix="civictag-fuzz-")
ROOT = Path(__file__).parents[1]


def readers(data: bytes) -> None:
    """A file of any kind: read, split; every paragraph is where it says."""
    path = os.path.join(ROOM, "x" + SUFFIXES[data[0] % len(SUFFIXES)] if data else "x.txt")
    with open(path, "wb") as file:
        file.write(data[1:])
    try:
        for item in read_documents(path):
            if isinstance(item, Exception):
                assert isinstance(item, CivictagError)
                continue
            article = split(item)
            for paragraph in article.paragraphs:
                assert 0 <= paragraph.start <= paragraph.end <= len(article.text)
            json.dumps([p.text for p in article.paragraphs])
    except CivictagError:
        pass


def bundles(data: bytes) -> None:
    """A good model with some bytes of one of its files changed, hashes that fit or not."""
    source = atheris.FuzzedDataProvider(data)
    good = ROOT / "tests" / "data" / "format1"
    folder = Path(ROOM) / "model"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(good, folder)
    names = sorted(path.name for path in folder.iterdir())
    path = folder / names[source.ConsumeIntInRange(0, len(names) - 1)]
    content = bytearray(path.read_bytes())
    for _ in range(source.ConsumeIntInRange(1, 8)):
        at = source.ConsumeIntInRange(0, max(0, len(content) - 1))
        content[at : at + source.ConsumeIntInRange(0, 4)] = source.ConsumeBytes(
            source.ConsumeIntInRange(0, 8)
        )
    path.write_bytes(bytes(content))
    if source.ConsumeBool():
        seal(folder)
    with contextlib.suppress(CivictagError):
        bundle.load(str(folder)).tag("打扫晒场，补墙换瓦。")


def seal(folder: Path) -> None:
    """Make the manifest's hashes fit, where it is still a manifest."""
    import hashlib

    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_bytes())
        for name in manifest["files"]:
            manifest["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        path.write_text(json.dumps(manifest), "utf-8")
    except (ValueError, TypeError, KeyError, OSError, AttributeError, RecursionError):
        pass


TAGGER = civictag.load()
# Cues, breaks, and what folding changes: bytes at random would hit none of them.
PIECES = (
    *(
        "清理",
        "垃圾",
        "志愿者",
        "打扫",
        "楼道",
        "物业",
        "小区",
        "道德模范",
        "宣传",
        "倡议书",
        "居民",
        "公益广告",
    ),
    *(
        "，",
        "。",
        "！",
        "”",
        "“",
        "、",
        "…",
        " ",
        "\n",
        "\u3000",
        "\u200b",
        "1",
        "３",
        ".",
        "%",
        "Ａ",
        "a",
        "環",
        "衛",
    ),
    *("\ufdfa", "㎡", "①", "\x00", "\U00020000", "\ufffd", "卫生院", "物业费", "啊"),
)


def kernel(data: bytes) -> None:
    """Any text: offsets rise and lie inside, probabilities lie in [0, 1], evidence adds up."""
    wide = data[:1] == b"\0"  # lone halves of surrogate pairs, NULs, signs of every plane
    text = (
        data[1:].decode("utf-16-le", "replace" if len(data) % 3 else "surrogatepass")
        if wide
        else ("".join(PIECES[byte % len(PIECES)] for byte in data))
    )
    folded, offsets = normalize_with_offsets(text)
    assert len(folded) == len(offsets)
    assert all(0 <= a <= b < len(text) for a, b in zip(list(offsets), list(offsets)[1:], strict=False))
    for tag in TAGGER.tag(text, explain=True):
        assert 0 <= tag.probability <= 1
        assert abs(sum(part.weight for part in tag.evidence) + (tag.outside or 0) - (tag.logit or 0)) < 1e-6
        assert all(text[part.start : part.end] == part.text for part in tag.evidence)


def seeds(target: Callable[[bytes], None]) -> str:
    """A folder of inputs to start from: files as they come (fuzz/seeds), in two encodings."""
    folder = Path(ROOM) / "seeds"
    folder.mkdir()
    for path in (Path(__file__).parent / "seeds").iterdir() if target is readers else ():
        text, first = path.read_text("utf-8"), bytes([SUFFIXES.index(path.suffix)])
        for encoding in ("utf-8", "gb18030"):
            (folder / f"{path.name}.{encoding}").write_bytes(first + text.encode(encoding))
    return str(folder)


TARGETS: dict[str, Callable[[bytes], None]] = {"readers": readers, "bundles": bundles, "kernel": kernel}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]

    def one(data: bytes) -> None:
        """One input; a text that UTF-32 cannot hold is none."""
        try:
            target(data)
        except UnicodeDecodeError:
            if target is not kernel:
                raise

    atheris.Setup([*sys.argv, seeds(target)], one)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(ROOM, ignore_errors=True)
