"""Mail (.eml) and saved pages (.mht, .mhtml) → their text; attachments are named, not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from typing import Any, cast

from civictag.datamodel import Document
from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.encodings.decoding import decode
from civictag.readers.files import read_bytes, shown
from civictag.readers.options import Reading
from civictag.readers.tables.columns import shown_names
from civictag.util.dates import read_date

_HEADER = 4096  # characters of a header about a part's content: the name of a file takes 2,300 in %XX
_SIGNS = 64  # parameters, and brackets, in it


class _Bounded(policy.EmailPolicy):
    """Cuts what says how a part is packed: of 40 kB of semicolons the parser is 65 seconds at work."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, Any]:
        """Name and value of a header, as they are kept until somebody asks for them."""
        name, value = super().header_source_parse(sourcelines)
        if name.lower().startswith(("content-", "mime-")):
            value = ";".join(value[:_HEADER].split(";")[:_SIGNS])
            if value.count("(") > _SIGNS:  # comments in comments, which are parsed by recursion
                value = value.replace("(", " ")
        return name, value


def read_mail_file(path: str, reading: Reading) -> Iterator[Document]:
    """The one document of a mail.

    Raises:
        InputError: it cannot be read, or holds no text.
    """
    try:
        yield read_mail(read_bytes(path, reading.limit), shown(path))
    except RecursionError as error:
        raise InputError(_("parts in parts, nested too deep"), where=shown(path)) from error


def read_mail(data: bytes, source: str) -> Document:
    """The page or text of a mail or of a page saved in one file, with its subject and date.

    Raises:
        InputError: it holds no text.
    """
    message = cast(EmailMessage, message_from_bytes(data, policy=_Bounded()))
    part = message.get_body(("html", "plain")) or next(
        (p for p in message.walk() if p.get_content_type() in ("text/html", "text/plain")), None
    )
    body = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(body, bytes) or not body.strip():
        raise InputError(_("the mail holds no text"), where=source)
    document = _document(body, source, part)
    day = read_date(str(message.get("date", "")))
    others = [name for p in message.iter_attachments() if (name := p.get_filename())]
    warnings = (_("attachments, not read: {names}", names=shown_names(others)),) if others else ()
    return replace(
        document,
        title=document.title or str(message.get("subject", "")).strip(),
        warnings=(*document.warnings, *warnings),
        date=document.date or (day.iso() if day else ""),
        date_from=document.date_from or ("metadata" if day else ""),
    )


def _document(body: bytes, source: str, part: MIMEPart) -> Document:
    declared = part.get_content_charset()
    if part.get_content_type() == "text/html":
        from civictag.readers.pages.html import html_document

        return html_document(decode(body, source, declared=declared), source)
    text, name, warnings = decode(body, source, declared=declared)
    return Document(source, text, name, warnings=warnings)
