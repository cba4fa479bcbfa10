"""fastText's supervised format: ``__label__a __label__b the text``, one paragraph per line, nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from civictag.corpus.formats import Record, Records, Tell, text_of
from civictag.errors import CorpusError
from civictag.i18n import _

PREFIX = "__label__"
_OTHER = re.compile(r"__[A-Za-z]+__(?=\S)")  # what fastText's option -label says instead


def read(path: str, tell: Tell) -> Records:
    """The lines; each is an article of its own, since the format has no place to say otherwise.

    Raises:
        CorpusError: no line begins with a label: some other text file; or a label stands within a text.
    """
    lines = text_of(path).split("\n")
    prefix = _prefix(lines)
    if prefix is None:
        raise CorpusError(
            _("no line begins with __label__: this is not fastText's format"),
            where=path,
            hint=_("Labelled paragraphs are JSON lines, tables, or exports of doccano or Label Studio"),
        )
    if prefix != PREFIX:
        tell(f"{path}{_(': ')}{_('labels are what begins with {prefix}', prefix=prefix)}")
    for number, line in enumerate(lines, 1):
        if line.strip():
            found = record(line, prefix)
            if prefix.casefold() in found["text"].casefold():
                raise CorpusError(
                    _("a label stands within the text"),
                    where=path,
                    line=number,
                    hint=_("Put all labels before the text, each as {prefix}name", prefix=prefix),
                )
            yield number, found


def _prefix(lines: Sequence[str]) -> str | None:
    """fastText's own prefix where any line has it, else another that most lines begin with."""
    begun = [line.lstrip("\ufeff \t") for line in lines if line.strip()]
    if any(line.startswith(PREFIX) for line in begun):
        return PREFIX
    others = Counter(match[0] for line in begun if (match := _OTHER.match(line)))
    most = others.most_common(1)
    return most[0][0] if most and 2 * most[0][1] > len(begun) else None


def record(line: str, prefix: str = PREFIX) -> Record:
    """One line as a record: labels are the words at its beginning that begin with ``prefix``."""
    rest = line.strip("\ufeff \t\r\n")
    labels: list[str] = []
    while rest.startswith(prefix):
        word, *others = re.split(r"[ \t]+", rest, maxsplit=1)
        labels += filter(None, (label.strip(",;，；") for label in word.split(prefix)))
        rest = "".join(others)
    return {"text": rest.strip(), "labels": labels}


def line(record: Record, where: str, number: int) -> str:
    """A record as a line, with its line end; line ends within the text become blanks.

    Raises:
        CorpusError: a label with a blank, or a text that holds one: it would be read back wrong.
    """
    text = " ".join(str(record["text"]).split())
    wrong = next((label for label in record["labels"] if len(label.split()) != 1), None)
    if wrong is not None or PREFIX in text.casefold():
        problem = _("cannot be written in fastText's format: {what}", what=wrong or PREFIX)
        raise CorpusError(problem, where=where, line=number, hint=_("Choose another format"))
    return "".join(f"{PREFIX}{label} " for label in record["labels"]) + text + "\n"
