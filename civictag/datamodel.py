"""What the rooms hand to each other: frozen, plain, without behaviour of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from dataclasses import dataclass as record
else:

    def record(*, frozen: bool, slots: bool) -> Any:
        """A dataclass that is frozen for the type checker only; made from a ``Record``.

        At run time a frozen one sets each field by a call of ``object.__setattr__``: 18,600 instructions for
        a Paragraph, 3,400 without, a fifth of what tagging the row of a table costs.
        """
        return dataclass(slots=slots, eq=False, repr=False)


class Record:
    """Equality, hash and repr by the fields: ``dataclass`` would compile its own per class, at each start."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return _compared(self) == _compared(other)

    def __hash__(self) -> int:
        return hash(_compared(self))

    def __repr__(self) -> str:
        filled = ((f, getattr(self, f.name)) for f in fields(cast(Any, self)) if f.repr)
        shown = (f"{f.name}={value!r}" for f, value in filled if value not in (f.default, {}))
        return f"{type(self).__qualname__}({', '.join(shown)})"


def _compared(record: object) -> tuple[object, ...]:
    return tuple(getattr(record, f.name) for f in fields(cast(Any, record)) if f.compare)


Kind = Literal["body", "heading", "furniture"]
Origin = Literal["", "column", "metadata", "byline", "signature", "name", "folder"]
"""Where a date or unit was found: a column, the metadata, the line under the headline, the signature block
(落款), the file's name, the folder's name; "" when there is none."""


Why = Literal["copy", "other_month", "no_text", "unread"]


class FileNote(str):
    """A warning about the whole file; the article of its first row carries it."""

    __slots__ = ()


@record(frozen=True, slots=True)
class NotCounted(Record):
    """Something that was handed in and is in no figure.

    Attributes:
        why: the text of an article counted already; of a month that was not asked for; an article without
            a body paragraph; something that could not be read.
        source, title, date: of the article; "" of what could not be read.
        detail: the source of the first copy, or a sentence about what could not be read.
    """

    why: Why
    source: str = ""
    title: str = ""
    date: str = ""
    detail: str = ""


@record(frozen=True, slots=True)
class Document(Record):
    """The decoded text of one article, before it is cut into paragraphs.

    Attributes:
        source: path of the file, ``-`` for standard input, or ``path#row`` for a row.
        text: the decoded text; every offset in the project counts its characters.
        encoding: the encoding it was decoded from (``utf-8``, ``gb18030`` …).
        title: the title, where the format has a field for it (a row's column, ``<title>``).
        id: a row's own id; None for a file.
        extra: further columns of a row, carried through untouched (those of date and unit too).
        is_row: the text is a row of a table: a row of one line is one body paragraph.
        warnings: what the reader had to guess, for the person who runs it.
        date: when it was published, in ISO form as exactly as it is known: ``2024-04-22``,
            ``2024-04`` or ``2024``; "" when unknown.
        unit: the department or district that sent or published it; "" when unknown.
        date_from, unit_from: where they were found.
        line: of a row, its 1-based line in the table; 0 otherwise.
    """

    source: str
    text: str
    encoding: str = "utf-8"
    title: str = ""
    id: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    is_row: bool = False
    warnings: tuple[str, ...] = ()
    date: str = ""
    unit: str = ""
    date_from: Origin = ""
    unit_from: Origin = ""
    line: int = field(default=0, compare=False)


@record(frozen=True, slots=True)
class Evidence(Record):
    """A span of the article that spoke for or against a label: character offsets, weight in logits."""

    text: str
    start: int
    end: int
    weight: float


@record(frozen=True, slots=True)
class Tag(Record):
    """One label of one paragraph, with its calibrated probability in [0, 1].

    When it was explained, the weights of ``evidence`` and ``outside`` (bias and title) add up to
    ``logit``, ln(p / (1 - p)); else both are None. (Near 1 a probability no longer tells its logit.)
    ``evidence_text`` is the evidence in the words of a table that was read back, which keeps no weights.
    """

    label: str
    name: str
    probability: float
    evidence: tuple[Evidence, ...] = ()
    outside: float | None = None
    logit: float | None = None
    evidence_text: str = ""


@record(frozen=True, slots=True)
class Paragraph(Record):
    """A piece of an article: ``article.text[start:end]`` is how it stood.

    A paragraph joined over a page break spans the break; ``text`` is then the joined text, and ``pieces``
    are the (start, end) spans that it was joined from, in order.

    ``checked``: a person looked at the tags, which count as they stand; ``suggested`` are then the
    labels that the model had given (None: the tags are the model's own).
    """

    index: int
    kind: Kind
    start: int
    end: int
    text: str
    pieces: tuple[tuple[int, int], ...] = ()
    tags: tuple[Tag, ...] = ()
    review: bool = False
    scores: Mapping[str, float] | None = None
    reasons: tuple[Tag, ...] | None = None
    checked: bool = False
    suggested: tuple[str, ...] | None = None


@record(frozen=True, slots=True)
class Article(Record):
    """One article, cut into paragraphs; tagged once a Tagger has seen it.

    ``date`` (ISO: day, month or year), ``unit`` and their origins are the document's.
    """

    source: str
    title: str
    encoding: str
    text: str = field(repr=False)
    paragraphs: tuple[Paragraph, ...] = field(repr=False)
    id: str | None = None
    extra: Mapping[str, object] = field(default_factory=dict, repr=False)
    warnings: tuple[str, ...] = ()
    date: str = ""
    unit: str = ""
    date_from: Origin = ""
    unit_from: Origin = ""


@record(frozen=True, slots=True)
class Label(Record):
    """One label: ``id`` is what files carry, ``name`` what people read."""

    id: str
    name: str
    name_en: str = ""
    definition: str = ""
    definition_en: str = ""
    color: str = ""


@record(frozen=True, slots=True)
class ModelInfo(Record):
    """What a tag's reader cites: name, version, and the hash that pins every byte of the model.

    ``folder`` is where it was loaded from.
    """

    name: str
    version: str
    sha256: str
    manifest: Mapping[str, Any] = field(repr=False)
    folder: str = ""

    def as_dict(self) -> dict[str, str]:
        """The ``model`` object of the JSON output."""
        return {"name": self.name, "version": self.version, "sha256": self.sha256}

    @property
    def not_learned(self) -> tuple[str, ...]:
        """Ids of the labels that its corpus could not teach and that no cue decides: never given."""
        named = self.manifest.get("not_learned") or {}
        return tuple(label for label, why in named.items() if not why.get("by_cues"))

    @property
    def always_given(self) -> tuple[str, ...]:
        """Ids of the labels that it gives to every paragraph, for nothing better was found; mostly ()."""
        if not (self.manifest.get("chosen") or {}).get("every_label_given"):
            return ()
        named = self.manifest.get("not_learned") or {}
        return tuple(label["id"] for label in self.manifest["labels"] if label["id"] not in named)


@record(frozen=True, slots=True)
class LabelledParagraph(Record):
    """One line of a corpus: a paragraph, its article, and the labels a reader gave it.

    ``file`` is the stem of the corpus file: two files may both have an article ``a1``.
    """

    doc: str
    para: int
    text: str
    labels: tuple[str, ...]
    title: str = ""
    source: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)
    file: str = ""

    @property
    def group(self) -> str:
        """What splits and resampling never cut through: the article, within its file."""
        return f"{self.file}/{self.doc}"
