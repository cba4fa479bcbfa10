"""JSON lines of labelled paragraphs: the corpus format, and what other tools write an object per line of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from civictag.corpus.formats import Record, Records, Tell, doccano, label_studio, tabular
from civictag.corpus.formats.blank import blank_note
from civictag.corpus.formats.json_text import loads
from civictag.corpus.formats.looks_like import other_format
from civictag.errors import CorpusError, InputError
from civictag.i18n import _, listed, ngettext
from civictag.util.parser_words import in_words

_KEYS = ("text", "labels", "doc", "para", "title")
_SPANS = ("entities", "spans", "relations")


def read(path: str, tell: Tell) -> Records:
    """The objects of a file, each as a record of the corpus format.

    Raises:
        CorpusError: the file cannot be read, a line is no object, or has no text or labels.
    """
    both, blank, seen = 0, 0, label_studio.Seen()
    for number, line in _lines(path, tell):
        data = _object(line, path, number)
        both += "labels" in data and "label" in data
        blank += doccano.is_record(data) and not data["label"]
        yield number, _record(data, path, number, seen)
    notes = [*seen.notes(), *([blank_note(blank)] if blank else [])]
    if both:
        notes.append(
            ngettext(
                '{count} line has "label" beside "labels"; "labels" is read',
                '{count} lines have "label" beside "labels"; "labels" is read',
                both,
            )
        )
    for note in notes:
        tell(f"{path}{_(': ')}{note}")


def _lines(path: str, tell: Tell) -> Iterator[tuple[int, str]]:
    """The lines that hold anything, decoded."""
    from civictag.readers.encodings.line_stream import open_lines

    try:
        lines = open_lines(path, whole=False)
        for warning in lines.warnings:
            tell(f"{path}{_(': ')}{warning}")
        for number, line in lines.lines:
            if isinstance(line, InputError):
                raise line
            if any("\udc80" <= char <= "\udcff" for char in line):
                problem = _("is not {encoding}", encoding=lines.encoding)
                raise CorpusError(problem, where=path, line=number, hint=_("Save the corpus as UTF-8"))
            if line.strip():
                yield number, line
    except InputError as error:
        raise CorpusError(error.problem, where=path, line=error.line, hint=error.hint) from None


def _object(line: str, path: str, number: int) -> dict[str, Any]:
    try:
        data = loads(line)
    except (ValueError, RecursionError) as error:
        hint = other_format(line) if number == 1 else None
        raise CorpusError(
            _("not valid JSON: {error}", error=in_words(error)),
            where=path,
            line=number,
            hint=hint or _("Each line is one JSON object"),
        ) from None
    if not isinstance(data, dict):
        raise CorpusError(_("is not a JSON object"), where=path, line=number, hint=other_format(line))
    return data


def _record(data: dict[str, Any], path: str, number: int, seen: label_studio.Seen) -> Record:
    """Of whatever tool it is; the keys of the corpus format may be called as columns are."""
    if label_studio.is_task(data):
        return label_studio.record(data, path, number, seen)
    if doccano.is_record(data):
        return doccano.record(data, path, number)
    known = tabular.renamed(data, [key for key in _KEYS if key not in data])
    if "labels" not in known and not isinstance(known.get("tags"), list):
        raise _without_labels(known, path, number)
    if doccano.are_spans(known.get("labels")):
        raise doccano.spans(path, number, "labels")
    return known


def _without_labels(data: Record, path: str, number: int) -> CorpusError:
    if spans := next((key for key in _SPANS if key in data), None):
        return doccano.spans(path, number, spans)
    return CorpusError(
        _("is missing; the line has: {keys}", keys=listed(data)),
        where=path,
        line=number,
        field="labels",
        hint=_('Call it "labels"; write "labels": [] for a paragraph without label'),
    )
