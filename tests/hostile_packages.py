"""Workbooks, Word files, PDFs and Parquet files made to cost memory or time; as ``hostile_texts``."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable

from hostile_texts import GOOD, K, archive

Make = Callable[[], bytes]
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELS = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
_WORDS = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_TYPED = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def _linked(links: str) -> bytes:
    return f"<Relationships {_RELATIONS}>{links}</Relationships>".encode()


def _root(part: str) -> bytes:
    return _linked(f'<Relationship Id="r" Type="{_RELATED}/officeDocument" Target="{part}"/>')


def docx(body: str, **parts: str) -> Make:
    """A Word file of this body, before a good paragraph."""

    def make() -> bytes:
        types = "".join(
            f'<Override PartName="/word/{name}.xml" ContentType="{_WORDS}.{name}+xml"/>' for name in parts
        )
        links = "".join(
            f'<Relationship Id="r{number}" Type="{_RELATED}/{name}" Target="{name}.xml"/>'
            for number, name in enumerate(parts)
        )
        return archive(
            {
                "[Content_Types].xml": f'<Types xmlns="{_TYPES}">{_RELS}'
                '<Default Extension="xml" ContentType="application/xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{_WORDS}.document.main+xml"/>'
                f"{types}</Types>".encode(),
                "_rels/.rels": _root("word/document.xml"),
                "word/_rels/document.xml.rels": _linked(links),
                "word/document.xml": f"<w:document {_W}><w:body>{body}<w:p><w:r><w:t>{GOOD}</w:t></w:r></w:p>"
                "</w:body></w:document>".encode(),
                **{f"word/{name}.xml": content.encode() for name, content in parts.items()},
            }
        )

    return make


def _cell(inside: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inside}</w:tc>"


def _table(cells: str) -> str:
    return f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>"


_P = "<w:p><w:r><w:t>扫</w:t></w:r></w:p>"
_STYLES = (
    f"<w:styles {_W}>"
    '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="a"/><w:basedOn w:val="b"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="b"/><w:basedOn w:val="a"/></w:style></w:styles>'
)
_NUMBERING = (
    f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="2000000000"/>'
    '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1%2%3%4%5%6%7%8%9"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>'
)
_NUMBERED = '<w:p><w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="1"/></w:numPr></w:pPr></w:p>'
WORD = {
    "runs that are all alike": docx(
        "<w:p>" + "<w:r><w:rPr><w:b/></w:rPr><w:t>扫</w:t></w:r>" * 60 * K + "</w:p>"
    ),
    "a cell over ten million columns": docx(_table(_cell(_P, '<w:gridSpan w:val="10000000"/>'))),
    "a cell over two billion columns": docx(_table(_cell(_P, '<w:gridSpan w:val="2000000000"/>'))),
    "a cell over minus one column": docx(_table(_cell(_P, '<w:gridSpan w:val="-1"/>'))),
    "a row that begins in column ten million": docx(
        f'<w:tbl><w:tr><w:trPr><w:gridBefore w:val="10000000"/></w:trPr>{_cell(_P)}</w:tr></w:tbl>'
    ),
    "cells merged downwards": docx(
        "<w:tbl>" + f"<w:tr>{_cell(_P, '<w:vMerge/>')}</w:tr>" * 5 * K + "</w:tbl>"
    ),
    "tables in tables": docx("<w:tbl><w:tr><w:tc>" * 500 + _P + "</w:tc></w:tr></w:tbl>" * 500),
    "tables in tables, deeper": docx("<w:tbl><w:tr><w:tc>" * 5 * K + _P + "</w:tc></w:tr></w:tbl>" * 5 * K),
    "spans of wide rows": docx(_table(_cell(_P, '<w:gridSpan w:val="60"/>') * 2 * K) * 3),
    "insertions in insertions": docx("<w:ins>" * 5 * K + _P + "</w:ins>" * 5 * K),
    "controls in controls": docx("<w:sdt><w:sdtContent>" * 2 * K + _P + "</w:sdtContent></w:sdt>" * 2 * K),
    "styles in a circle": docx('<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr></w:p>', styles=_STYLES),
    "numbers of two billion": docx(_NUMBERED.format(level=0) * K, numbering=_NUMBERING),
    "a level of a billion": docx(_NUMBERED.format(level=10**9) * 10, numbering=_NUMBERING),
    "many runs": docx("<w:p>" + "<w:r><w:t>扫</w:t></w:r>" * 60 * K + "</w:p>"),
    "many tabs": docx("<w:p><w:r>" + "<w:tab/>" * 300 * K + "</w:r></w:p>"),
    "notes that are not there": docx('<w:p><w:r><w:footnoteReference w:id="9"/></w:r></w:p>' * 2 * K),
    "a number that is none": docx('<w:p><w:pPr><w:ind w:left="1e999" w:firstLine="x"/></w:pPr></w:p>'),
}


def xlsx(rows: str, name: str = "表", strings: str = "", sheets: int = 1, more: str = "") -> Make:
    """A workbook of these rows, before a good one."""

    def make() -> bytes:
        numbers = range(1, sheets + 1)
        named = "".join(
            f'<sheet name="{name if number == 1 else number}" sheetId="{number}" r:id="r{number}"/>'
            for number in numbers
        )
        linked = "".join(
            f'<Relationship Id="r{n}" Type="{_RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in numbers
        )
        good = f'<row><c t="inlineStr"><is><t>{GOOD}</t></is></c></row>'
        header = '<row r="1"><c r="A1" t="inlineStr"><is><t>text</t></is></c></row>'
        sheet = f"<worksheet {_S}>{more}<sheetData>{header}{rows}{good}</sheetData></worksheet>".encode()
        overrides = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPED}.worksheet+xml"/>'
            for n in numbers
        )
        return archive(
            {
                "[Content_Types].xml": f'<Types xmlns="{_TYPES}">{_RELS}'
                f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPED}.sheet.main+xml"/>'
                f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_TYPED}.sharedStrings+xml"/>'
                f"{overrides}"
                "</Types>".encode(),
                "_rels/.rels": _root("xl/workbook.xml"),
                "xl/workbook.xml": (
                    f'<workbook {_S} xmlns:r="{_RELATED}"><sheets>{named}</sheets></workbook>'.encode()
                ),
                "xl/_rels/workbook.xml.rels": _linked(
                    f'{linked}<Relationship Id="s" Type="{_RELATED}/sharedStrings" '
                    'Target="sharedStrings.xml"/>'
                ),
                "xl/sharedStrings.xml": f"<sst {_S}>{strings}</sst>".encode(),
                **{f"xl/worksheets/sheet{n}.xml": sheet for n in numbers},
            }
        )

    return make


def _at(cell: str, row: str = "2", text: str = "扫") -> str:
    return f'<row r="{row}"><c r="{cell}" t="inlineStr"><is><t>{text}</t></is></c></row>'


SHEETS = {
    "row a billion": xlsx(_at("A1000000000", "1000000000")),
    "row past 64 bits": xlsx(_at("A2", "9" * 30)),
    "row minus one": xlsx(_at("A-1", "-1")),
    "a column without end": xlsx(_at("Z" * 50 + "2")),
    "the last column": xlsx(_at("XFD2")),
    "the last row and column": xlsx(_at("XFD1048576", "1048576")),
    "the last row in every sheet": xlsx(_at("A1048576", "1048576"), sheets=60),
    "a dimension of all": xlsx("", more='<dimension ref="A1:XFD1048576"/>'),
    "a dimension of none": xlsx("", more='<dimension ref="A0:Z-5"/>'),
    "columns to a billion": xlsx("", more='<cols><col min="1" max="1000000000" width="1e300"/></cols>'),
    "a string that is not there": xlsx('<row r="2"><c r="A2" t="s"><v>4000000000</v></c></row>'),
    "one string in every row": xlsx(
        "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 300)),
        strings=f"<si><t>{'扫' * 30 * K}</t></si>",
    ),
    "runs of a string": xlsx(
        '<row r="2"><c r="A2" t="s"><v>0</v></c></row>',
        strings="<si>" + "<r><t>扫</t></r>" * 100 * K + "</si>",
    ),
    "dates past every calendar": xlsx('<row r="2"><c r="A2" s="1"><v>1e300</v></c></row>'),
    "rows in reverse": xlsx("".join(_at(f"A{n}", str(n)) for n in range(3 * K, 1, -1))),
    "a sheet's name with escapes": xlsx("", name="&#9;&#x202e;gpj&#x9b;31m"),
    "a sheet's name of a megabyte": xlsx("", name="表" * 300 * K),
    "many sheets": xlsx("", sheets=800),
    "cells that name one place": xlsx('<row r="2">' + '<c r="A2"><v>1</v></c>' * 100 * K + "</row>"),
    "rows in rows": xlsx("<row>" * 10 * K + "</row>" * 10 * K),
}


def ods(rows: str) -> Make:
    """An OpenDocument sheet of these rows, before a good one."""
    head = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="a">'
    )

    def cell(content: str) -> str:
        return (
            '<table:table-row><table:table-cell office:value-type="string">'
            f"<text:p>{content}</text:p></table:table-cell></table:table-row>"
        )

    content = (
        head + cell("text") + rows + cell(GOOD)
        + "</table:table></office:spreadsheet></office:body></office:document-content>"
    )  # fmt: skip
    return lambda: archive(
        {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()}
    )


def _repeated(row: str, cell: str, inside: str = "<text:p>扫</text:p>") -> str:
    return (
        f'<table:table-row {row}><table:table-cell office:value-type="string" {cell}>{inside}'
        "</table:table-cell></table:table-row>"
    )


OPEN_SHEETS = {
    "a row a billion times": ods(_repeated('table:number-rows-repeated="1000000000"', "")),
    "an empty row a billion times": ods(_repeated('table:number-rows-repeated="1000000000"', "", "")),
    "a cell a billion times": ods(_repeated("", 'table:number-columns-repeated="1000000000"')),
    "both many times": ods(
        _repeated('table:number-rows-repeated="60000"', 'table:number-columns-repeated="60000"')
    ),
    "minus one row": ods(_repeated('table:number-rows-repeated="-1"', "")),
    "rows past 64 bits": ods(_repeated(f'table:number-rows-repeated="{"9" * 30}"', "")),
    "a billion blanks": ods(_repeated("", "", '<text:p><text:s text:c="1000000000"/>扫</text:p>')),
    "groups in groups": ods("<table:table-row-group>" * 5 * K + "</table:table-row-group>" * 5 * K),
}


def pdf(*objects: bytes, root: int = 1) -> Make:
    """A PDF of these objects, numbered from 1."""

    def make() -> bytes:
        body, places = b"%PDF-1.7\n", []
        for number, item in enumerate(objects, 1):
            places.append(len(body))
            body += b"%d 0 obj\n%s\nendobj\n" % (number, item)
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        tail = b"trailer<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF"
        start = b"xref\n0 %d\n0000000000 65535 f \n%s"
        size = len(objects) + 1
        return body + start % (size, table) + tail % (size, root, len(body))

    return make


def stream(content: bytes, head: bytes = b"", *, packed: bool = False) -> bytes:
    if packed:
        content, head = zlib.compress(content, 9), head + b"/Filter/FlateDecode"
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), head, content)


_CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"
_PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def paged(
    content: bytes, resources: bytes = b"/Font<</F 5 0 R>>", *more: bytes, box: bytes = b"0 0 595 842"
) -> Make:
    """A PDF of one page."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<<%s>>>>" % (box, resources)
    return pdf(_CATALOG, _PAGES, page, content, _FONT, *more)


_FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X %d 0 R>>>>"
_TEXT = b"BT /F 9 Tf 9 9 Td (Clean streets.) Tj ET "
PDFS = {
    "a form that draws itself": paged(
        stream(b"/X Do /X Do"), b"/XObject<</X 6 0 R>>", stream(b"/X Do /X Do", _FORM % 6)
    ),
    "forms that double": paged(
        stream(b"/X Do /X Do"),
        b"/XObject<</X 6 0 R>>",
        *(stream(b"/X Do /X Do", _FORM % (n + 1)) for n in range(6, 31)),
        stream(_TEXT, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
    ),
    # Packing these takes seconds: when they are wanted, not in every collection of the tests.
    "operators, packed": lambda: paged(stream(_TEXT * 2_000_000, packed=True))(),
    "a stream of zeros": lambda: paged(stream(bytes(400 << 20), packed=True))(),
    "filters on filters": paged(stream(b"x" * 99, b"/Filter[" + b"/FlateDecode" * 5 * K + b"]")),
    "pages in a circle": pdf(_CATALOG, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 2/Parent 2 0 R>>"),
    "pages that double": pdf(
        _CATALOG,
        *(
            b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count %d>>" % (n + 1, n + 1, 1 << (31 - n))
            for n in range(2, 31)
        ),
        b"<</Type/Page/MediaBox[0 0 9 9]>>",
    ),
    "a billion pages stated": pdf(
        _CATALOG,
        b"<</Type/Pages/Kids[3 0 R]/Count 1000000000>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ),
    "one page again and again": pdf(
        _CATALOG,
        b"<</Type/Pages/Kids[%s]/Count 50000>>" % (b"3 0 R " * 50 * K),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
    ),
    "a box of no size": paged(stream(_TEXT), box=b"0 0 0 0"),
    "a box past every number": paged(stream(_TEXT), box=b"-1e38 -1e38 1e38 1e38"),
    "letters past every size": paged(stream(b"BT /F 1e30 Tf 1e38 1e38 Td (Clean) Tj ET")),
    "arrays in arrays": pdf(b"[" * 100 * K + b"]" * 100 * K, _PAGES),
    "dictionaries in dictionaries": pdf(b"<</A" * 50 * K + b">>" * 50 * K, _PAGES),
    "an object that is itself": pdf(b"1 0 R", _PAGES),
    "many lines": paged(stream(b"0 0 m 9 9 l S " * 300 * K + _TEXT, packed=True)),
    "saved states": paged(stream(b"q " * 500 * K + _TEXT)),
    "a table of references past its end": lambda: paged(stream(_TEXT))().replace(
        b"/Size 6", b"/Size 2000000000"
    ),
    "references that go back to themselves": lambda: paged(stream(_TEXT))().replace(
        b"/Size 6", b"/Size 6/Prev 9"
    ),
    "letters one over the other": paged(
        stream(b"BT /F 9 Tf 9 9 Td (x) Tj 0 0 Td " * 60 * K + b"ET", packed=True)
    ),
    "a map of all characters": paged(
        stream(_TEXT),
        b"/Font<</F 6 0 R>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 7 0 R>>",
        stream(b"1 beginbfrange <0000> <ffffffff> <0000> endbfrange\n" * 20 * K, packed=True),
    ),
}


def parquet(kind: str) -> Make:
    def make() -> bytes:
        import pyarrow as pa
        from pyarrow import parquet as pq

        room = io.BytesIO()
        column = _columns(pa)[kind]()
        pq.write_table(pa.table(column), room, compression="zstd", row_group_size=1 << 20)
        return room.getvalue()

    return make


def _columns(pa) -> dict[str, Callable[[], dict[str, object]]]:  # type: ignore[no-untyped-def]
    bad = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(b"\0\0\0\0\2\0\0\0\4\0\0\0"), pa.py_buffer(b"\xff\xfe\xff\xfe")]
    )
    nested = pa.array([GOOD])
    for _ in range(60):
        nested = pa.ListArray.from_arrays(pa.array([0, len(nested)], pa.int32()), nested)
    return {
        "invalid UTF-8": lambda: {"text": bad},
        "a year past every calendar": lambda: {
            "text": [GOOD], "date": pa.array([2**62], pa.timestamp("us")),
        },
        "a zone of nowhere": lambda: {
            "text": [GOOD], "date": pa.array([0], pa.timestamp("us", tz="Nowhere/Town")),
        },
        "a cell of 100 MB": lambda: {"text": [GOOD, "扫" * 34_000_000]},
        "one long text in every row": lambda: {
            "text": pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int32()), ["扫" * 82_000]),
        },
        "lists in lists": lambda: {"text": [GOOD], "x": nested},
        "many columns": lambda: {"text": [GOOD], **{f"c{n}": [n] for n in range(5 * K)}},
        "a number past every range": lambda: {"text": [GOOD], "n": pa.array([float("inf")])},
        "bytes": lambda: {"text": pa.array([b"\xff\x00" * 99])},
        "a decimal of 76 digits": lambda: {
            "text": [GOOD], "n": pa.array([None], pa.decimal256(76, 70)),
        },
        "nothing": lambda: {"text": pa.array([], pa.string())},
        "a column's name with escapes": lambda: {"text": [GOOD], "\x1b]0;x\x07": ["y"]},
    }  # fmt: skip


_PARQUET = (
    "invalid UTF-8", "a year past every calendar", "a zone of nowhere", "a cell of 100 MB",
    "one long text in every row", "lists in lists", "many columns", "a number past every range",
    "bytes", "a decimal of 76 digits", "nothing", "a column's name with escapes",
)  # fmt: skip
KINDS = {
    ".docx": WORD,
    ".xlsx": SHEETS,
    ".ods": OPEN_SHEETS,
    ".pdf": PDFS,
    ".parquet": {
        kind: parquet(kind)
        for kind in _PARQUET
    },
}  # fmt: skip


def files() -> dict[str, Make]:
    """Every one by the name of a file."""
    return {
        f"{suffix[1:]}{number:02}{suffix}": make
        for suffix, table in KINDS.items()
        for number, make in enumerate(table.values())
    }


def named(name: str) -> str:
    """What a file is about, for messages of tests."""
    stem, _, suffix = name.partition(".")
    return f"{suffix}: {list(KINDS['.' + suffix])[int(stem.removeprefix(suffix))]}"
