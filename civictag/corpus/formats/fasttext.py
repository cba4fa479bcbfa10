"""fastText's supervised format: ``__label__a __label__b the text``, one paragraph per line, nothing else."""

from __future__ import annotations

from civictag.corpus.formats import Record, Records, text_of
from civictag.errors import CorpusError
from civictag.i18n import _

PREFIX = "__label__"


def read(path: str) -> Records:
    """The lines; each is an article of its own, since the format has no place to say otherwise.

    Raises:
        CorpusError: no line begins with a label: some other text file.
    """
    lines = text_of(path).split("\n")
    if not any(line.startswith(PREFIX) for line in lines):
        raise CorpusError(
            _("no line begins with __label__: this is not fastText's format"),
            where=path,
            hint=_("Labelled paragraphs are JSON lines, tables, or exports of doccano or Label Studio"),
        )
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, record(line)


def record(line: str) -> Record:
    """One line as a record."""
    words = line.strip().split(" ")
    count = next((i for i, word in enumerate(words) if not word.startswith(PREFIX)), len(words))
    labels = [word.removeprefix(PREFIX) for word in words[:count]]
    return {"text": " ".join(words[count:]).strip(), "labels": labels}


def line(record: Record, where: str, number: int) -> str:
    """A record as a line, with its line end; line ends within the text become blanks.

    Raises:
        CorpusError: a label with a blank, or a text that begins like a label: it would be read back wrong.
    """
    text = " ".join(str(record["text"]).split())
    wrong = next((label for label in record["labels"] if len(label.split()) != 1), None)
    if wrong is not None or text.startswith(PREFIX):
        problem = _("cannot be written in fastText's format: {what}", what=wrong or PREFIX)
        raise CorpusError(problem, where=where, line=number, hint=_("Choose another format"))
    return "".join(f"{PREFIX}{label} " for label in record["labels"]) + text + "\n"
