"""Messages in Chinese: none missing, no placeholder lost, and the language is the reader's choice."""

import importlib.util
import io
import re
import string
from pathlib import Path

import pytest
from commands import Command

from civictag import i18n

ROOT = Path(__file__).parents[1]
pytest.importorskip("babel", reason="Babel is not installed: pip install civictag[dev]")
_spec = importlib.util.spec_from_file_location("house_messages", ROOT / "docs" / "messages.py")
messages = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(messages)


@pytest.fixture
def command(capfdbinary):
    return Command(capfdbinary)


@pytest.fixture(scope="module")
def catalog():
    known = messages.read_po(io.BytesIO(messages.PO.read_bytes()), locale="zh_CN")
    return messages.collected(known)


def test_every_message_is_translated(catalog):
    assert len(catalog) > 50
    assert messages.missing(catalog) == []


def test_the_files_are_what_make_messages_makes(catalog):
    assert messages.PO.read_bytes() == messages.as_po(catalog), "make messages"
    assert messages.PO.with_suffix(".mo").read_bytes() == messages.as_mo(catalog), "make messages"


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_no_placeholder_is_lost(catalog):
    for message in catalog:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and any(strings):  # a missing one is another test's matter
            assert {frozenset(fields(text)) for text in strings} == {frozenset(fields(ids[-1]))}, ids


# A number before a word in the plural; limits and what is never one are named otherwise or listed.
COUNTED = re.compile(
    r"(?<!than )\{(\w+)\} (?:\w+ )?(?:articles|paragraphs|rows|files|characters|parts|units|times|labels|"
    r"cells|lines|sheets|places|groups|folders|tables)\b"
)
LIMITS = {"most", "limit", "least"}
NEVER_ONE = ("from about {count} paragraphs on", "learning from {count} of {total}", "… {count} places",
             "The observed {seen} would take", "{count} labelled paragraphs are needed",
             "the chart shows the", "has {rows} rows for {names} names",
             "{count} files at a time", "{count} units are too many", "{first}; labels that are not known",
             "the report holds the text of the first", "more than {count}", "pattern {pattern!r} has",
             "has {count} beginnings", "{value!r} does")  # fmt: skip


def test_a_number_of_one_goes_with_a_word_of_one(catalog):
    """English that a count is filled into: through ngettext, or put so that it fits every number."""
    wrong = [
        message.id
        for message in catalog
        if isinstance(message.id, str)
        and any(name not in LIMITS for name in COUNTED.findall(message.id))
        and not message.id.startswith(NEVER_ONE)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("paragraphs", "articles", "english"),
    [(1, 1, "1 paragraph in 1 article"), (2, 1, "2 paragraphs in 1 article"),
     (0, 3, "0 paragraphs in 3 articles")],
)  # fmt: skip
def test_a_size_in_words(paragraphs, articles, english):
    i18n.use("en")
    assert i18n.size(paragraphs, articles) == english
    i18n.use("zh")
    assert i18n.size(paragraphs, articles) == f"{articles} 篇文章、{paragraphs} 段"


@pytest.fixture(autouse=True)
def forgotten():
    """Each test begins, and leaves the others, with the environment's language."""
    i18n.use(None)
    yield
    i18n.use(None)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"CIVICTAG_LANG": "zh"}, "zh"),
        ({"CIVICTAG_LANG": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "C.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LANG": "zh_TW.Big5"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({}, "en"),
    ],
)
def test_the_language_is_chosen_told_or_the_locales(monkeypatch, environment, expected):
    for name in ("CIVICTAG_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    i18n.use(None)
    assert i18n.language() == expected


def test_a_message_is_translated_then_filled():
    i18n.use("zh")
    try:
        assert i18n._("more than {count} files", count=3) == "超过 3 个文件"
        assert i18n.ngettext("{count} article", "{count} articles", 1) == "1 篇文章"
        assert i18n._("a message that nobody knows {x}", x="{y}") == "a message that nobody knows {y}"
    finally:
        i18n.use(None)
    assert i18n.ngettext("{count} article", "{count} articles", 2) == "2 articles"
    with pytest.raises(ValueError, match="zh or en"):
        i18n.use("fr")


@pytest.mark.parametrize("arguments", [("--lang", "zh", "tag", "-h"), ("tag", "-h", "--lang=zh")])
def test_help_is_in_the_language_asked_for(command, arguments):
    code, out, err = command(*arguments)
    assert (code, err) == (0, "")
    assert out.startswith("用法")
    assert command("tag", "-h")[1].startswith("Usage")


def test_another_language_is_wrong_usage(command):
    code, _, err = command("--lang", "fr", "labels")
    assert code == 2
    assert "zh or en" in err
