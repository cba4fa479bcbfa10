"""Lines of a large text file, one at a time in bounded memory: for JSON lines and CSV."""

from __future__ import annotations

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple, TypeAlias, cast

from civictag.errors import InputError
from civictag.i18n import _
from civictag.readers.encodings.codecs import HONG_KONG, LINE, canonical
from civictag.readers.encodings.decoding import sniff
from civictag.readers.files import open_binary, shown, unreadable
from civictag.readers.limits import ARTICLE_BYTES, SNIFF_BYTES

_Buffered: TypeAlias = "io.BufferedReader[io.RawIOBase]"


class TextLines(NamedTuple):
    """A file opened for reading line by line.

    ``lines`` gives (line number from 1, the line with its newline); bytes that are not in ``encoding``
    stand in it as lone surrogates (``surrogateescape``), so that the one line can be reported and the
    next one read. A line that is too long is given as an InputError.
    """

    encoding: str
    warnings: tuple[str, ...]
    lines: Iterator[tuple[int, str | InputError]]


def open_lines(
    path: str,
    *,
    encoding: str | None = None,
    limit: int = ARTICLE_BYTES,
    file: BinaryIO | None = None,
    first: int = 1,
    whole: bool = True,
) -> TextLines:
    """Open ``path`` (``.gz`` unpacked on the way, ``-`` standard input), or the open ``file``.

    ``first`` is the number of the first line, where ``file`` is a piece of ``path`` (then not ``whole``, and
    it may be blank).

    Raises:
        InputError: the file cannot be read, is empty or is no text.
    """
    source = file or _unpacked(path)
    if path == "-":
        source = AsItComes(cast(BinaryIO, source))
    raw: _Buffered = io.BufferedReader(cast(io.RawIOBase, source), SNIFF_BYTES)
    try:
        prefix, passed = _beginning(raw)
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from error
    if whole and not prefix:
        raise InputError(_("the file is empty"), where=shown(path))
    found = sniff(prefix, shown(path), encoding=encoding)
    codec, _colon, errors = found.encoding.partition(":")
    name = canonical(codec)
    return TextLines(name, found.warnings, _lines(raw, name, errors, path, limit, first + passed))


def _beginning(raw: _Buffered) -> tuple[bytes, int]:
    """What stands first, and how many blank lines were passed over before it: there may be a MiB of them."""
    passed = 0
    while (prefix := raw.peek(SNIFF_BYTES)[:SNIFF_BYTES]) and not prefix.strip():
        passed += raw.read(len(prefix)).count(b"\n")
    return prefix, passed


class AsItComes(io.RawIOBase):
    """A stream of which each read gives what is there already.

    A buffered reader over another one would wait until its whole buffer is full, or the input ends.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """At least a byte, as soon as there is one; 0 at the end."""
        data: bytes = self._file.read1(len(buffer))  # type: ignore[attr-defined]
        buffer[: len(data)] = data
        return len(data)


class _Unpacked(io.RawIOBase):
    """A packed stream as far as it goes: what stands before a damage is given before its error."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._error: Exception | None = None

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """As many bytes as fit, or as there are."""
        if self._error:
            raise self._error
        size = 0
        try:
            while size < len(buffer) and (data := self._file.read1(len(buffer) - size)):
                buffer[size : size + len(data)] = data
                size += len(data)
        except (EOFError, zlib.error, OSError) as error:
            if not size:
                raise
            self._error = error
        return size


def _unpacked(path: str) -> object:
    file = open_binary(path)
    return _Unpacked(gzip.GzipFile(fileobj=file)) if path.lower().endswith(".gz") else file


def _broken(path: str, error: Exception) -> InputError:
    if isinstance(error, OSError) and not isinstance(error, gzip.BadGzipFile):
        return unreadable(path, error)
    return InputError(_("the packed file is damaged: {error}", error=error), where=shown(path))


def _lines(
    raw: _Buffered, name: str, errors: str, path: str, limit: int, first: int
) -> Iterator[tuple[int, str | InputError]]:
    wide = name.startswith(("utf-16", "utf-32"))
    reader = _recoded(raw, name) if wide else raw
    codec = "utf-8" if wide else "cp950" if name == "big5" else name  # "big5" lacks what Windows added
    errors = errors or {"gb18030": LINE, "cp950": HONG_KONG}.get(codec, "surrogateescape")
    number = first - 1
    try:
        with reader:
            while line := reader.readline(limit + 1):
                number += 1
                if number == 1:
                    line = line.removeprefix(codecs.BOM_UTF8)
                if len(line) > limit and not line.endswith(b"\n"):
                    yield number, _too_long(reader, path, number, limit)
                else:
                    text = line.decode(codec, errors)
                    line = b""  # it may have 64 MiB, and a row's text is worked on before the next is read
                    yield number, text
    except (OSError, EOFError, zlib.error, UnicodeError) as error:
        raise _broken(path, error) from error


def _recoded(raw: _Buffered, codec: str) -> _Buffered:
    """UTF-16 as UTF-8 bytes, so that a newline is one byte; a fault there becomes U+FFFD."""
    return io.BufferedReader(cast(io.RawIOBase, _Recoder(raw, codec)))


class _Recoder(io.RawIOBase):
    def __init__(self, raw: _Buffered, codec: str) -> None:
        self._raw = raw
        self._decoder = codecs.getincrementaldecoder(codec)("replace")
        self._left = b""

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """The next bytes, as many as there are and fit."""
        while not self._left:
            chunk = self._raw.read1(1 << 16)
            if not chunk and self._decoder.getstate()[0] in (b"\n", b"\r", b"\0"):
                return 0  # half of a line end, put there by a program that knows nothing of UTF-16
            self._left = self._decoder.decode(chunk, final=not chunk).encode("utf-8", "surrogatepass")
            if not chunk and not self._left:
                return 0
        size = min(len(buffer), len(self._left))
        buffer[:size], self._left = self._left[:size], self._left[size:]
        return size


def _too_long(raw: _Buffered, path: str, number: int, limit: int) -> InputError:
    while (rest := raw.readline(SNIFF_BYTES)) and not rest.endswith(b"\n"):
        pass
    return InputError(
        _("longer than {limit} bytes, the most that is read as one row", limit=limit),
        where=shown(path),
        line=number,
    )
