"""PDFs made for tests: text at given places, in a Chinese font that every reader brings, and drawn lines."""

from __future__ import annotations

from pathlib import Path

Text = tuple[float, float, float, str]  # left, baseline, size in points; what stands there
Line = tuple[float, float, float, float]  # from, to

FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts["
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>"
    b"/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[0 -200 1000 900]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/StemV 90/CapHeight 880>>>>]>>"
)


def chinese_pdf(path: Path, *pages: tuple[list[Text], list[Line]]) -> Path:
    """A PDF of A4 pages, each of texts (in the order in which they are drawn) and of lines."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"", FONT]
    kids = []
    for texts, lines in pages:
        drawn = [f"{a} {b} m {c} {d} l S" for a, b, c, d in lines]
        shown = [
            f"BT /F {size} Tf {left} {base} Td <{text.encode('utf-16-be').hex()}> Tj ET"
            for left, base, size, text in texts
        ]
        content = "\n".join([*drawn, *shown]).encode("ascii")
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(content), content))
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
            b"/Resources<</Font<</F 3 0 R>>>>>>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
    body = b"%PDF-1.4\n"
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(body))
    path.write_bytes(body + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, tail))
    return path


def typeset(
    paragraphs: list[str], *, left: float = 72, top: float = 720, size: float = 12, wide: int = 36,
    indent: int = 2, pitch: float = 1.6, gap: float = 0,
) -> list[Text]:  # fmt: skip
    """Paragraphs set in lines of ``wide`` characters, the first one indented; ``gap`` points between them."""
    made, base = [], top
    for text in paragraphs:
        cut, at = wide - indent, indent
        while text:
            made.append((left + at * size, base, size, text[:cut]))
            text, cut, at, base = text[cut:], wide, 0, base - pitch * size
        base -= gap
    return made
