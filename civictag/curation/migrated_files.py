"""Label files and outputs of ``tag`` under new labels, by the migration file of corpora."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from civictag.corpus.formats import text_of
from civictag.errors import CivictagError, TaxonomyError
from civictag.i18n import _
from civictag.labels.label_file import ID
from civictag.readers.tables.raw_table import strict_rows

Becomes = Mapping[str, tuple[str, ...]]
_LINE = frozenset({"source", "index", "tags", "review"})  # what every row of tags has
_BLOCK = re.compile(r"^(?=\[\[labels\]\])", re.MULTILINE)
_ID = re.compile(r"^(id\s*=\s*)([\"'])([A-Za-z]\w*)\2", re.MULTILINE)
_NAME = re.compile(r"^(name(?:_en)?\s*=\s*)([\"'])([^\"'\n]+)\2", re.MULTILINE)
_CUES = re.compile(r"^\[labels\.cues\]", re.MULTILINE)
_OF_LABEL = ("", "label.", "p_", "evidence_")


def migrator_of(path: str) -> Callable[[str, Becomes, Counter[str]], str] | None:
    """What rewrites the text of this file; None where it is neither a label file nor an output of ``tag``.

    The function takes the text, what becomes of each label, and a counter of the old labels met.

    """
    suffix = os.path.splitext(path)[1].lower().replace(".ndjson", ".jsonl")
    if suffix == ".toml":
        return _migrated_labels
    if suffix not in (".json", ".jsonl", ".csv"):
        return None
    try:
        text = text_of(path)
        head = (
            next(csv.reader(io.StringIO(text, newline="")), []) if suffix == ".csv" else _first(text, suffix)
        )
    except (CivictagError, ValueError, csv.Error):
        return None
    if not set(head) >= (_LINE if suffix != ".json" else {"source", "paragraphs", "summary"}):
        return None
    return {".json": _array, ".jsonl": _lines, ".csv": _table}.get(suffix)


def _first(text: str, suffix: str) -> Iterable[str]:
    """The keys of the first object."""
    data = json.loads(text)[:1] if suffix == ".json" else [json.loads(text.partition("\n")[0])]
    return data[0] if data and isinstance(data[0], dict) else ()


def _migrated_labels(text: str, becomes: Becomes, counts: Counter[str]) -> str:
    """A label file with ids renamed, merged labels' cues put together, split ones copied, retired ones gone.

    What stands outside the label's id and merged cues stays as it was written, comments too.

    Raises:
        TaxonomyError: the labels are not written as ``[[labels]]`` blocks with an ``id`` each.
    """
    head, *blocks = _BLOCK.split(text)
    found = [_ID.search(block) for block in blocks]
    if not blocks or not all(found):
        raise TaxonomyError(_("its labels are not [[labels]] blocks with an id each; change it by hand"))
    ids = [match[3] for match in found if match]
    made: dict[str, str] = {}
    for old, block in zip(ids, blocks, strict=True):
        counts[old] += old in becomes
        for new in becomes.get(old, (old,)):
            if not ID.match(new):  # it would be written into the file as it stands
                raise TaxonomyError(
                    _("has the id {ident!r}", ident=new),
                    hint=_("An id is letters, digits and _, beginning with a letter, such as sanitation"),
                )
            renamed = _ID.sub(rf"\g<1>\g<2>{new}\g<2>", block, count=1)
            if len(becomes.get(old, ())) > 1:  # two labels cannot have one name
                renamed = _NAME.sub(rf"\g<1>\g<2>\g<3> ({new})\g<2>", renamed)
            # A label that is split into one with a block of its own leaves that block alone.
            own = new in ids and new != old and len(becomes.get(old, ())) > 1
            if not own:
                made[new] = _together(made[new], renamed) if new in made else renamed
    return head + "".join(made.values())


def _together(one: str, other: str) -> str:
    """The first block with the cues of both."""
    import tomllib

    cues = [tomllib.loads(block)["labels"][0].get("cues", {}) for block in (one, other)]
    union = {kind: list(dict.fromkeys([*cues[0].get(kind, []), *cues[1].get(kind, [])]))
             for kind in {**cues[0], **cues[1]}}  # fmt: skip
    lines = [f"{kind} = {json.dumps(words, ensure_ascii=False)}\n" for kind, words in union.items()]
    return _CUES.split(one)[0].rstrip() + "\n\n[labels.cues]\n" + "".join(lines) + "\n"


def _array(text: str, becomes: Becomes, counts: Counter[str]) -> str:
    articles = json.loads(text.removeprefix("\ufeff"))
    for article in articles:
        bodies = [p for p in article["paragraphs"] if p["kind"] == "body"]
        for paragraph in bodies:
            _paragraph(paragraph, becomes, counts)
        counted = Counter(tag["label"] for paragraph in bodies for tag in paragraph["tags"])
        article["summary"] = {label: counted[label] for label in _new(article["summary"], becomes)}
    lines = ",\n".join(json.dumps(article, ensure_ascii=False) for article in articles)
    return f"[\n{lines}\n]\n" if articles else "[]\n"


def _lines(text: str, becomes: Becomes, counts: Counter[str]) -> str:
    rows = [json.loads(line) for line in text.removeprefix("\ufeff").split("\n") if line.strip()]
    for row in rows:
        _paragraph(row, becomes, counts)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _paragraph(row: dict[str, Any], becomes: Becomes, counts: Counter[str]) -> None:
    """In place. Of labels merged the surer tag stays; a label that was split asks for a person's look."""
    old = [tag["label"] for tag in row["tags"]]
    counts.update(label for label in old if label in becomes)
    for key in {"tags", "reasons"} & set(row):
        tags: dict[str, Any] = {}
        for tag in sorted(row[key], key=lambda tag: -tag["probability"]):
            for new in becomes.get(tag["label"], (tag["label"],)):
                tags.setdefault(new, {**tag, "label": new})
        row[key] = list(tags.values())
    if "scores" in row:
        scores: dict[str, float | None] = {}
        for label, score in row["scores"].items():
            for new in becomes.get(label, (label,)):
                both = [x for x in (scores.get(new), score) if x is not None]
                scores[new] = max(both, default=None)
        row["scores"] = scores
    if "suggested" in row:
        row["suggested"] = _new(row["suggested"], becomes)
    row["review"] = row["review"] or any(len(becomes.get(label, ())) > 1 for label in old)


def _new(labels: Iterable[str], becomes: Becomes) -> list[str]:
    return list(dict.fromkeys(new for old in labels for new in becomes.get(old, (old,))))


def _table(text: str, becomes: Becomes, counts: Counter[str]) -> str:
    """CSV with the machine's columns; the cells of merged labels: the larger number, evidence joined."""
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    head, *rows = strict_rows(csv.reader(lines, strict=True))
    if "tags" not in head:
        raise CivictagError(_("is no output of tag"))
    columns = _columns(head, becomes)
    tags, review = head.index("tags"), head.index("review")
    buffer = io.StringIO()
    out = csv.writer(buffer, lineterminator="\r\n")
    out.writerow(columns)
    for row in filter(None, rows):
        row += [""] * (len(head) - len(row))
        old = row[tags].split()
        counts.update(label for label in old if label in becomes)
        row[tags] = " ".join(_new(old, becomes))
        split = any(len(becomes.get(label, ())) > 1 for label in old)
        row[review] = "1" if split else row[review]
        out.writerow([_cell([row[at] for at in places]) for places in columns.values()])
    return "\ufeff" + buffer.getvalue()


def _columns(head: Sequence[str], becomes: Becomes) -> dict[str, list[int]]:
    """New column -> the old ones that go into it, by place."""
    known = {name.removeprefix("p_") for name in head if name.startswith("p_")}
    found: dict[str, list[int]] = {}
    for at, name in enumerate(head):
        before = next(
            (b for b in reversed(_OF_LABEL) if name.startswith(b) and name[len(b) :] in known), None
        )
        label = name if before is None else name[len(before) :]
        news = becomes.get(label, (label,)) if before is not None else (name,)
        for new in news:
            found.setdefault(new if before is None else before + new, []).append(at)
    return found


def _cell(cells: list[str]) -> str:
    filled = [cell for cell in cells if cell]
    if len(filled) < 2:
        return filled[0] if filled else ""
    try:
        return max(filled, key=float)
    except ValueError:
        return "; ".join(filled)
