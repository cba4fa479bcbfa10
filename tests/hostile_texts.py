"""Texts, pages, tables, mails and packed files made to cost memory or time, or to be cut in silence.

Each is a name and what makes its bytes, of a size that a test can afford; ``GOOD`` stands in some of them and
must come through.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import zipfile
from collections.abc import Callable

Make = Callable[[], bytes]
GOOD = "钱小米一早清扫了石桥镇的老街，路边的杂物没有了踪影。"
K = 1000


def text(content: str, encoding: str = "utf-8") -> Make:
    return lambda: content.encode(encoding, "surrogatepass")


def repeated(part: str, times: int, before: str = "", after: str = f"\n\n{GOOD}\n") -> Make:
    """A part again and again, with a good paragraph behind it."""
    return lambda: (before + part * times + after).encode()


def page(body: str, times: int = 1, head: str = "", after: str = f"<p>{GOOD}</p>") -> Make:
    return lambda: f"<meta charset=utf-8>{head}<body>{body * times}{after}".encode()


def members(content: bytes, times: int) -> Make:
    """gzip of a part that is repeated, a member each: packed once."""
    return lambda: gzip.compress(content, mtime=0) * times


def packed(content: bytes, times: int = 1) -> Make:
    """gzip of a part that is repeated, in one member; nothing large is held."""

    def make() -> bytes:
        room = io.BytesIO()
        with gzip.GzipFile(fileobj=room, mode="wb", mtime=0) as file:
            for _ in range(times):
                file.write(content)
        return room.getvalue()

    return make


MARKDOWN = {
    "a heading of blanks": repeated("# a" + " " * 100 * K + "b\n", 1),
    "headings of hashes": repeated("#" * 100 * K + "\n", 2),
    **{
        f"many {part.strip()!r}": repeated(part, 60 * K)
        for part in (
            "[",
            "![",
            "__a ",
            "**a ",
            "~~a ",
            "<p ",
            "<https:",
            "[a](",
            "`",
            "> ",
            "- ",
            "|",
            "*a_",
            "[a]: ",
            "&",
            "<!--",
            "\\",
            "](",
            "1. ",
            "<a href='",
            "$$",
            "[^1]",
            "!",
            "<![CDATA[",
            "<?",
            "***",
            "- - ",
        )
    },
    "backticks of every length": text("".join("`" * n + "a" for n in range(1200)) + f"\n\n{GOOD}\n"),
    "lists in lists": text("".join("  " * n + "- a\n" for n in range(700)) + f"\n\n{GOOD}\n"),
    "underlines": repeated("a\n===\n", 20 * K),
    "link definitions": text("".join(f"[a{n}]: /u\n" for n in range(20 * K)) + f"\n\n{GOOD}\n"),
    "a table of many columns": text("|a" * 5 * K + "|\n" + "|-" * 5 * K + f"|\n\n{GOOD}\n"),
    "a table of many rows": text("|a|b|\n|-|-|\n" + "|c\n" * 20 * K + f"\n\n{GOOD}\n"),
    "front matter without end": repeated("a: b\n", 50 * K, "---\n"),
    "nested quotes and lists": repeated("> - ", 20 * K),
}
PLAIN = {
    "walls": repeated(f"相关阅读：\n{GOOD}\n{GOOD}\n", 2 * K),
    "paragraphs that end in a comma": repeated(GOOD.replace("。", "，") + "\n", 4 * K),
    "open quotes": repeated(f"“{GOOD}\n", 4 * K),
    "bylines": repeated("来源：石桥报　作者：钱小米\n", 4 * K),
    "open brackets": repeated("（《【“", 50 * K),
    "closing brackets": repeated("）》】”", 50 * K),
    "ideographic blanks": repeated("\u3000", 500 * K),
    "blank lines": repeated(" \n\u3000\n", 100 * K),
    "combining marks": repeated("\u0301", 300 * K, "a"),
    "joiners": repeated("👩\u200d", 100 * K),
    "marks of direction": repeated("\u202e\u2066", 100 * K),
    "form feeds": repeated("\f\v\x1c\u2028\u2029\x85", 50 * K),
    "carriage returns": repeated("\r", 300 * K),
    "numbers with dots": repeated("1.2.", 100 * K),
    "addresses": repeated("http://a.b/c?d=e&", 20 * K),
    "dates": repeated("2024年4月2日", 30 * K),
    "ordinals": repeated("一、", 100 * K),
    "reporters": repeated("（记者 钱小米 通讯员 何老师）", 10 * K),
    "ellipses": repeated("……——", 80 * K),
    "ligatures that unfold": repeated("\ufdfa", 100 * K),
    "one line of a megabyte": repeated(GOOD, 14 * K),
    "utf-16 without end": lambda: GOOD.encode("utf-16") * 2 + b"\x00",
    "all bytes": lambda: bytes(range(1, 256)) * 400,
    "escapes of GB18030": lambda: b"\x81\x30\x81\x30" * 40 * K,
    "ISO-2022 that never shifts back": lambda: b"\x1b$B" + b"!!" * 40 * K,
}
PAGES = {
    "open paragraphs": page("<p><span>段", 20 * K),
    "open divs": page("<div>", 100 * K),
    "open fonts": page("<font><a><i>字", 5 * K),
    "attributes": page("<p " + " ".join(f"a{n}=1" for n in range(50 * K)) + f">{GOOD}</p>"),
    "one long attribute": page(f"<p style='{'a:b;' * 200 * K}'>字</p>"),
    "a span of a billion columns": page(
        f"<table><tr><td colspan=1000000000 rowspan=1000000000>{GOOD}</table>"
    ),
    "tables in tables": page("<table><tr><td>", 3 * K),
    "many cells": page("<tr>" + "<td>1" * 100, 500, head="<table>"),
    "style sheet of many rules": page(
        "<p class=a>字</p>",
        3 * K,
        head="<style>"
        + "".join(f".a .b{n} > p:not(.c{n}) {{display:none}}\n" for n in range(3 * K))
        + "</style>",
    ),
    "style sheet of brackets": page("", head="<style>" + "a{(" * 20 * K + "</style>"),
    "style sheet of imports": page("", head="<style>" + "@import 'a';@media x{" * 10 * K + "</style>"),
    "a selector of many parts": page(
        "<div>", 200, head="<style>" + "div " * 5 * K + "{display:none}</style>"
    ),
    "style sheets all alike": page("<style>p.x{display:none}</style>", 30 * K),
    "style sheets all unlike": page("".join(f"<style>p.x{n}{{display:none}}</style>" for n in range(10 * K))),
    "comments": page("<!--", 50 * K),
    "a script without end": page("", head="<script>" + "'<p>'+" * 50 * K + "</script>"),
    "references to nothing": page("&#0;&#xD800;&#x110000;", 4 * K),
    "references without end": page("&amp", 100 * K),
    "numbers of a million digits": page("&#" + "9" * 1000 * K + ";"),
    "many titles": page("", head="<title>清扫</title>" * 20 * K),
    "one long title": page("", head=f"<title>{'清扫_' * 100 * K}</title>"),
    "many metas": page("", head="<meta name=description content='清扫'>" * 20 * K),
    "a charset of a megabyte": page("", head=f"<meta charset={'x' * 1000 * K}>"),
    "links": page("<a href='/1'>清扫老街</a>", 20 * K),
    "options": page("<select><option>清扫", 10 * K),
    "templates": page("<template>", 5 * K),
    "ruby": page("<ruby>清<rt>qing", 10 * K),
    "drawings": page("<svg><foreignObject>", 5 * K),
    "frames": page("<iframe srcdoc='<p>清扫'>", 10 * K),
    "editors": page("<textarea>&lt;p&gt;", 10 * K),
    "plain text for ever": page("<plaintext>", 2 * K),
    "doctype with entities": lambda: (
        "<!DOCTYPE x [" + "".join(f'<!ENTITY e{n} "&e{n + 1};&e{n + 1};">' for n in range(40)) + "]>"
        f"<meta charset=utf-8><p>&e0;{GOOD}</p>"
    ).encode(),
}
ROWS_JSON = {
    "nested lists": lambda: (
        b'{"text": ' + b"[" * 200 * K + b"\n" + json.dumps({"text": GOOD}).encode() + b"\n"
    ),
    "nested objects": lambda: (
        b'{"text": "a", "x": '
        + b'{"a":' * 100 * K
        + b"1"
        + b"}" * 100 * K
        + b"}\n"
        + json.dumps({"text": GOOD}).encode()
        + b"\n"
    ),
    "numbers past every range": lambda: (
        b'{"text": "a", "n": 1e400, "m": NaN, "k": -Infinity}\n'
        + b'{"text": "a", "n": '
        + b"9" * 20 * K
        + b"}\n"
        + json.dumps({"text": GOOD}).encode()
        + b"\n"
    ),
    "many keys": lambda: json.dumps({"text": GOOD, **{f"k{n}": n for n in range(20 * K)}}).encode() + b"\n",
    "a key of a megabyte": lambda: json.dumps({"text": GOOD, "k" * 1000 * K: 1}).encode() + b"\n",
    "a key again and again": lambda: (
        b'{"text": "a"' + b', "text": "b"' * 50 * K + b"}\n" + json.dumps({"text": GOOD}).encode() + b"\n"
    ),
    "rows of other keys": lambda: "".join(
        json.dumps({"text": GOOD, f"k{n}": n}, ensure_ascii=False) + "\n" for n in range(2 * K)
    ).encode(),
    "halves of characters": lambda: (
        b'{"text": "\\ud83d", "title": "\\udc00"}\n' + json.dumps({"text": GOOD}).encode() + b"\n"
    ),
    "blank lines first": lambda: b"\n" * 1500 * K + json.dumps({"text": GOOD}).encode() + b"\n",
    "escapes": lambda: (
        b'{"text": "'
        + b"\\u0000\\u001b]0;x\\u0007" * 2 * K
        + b'"}\n'
        + json.dumps({"text": GOOD}).encode()
        + b"\n"
    ),
}
ARRAYS = {
    "nested": lambda: b"[" * 500 * K,
    "objects in lists in objects": lambda: b'[{"text":' * 50 * K,
    "a hundred thousand numbers": lambda: b"[" + b"1," * 100 * K + b"1]",
    "many empty objects": lambda: b"[" + b"{}," * 30 * K + json.dumps({"text": GOOD}).encode() + b"]",
}
TABLES = {
    "many columns": lambda: (
        "text," + ",".join(f"c{n}" for n in range(20 * K)) + f"\n{GOOD}" + ",x" * 20 * K + "\n"
    ).encode(),
    "columns of one name": lambda: ("text" + ",text" * 5 * K + f"\n{GOOD}" + ",x" * 5 * K + "\n").encode(),
    "an open quotation mark": lambda: f'id,text\n1,"{GOOD}\n'.encode() + b"2,x\n" * 20 * K,
    "quotation marks": lambda: f"id,text\n1,{GOOD}\n2,".encode() + b'"' * 300 * K + b"\n",
    "rows of many lengths": lambda: (
        f"id,text\n1,{GOOD}\n".encode() + b"".join(b"," * n + b"\n" for n in range(600))
    ),
    "NULs": lambda: f"id,text\n1,{GOOD}\n".encode() + b"2,\0\0\0\n" * 100,
    "carriage returns alone": lambda: f"id,text\r1,{GOOD}\r".encode() + b"2,x\r" * 20 * K,
    "separators of every kind": lambda: f"id,text\n1,{GOOD}\n".encode() + b",;\t|" * 50 * K + b"\n",
    "a header of a megabyte": lambda: f"text,{'长' * 300 * K}\n{GOOD},x\n".encode(),
}


def mail(head: str, body: str) -> Make:
    return lambda: (f"From: a@b.c\nMIME-Version: 1.0\n{head}\n\n{body}").encode()


_NESTED = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3 * K))
_HTML = f"<meta charset=utf-8><p>{GOOD}</p>"
MAILS = {
    "parts in parts": mail("Subject: x\n" + _NESTED, GOOD),
    "messages in messages": mail("Content-Type: message/rfc822\n\n" * 2 * K, GOOD),
    "a header of megabytes": mail(
        "Subject: " + "扫" * 1000 * K + "\nContent-Type: text/plain; charset=utf-8", GOOD
    ),
    "many headers": mail(
        "\n".join(f"X-{n}: y" for n in range(30 * K)) + "\nContent-Type: text/plain; charset=utf-8", GOOD
    ),
    "encoded words": mail(
        "Subject: " + "=?utf-8?B?5omr?= " * 5 * K + "\nContent-Type: text/plain; charset=utf-8", GOOD
    ),
    "quoted names": mail('To: "' + '\\"(' * 10 * K + "\nContent-Type: text/plain; charset=utf-8", GOOD),
    "comments in addresses": mail(
        "From: " + "(" * 20 * K + "\nContent-Type: text/plain; charset=utf-8", GOOD
    ),
    "parameters": mail("Content-Type: text/plain; charset=utf-8" + "; a*0*=b" * 5 * K, GOOD),
    "semicolons": mail("Content-Type: text/plain; charset=utf-8" + ";" * 40 * K, GOOD),
    "comments in a type": mail("Content-Type: text/plain; charset=utf-8" + "(" * 40 * K, GOOD),
    "quotation marks in a disposition": mail(
        'Content-Type: text/plain; charset=utf-8\nContent-Disposition: inline; "' + '"' * 40 * K, GOOD
    ),
    "colons in an encoding": mail(
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: " + ": " * 20 * K, GOOD
    ),
    "a charset of no one": mail('Content-Type: text/plain; charset="\x1b]0;x\x07"', GOOD),
    "a broken base64": mail(
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: base64",
        base64.b64encode(_HTML.encode()).decode() + "=" * 100 * K,
    ),
    "a quoted-printable of equals": mail(
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable", "=" * 200 * K
    ),
    "boundaries": mail("Content-Type: multipart/related; boundary=b", "--b\n" * 20 * K),
    "a date of no calendar": mail(
        "Date: Mon, 99 Foo 99999 99:99:99 +9999\nContent-Type: text/plain; charset=utf-8", GOOD
    ),
    "attachments with escapes": mail(
        "Content-Type: multipart/mixed; boundary=b",
        (
            f"--b\nContent-Type: text/plain; charset=utf-8\n\n{GOOD}\n"
            '--b\nContent-Disposition: attachment; filename="\x1b]0;x\x07\u202egpj.exe"\n\nx\n' * 200
        ),
    ),
}
PACKED = {
    "bomb.txt.gz": packed(b" " * (1 << 20), 300),
    "bomb.jsonl.gz": members(b"x" * (1 << 20), 300),
    "bomb.csv.gz": members(b'text\n"' + b"x" * (1 << 20), 300),
    "bomb.json.gz": packed(b"[" * (1 << 20), 100),
    "bomb.html.gz": packed(b"<p>" * 300_000, 100),
    "cut.jsonl.gz": lambda: packed(json.dumps({"text": GOOD}).encode() + b"\n", 4000)()[:-40],
    "twice.txt.gz": lambda: gzip.compress(gzip.compress(GOOD.encode())),
    "members.txt.gz": lambda: gzip.compress(b"") * 20_000 + gzip.compress(GOOD.encode()),
    "tail.txt.gz": lambda: gzip.compress(GOOD.encode()) + b"\x00garbage" * 100,
}


def archive(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A .zip of these."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return room.getvalue()


def overlapping() -> bytes:
    """Entries that all point at one packed kernel, as in Fifield's bomb (WOOT 2019)."""
    data = archive({"0.txt": b"\xe6\x89\xab" * 400_000})
    entry = data[data.index(b"PK\x01\x02") : data.index(b"PK\x05\x06")]
    body = data[: data.index(b"PK\x01\x02")]
    count = 3000
    end = (
        b"PK\x05\x06"
        + bytes(4)
        + count.to_bytes(2, "little") * 2
        + (len(entry) * count).to_bytes(4, "little")
    )
    return body + entry * count + end + len(body).to_bytes(4, "little") + bytes(2)


def far_away() -> bytes:
    """A member that states, in 64 bits, to stand past 2^63; another is good."""
    good, name = GOOD.encode(), b"b.txt"
    data = archive({"a.txt": good}, zipfile.ZIP_STORED)
    body, entry = data[: data.index(b"PK\x01\x02")], data[data.index(b"PK\x01\x02") : -22]
    place = b"\x01\x00\x08\x00" + (2**63 + 5).to_bytes(8, "little")
    far = entry[:30] + len(place).to_bytes(2, "little") + entry[32:42] + b"\xff" * 4 + name + place
    size = (len(entry) + len(far)).to_bytes(4, "little")
    counts = (2).to_bytes(2, "little") * 2
    return (
        body
        + far
        + entry
        + b"PK\x05\x06"
        + bytes(4)
        + counts
        + size
        + len(body).to_bytes(4, "little")
        + bytes(2)
    )


ZIPS = {
    "a member past every place": far_away,
    "a bomb": lambda: archive({"a.txt": b" " * (80 << 20), "b.txt": GOOD.encode()}),
    "archives in archives": lambda: archive(
        {"a.zip": archive({"b.zip": archive({"c.txt": GOOD.encode()})}), "d.txt": GOOD.encode()}
    ),
    "many members": lambda: archive({f"{n}.txt": b"x" for n in range(21_000)}, zipfile.ZIP_STORED),
    "names that lead out": lambda: archive(
        {"../../x.txt": GOOD.encode(), "/etc/y.txt": GOOD.encode(), "c:\\z.txt": GOOD.encode()}
    ),
    "names with escapes": lambda: archive(
        {
            "\x1b]0;x\x07.txt": GOOD.encode(),
            "\u202egpj.txt": GOOD.encode(),
            "a\nb.txt": b"",
            "\x9b31m.txt": b"\x00" * 9,
        }
    ),
    "names of 60,000 characters": lambda: archive(
        {"a" * 60_000 + ".txt": GOOD.encode(), "b.txt": GOOD.encode()}
    ),
    "a member twice": lambda: archive({"a.txt": GOOD.encode()})[:-22] + archive({"a.txt": GOOD.encode()}),
    "overlapping members": overlapping,
    "a member that is cut": lambda: archive({"a.txt": GOOD.encode() * 99})[:60] + b"PK\x05\x06" + bytes(18),
    "a member of LZMA": lambda: archive({"a.txt": GOOD.encode()}, zipfile.ZIP_LZMA),
    "a member of an unknown method": lambda: archive(
        {"a.txt": GOOD.encode(), "b.txt": GOOD.encode()}
    ).replace(b"\x08\x00", b"\x63\x00"),
    "a checksum that is wrong": lambda: archive(
        {"a.txt": b"xyz" * 9, "b.txt": GOOD.encode()}, zipfile.ZIP_STORED
    ).replace(b"xyzxyz", b"xyzabc"),
    "hostile members": lambda: archive(
        {"a.pdf": b"%PDF-1.4 x", "b.xlsx": b"PK\x03\x04", "c.jsonl": b"{", "d.txt": GOOD.encode()}
    ),
}


def files() -> dict[str, Make]:
    """Every one by the name of a file."""
    kinds = {
        ".md": MARKDOWN,
        ".txt": PLAIN,
        ".html": PAGES,
        ".jsonl": ROWS_JSON,
        ".json": ARRAYS,
        ".csv": TABLES,
        ".eml": MAILS,
        ".zip": ZIPS,
    }
    found = {}
    for suffix, table in kinds.items():
        for number, make in enumerate(table.values()):
            found[f"{suffix[1:]}{number:02}{suffix}"] = make
    return found | PACKED


def named(name: str) -> str:
    """What a file is about, for messages of tests."""
    kinds = {
        "md": MARKDOWN,
        "txt": PLAIN,
        "html": PAGES,
        "jsonl": ROWS_JSON,
        "json": ARRAYS,
        "csv": TABLES,
        "eml": MAILS,
        "zip": ZIPS,
    }
    stem, _, suffix = name.partition(".")
    table = kinds.get(suffix)
    return f"{suffix}: {list(table)[int(stem.removeprefix(suffix))]}" if table and stem != "bomb" else name
