"""Messages in the reader's language: Chinese or English.

Source strings are English and are their own keys (GNU gettext). What a program reads (JSON, exit
codes, ids, machine columns) never passes through here. A message with values is a template:
``_("{count} files were read", count=3)``; templates are translated before they are filled, so
never translate an f-string. The language is chosen when ``_`` is called, not when a module is
imported: call it where the message is made, not in a module's constants.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

    from civictag.datamodel import Label

LANGUAGES = ("zh", "en")
#: Folder of the catalogues.
LOCALE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "locale")
_chosen: str | None = None


def use(language: str | None) -> None:
    """Choose the language, ``zh`` or ``en``; None goes back to the environment's.

    Raises:
        ValueError: another language.
    """
    global _chosen
    if language is not None and language not in LANGUAGES:
        raise ValueError(f"language {language!r}: zh or en")
    _chosen = language
    _of_environment.cache_clear()


def language() -> str:
    """The language in use: chosen, else ``CIVICTAG_LANG``, else the locale's; ``zh`` or ``en``."""
    return _chosen or _of_environment()


def _(message: str, /, **values: object) -> str:
    """``message`` in the language in use, its ``{names}`` filled with ``values``."""
    text = message if language() == "en" else _catalog().gettext(message)
    return text.format(**values) if values else text


class Said(str):
    """A message in the language in use that keeps its English: a program that is handed it reads that.

    Attributes:
        english: the message as it is in English.
    """

    english: str


def said(message: str, /, **values: object) -> Said:
    """As ``_``, for what is shown to people and written for programs."""
    text = Said(_(message, **values))
    text.english = message.format(**values) if values else message
    return text


def mark(message: str) -> str:
    """``message`` itself: marks a constant's text for extraction; ``_`` translates it where it is used."""
    return message


def ngettext(singular: str, plural: str, count: int, /, **values: object) -> str:
    """As ``_``, for a message whose English differs between one and many; ``{count}`` is filled."""
    english = language() == "en"
    text = (singular if count == 1 else plural) if english else _catalog().ngettext(singular, plural, count)
    return text.format(count=count, **values)


def size(paragraphs: int, articles: int) -> str:
    """How much there is, for people: ``1 paragraph in 1 article``."""
    return _(
        "{paragraphs} in {articles}",
        paragraphs=ngettext("{count} paragraph", "{count} paragraphs", paragraphs),
        articles=ngettext("{count} article", "{count} articles", articles),
    )


def listed(items: Iterable[object]) -> str:
    """A list within a sentence: ``a, b``; in Chinese ``a、b``."""
    return ("、" if language() == "zh" else ", ").join(map(str, items))


def label_name(label: Label) -> str:
    """What a person reads for a label: its Chinese name, or the English one where it has one."""
    return label.name if language() == "zh" else label.name_en or label.name or label.id


@cache
def _of_environment() -> str:
    return _of(os.environ.get("CIVICTAG_LANG", "")) or _of_locale() or "en"


def _of(tag: str) -> str | None:
    """``zh`` or ``en`` of a tag such as ``zh_CN.UTF-8`` or ``Chinese (Simplified)_China.936``."""
    low = tag.lower()
    if low.startswith(("zh", "chinese")):
        return "zh"
    return "en" if low.startswith("en") else None


def _of_locale() -> str | None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if os.environ.get(name):
            return _of(os.environ[name])
    return _of_windows() if sys.platform == "win32" else None


def _of_windows() -> str | None:
    """Windows keeps the language of its menus elsewhere; LANG is not set there."""
    import ctypes
    import locale

    if sys.platform != "win32":
        return None
    number = ctypes.windll.kernel32.GetUserDefaultUILanguage()
    return _of(locale.windows_locale.get(number, ""))


@cache
def _catalog() -> NullTranslations:
    import gettext

    return gettext.translation("civictag", LOCALE, languages=["zh"], fallback=True)
