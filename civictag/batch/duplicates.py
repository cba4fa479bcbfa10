"""Copies among articles: the same text again, or nearly so (one 通稿 in ten outlets).

What is compared is the body, normalized (``civictag.text.normalize``): page furniture, width of characters,
Traditional characters and line breaks make no difference. Memory grows with the articles that are no
copies; ``docs/scale.md`` has the figures.

A batch is read twice: a copy can only be told from what came before it, and whoever renders a chunk
must know. The signatures are made by the workers, the order of their comparison is the inputs'; so the
answer depends on neither the number of workers nor on when a batch was stopped.
"""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable
from functools import cache, partial
from typing import Any, NamedTuple

from civictag.batch.chunks import cut, documents
from civictag.batch.executors import Executor
from civictag.batch.plain import Job
from civictag.batch.survive import spared
from civictag.batch.worker import Copies, Done, Listener, Place, Task, next_place, tasks
from civictag.datamodel import Article, Document
from civictag.errors import MissingExtra
from civictag.i18n import _
from civictag.paragraphs import split
from civictag.text.normalize import normalize

# Characters in a shingle. Shorter ones (「文明城市」) are shared by all articles of the genre.
SHINGLE = 5
# The estimate of the similarity errs by sqrt(s (1 - s) / 128): 0.035 at 0.8.
PERMUTATIONS = 128


class Signature(NamedTuple):
    """What is kept of an article.

    Attributes:
        source: what names it.
        digest: hash of its normalized body; b"" when it has none.
        minhash: its MinHash values, ``PERMUTATIONS`` uint32 in the machine's order; b"" when only exact
            copies are looked for, or the body is shorter than a shingle.
    """

    source: str
    digest: bytes
    minhash: bytes


def signature(article: Article, near: bool) -> Signature:
    """The signature of an article that is cut into paragraphs; ``near`` for near copies too.

    Raises:
        MissingExtra: ``near``, and datasketch is not installed.
    """
    text = normalize("\n".join(p.text for p in article.paragraphs if p.kind == "body"))
    if not text:
        return Signature(article.source, b"", b"")
    data = text.encode("utf-32-le", "surrogatepass")
    digest = hashlib.blake2b(data, digest_size=16).digest()
    return Signature(article.source, digest, _minhash(data) if near else b"")


class Originals:
    """Remembers articles in order and knows of each later one which it is a copy of.

    A copy is never an original: of a chain of ever more changed reprints, each is measured against the
    first, so that the answer depends on the order of the articles alone.

    Args:
        similarity: share of common shingles (Jaccard), estimated, from which an article is a copy,
            above 0; 1 asks for exact copies only.

    Raises:
        MissingExtra: ``similarity`` is below 1, and datasketch is not installed.
    """

    def __init__(self, similarity: float) -> None:
        self._exact: dict[bytes, str] = {}
        self._near = _Near(similarity) if similarity < 1 else None

    def first_copy(self, seen: Signature) -> str | None:
        """The source of the article that ``seen`` is a copy of; None when it is the first of its kind."""
        if not seen.digest:
            return None
        first = self._exact.get(seen.digest)
        if first is None and self._near is not None and seen.minhash:
            first = self._near.first_copy(seen)
        # An exact copy of a near copy is a copy of the same original.
        self._exact.setdefault(seen.digest, first or seen.source)
        return first


class _Near:
    """datasketch's index over the originals; the estimate decides among what it finds."""

    def __init__(self, similarity: float) -> None:
        self._similarity = similarity
        self._index = _datasketch().MinHashLSH(threshold=similarity, num_perm=PERMUTATIONS)
        self._originals: list[Signature] = []

    def first_copy(self, seen: Signature) -> str | None:
        """The source of a near original; None when there is none, and ``seen`` is one itself."""
        import numpy as np

        values = np.frombuffer(seen.minhash, dtype=np.uint32)
        minhash = _empty().copy()
        minhash.hashvalues = values.astype(minhash.hashvalues.dtype)
        for number in sorted(map(int, self._index.query(minhash))):
            alike = np.mean(values == np.frombuffer(self._originals[number].minhash, dtype=np.uint32))
            if alike >= self._similarity:
                return self._originals[number].source
        self._index.insert(len(self._originals), minhash, check_duplication=False)
        self._originals.append(seen)
        return None


def find(
    job: Job, paths: Iterable[str], size: int, executor: Executor[Any, Any], listener: Listener
) -> Copies:
    """The copies among the inputs, for a batch that is cut into chunks of ``size``.

    Raises:
        MissingExtra: near copies are asked for (``job.marks`` below 1), and datasketch is not installed.
    """
    assert job.marks is not None
    originals = Originals(job.marks)
    found: dict[int, dict[Place, str]] = {}
    work = partial(spared, job.reading, partial(sign, job))
    for done, signatures in executor(work, tasks(cut(paths, job.reading, size), None)):
        listener.advanced(done)
        times: Counter[str] = Counter()
        for seen in signatures:
            place = next_place(seen.source, times)
            first = originals.first_copy(seen)
            if first is not None:
                found.setdefault(done.number, {})[place] = first
    return found


def sign(job: Job, task: Task) -> tuple[Done, list[Signature]]:
    """The signatures of a chunk's articles, in order; what cannot be read is told when it is tagged."""
    near = job.marks is not None and job.marks < 1
    items = documents(task.chunk, job.reading)
    signatures = []
    for item in items:
        if isinstance(item, Document):
            try:
                article = split(item)
                signatures.append(signature(article, near))
            except Exception:  # told when it is tagged
                continue
    return Done(task.number, task.chunk.size), signatures


def _minhash(data: bytes) -> bytes:
    width = 4 * SHINGLE
    shingles = [data[at : at + width] for at in range(0, len(data) - width + 4, 4)]
    if not shingles:
        return b""
    import numpy as np

    minhash = _empty().copy()
    minhash.update_batch(shingles)
    return np.asarray(minhash.hashvalues, dtype=np.uint32).tobytes()


@cache
def _empty() -> Any:
    # crc32: the permutations do the mixing, and datasketch's SHA-1 would take half of the time.
    return _datasketch().MinHash(num_perm=PERMUTATIONS, seed=1, hashfunc=zlib.crc32)


def _datasketch() -> Any:
    try:
        import datasketch
    except ImportError as error:
        instead = _("; or take exact copies only: --similarity 1")
        raise MissingExtra(_("Marking near-duplicates"), "dedup", instead=instead) from error
    return datasketch
