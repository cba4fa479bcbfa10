"""Counted corpora on disk, as plain arrays: nothing that is read back can run.

A file's name is the hash of everything that its counts depend on: the texts, the label set's cues,
the dictionary, and the code that cuts and names features. A file that cannot be read is made anew.
"""

from __future__ import annotations

import hashlib
import inspect
import io
import json
import os
import sys
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from civictag.features import extract, vocabulary
from civictag.features.vocabulary import Counted
from civictag.labels import cue_matcher
from civictag.text import normalize, pure_normalize, pure_tokenizer, sentences, tokenizer
from civictag.text.backend import is_compiled
from civictag.text.backend import module as backend
from civictag.util.atomic_file import deliver
from civictag.version import __version__

if TYPE_CHECKING:
    from civictag.features.count_corpus import Lookups

_CODE = (extract, cue_matcher, normalize, pure_normalize, pure_tokenizer, sentences, tokenizer, vocabulary)
_KEYS = frozenset({"names", "data", "indices", "indptr", "owner", "size"})


def path(folder: str, texts: Sequence[tuple[str, str]], known: Lookups) -> str:
    """Where the counts of these texts lie, or would."""
    digest = hashlib.sha256(__version__.encode())
    caller = sys.modules[type(known).__module__]  # count_corpus, which imports this module
    for module in (*_CODE, caller):
        digest.update(inspect.getsource(module).encode())
    if is_compiled():
        with open(backend().__file__, "rb") as file:
            digest.update(file.read())
    lexicon = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data", "zh.lexicon")
    with open(lexicon, "rb") as file:
        digest.update(file.read())
    looked_up = [asdict(known.table), known.words, known.total, asdict(known.features), list(texts)]
    digest.update(json.dumps(looked_up, ensure_ascii=True).encode())
    return os.path.join(folder, f"counts-{digest.hexdigest()[:32]}.npz")


def read(place: str) -> Counted | None:
    """The counts in a file; None when there is no such file, or it is damaged."""
    try:
        with np.load(place, allow_pickle=False) as found:
            if set(found.files) != _KEYS:
                return None
            names = np.array(found["names"].tobytes().decode("utf-8").split("\n"), dtype=object)
            shape = (len(found["indptr"]) - 1, len(names))
            parts = (found["data"], found["indices"], found["indptr"])
            counts = sparse.csr_matrix(parts, shape=shape)
            counts.check_format(full_check=True)
            owner, size = found["owner"], int(found["size"])
            if owner.shape != (shape[0],) or (len(owner) and not 0 <= owner.min() <= owner.max() < size):
                return None
            return Counted(names, counts, owner, size)
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return None


def write(place: str, counted: Counted) -> None:
    """Keep the counts of a corpus."""
    os.makedirs(os.path.dirname(place), exist_ok=True)
    names = np.frombuffer("\n".join(map(str, counted.names)).encode("utf-8"), dtype=np.uint8)
    c = counted.counts
    buffer = io.BytesIO()
    np.savez(
        buffer, names=names, data=c.data, indices=c.indices, indptr=c.indptr,
        owner=counted.owner, size=np.array(counted.size),
    )  # fmt: skip
    deliver(buffer.getvalue(), place)
