"""Writes the templates of the month's Word report, ``civictag/data/month.zh.docx`` and ``month.en.docx``.

Run it after a change here: ``python docs/month/make_template.py``. An office changes a copy in Word instead
(``civictag month --write-template``).
"""

from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

DATA = Path(__file__).parents[2] / "civictag" / "data"
TEXTS = {
    "zh": {
        "body": "仿宋", "head": "黑体",
        "sections": [
            "一、总体情况", "二、各项工作", "三、各单位来稿", "四、稿件举例", "五、未读入的材料", "六、说明",
        ],
        "labels": ["项目", "段数", "占比", "涉及篇数", "上月段数", "较上月", "占比变化"],
        "units": ["单位", "篇数", "段数", "无标签", "待复核"],
        "example": "【{{ e.label }}】{{ e.text }}（{% if e.unit %}{{ e.unit }}，{% endif %}《{{ e.title }}》"
        "{% if e.evidence %}；依据：{{ e.evidence }}{% endif %}）",
    },
    "en": {
        "body": "Liberation Serif", "head": "Liberation Sans",
        "sections": ["Overview", "By label", "By unit", "Examples", "Not read", "Notes"],
        "labels": ["Label", "Paragraphs", "Share", "Articles", "Last month", "Change", "Share, change"],
        "units": ["Unit", "Articles", "Paragraphs", "No label", "For review"],
        "example": "[{{ e.label }}] {{ e.text }} ({% if e.unit %}{{ e.unit }}, {% endif %}{{ e.title }}"
        "{% if e.evidence %}; evidence: {{ e.evidence }}{% endif %})",
    },
}  # fmt: skip


def font(style, name, size):
    """A style's font, for Chinese too."""
    style.font.name, style.font.size, style.font.color.rgb = name, Pt(size), RGBColor(0, 0, 0)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def cell(table, row, column, text, bold=False):
    """The text of a cell."""
    paragraph = table.cell(row, column).paragraphs[0]
    paragraph.paragraph_format.first_line_indent = Mm(0)
    paragraph.paragraph_format.space_after = Pt(2)
    paragraph.paragraph_format.line_spacing = 1.1
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if column else WD_ALIGN_PARAGRAPH.LEFT
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(10.5)


def grid(document, rows, widths):
    """A table with lines; ``widths`` in millimetres."""
    table = document.add_table(rows, len(widths))
    table.style, table.alignment = "Table Grid", WD_TABLE_ALIGNMENT.CENTER
    set_widths(table, widths)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))  # repeated on the next page
    return table


def set_widths(table, widths):
    """Columns in millimetres; Word asks the cells, LibreOffice the columns."""
    for at, width in enumerate(widths):
        table.columns[at].width = Mm(width)
        for row in table.rows:
            row.cells[at].width = Mm(width)


def bars(document):
    """The chart: a row per label with a bar of block characters, which every Word and WPS shows."""
    table = document.add_table(3, 3)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    cell(table, 0, 0, "{%tr for row in labels %}")
    for column, text in enumerate(("{{ row.name }}", "{{r row.bar }}", "{{ row.paragraphs }}")):
        cell(table, 1, column, text)
    set_widths(table, (28, 112, 18))
    table.cell(1, 1).paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT
    cell(table, 2, 0, "{%tr endfor %}")


def write(language, texts):
    """One template."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(26)
    font(document.styles["Normal"], texts["body"], 14)
    font(document.styles["Heading 1"], texts["head"], 15)
    font(document.styles["Title"], texts["head"], 20)
    document.styles["Normal"].paragraph_format.line_spacing = 1.4
    title = document.add_paragraph("{{ title }}", "Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    heads = iter(texts["sections"])

    def line(text, indent=True):
        """A paragraph of body text."""
        paragraph = document.add_paragraph(text)
        paragraph.paragraph_format.first_line_indent = Pt(28) if indent and language == "zh" else Mm(0)
        paragraph.paragraph_format.space_after = Pt(4)
        return paragraph

    def each(name, items, text):
        """A paragraph per item."""
        line(f"{{%p for {name} in {items} %}}")
        line(text)
        line("{%p endfor %}")

    document.add_heading(next(heads), 1)
    each("sentence", "overview", "{{ sentence }}")
    bars(document)
    document.add_heading(next(heads), 1)
    table = grid(document, 4, (24, 14, 18, 20, 20, 22, 40))
    fields = ["name", "paragraphs", "share", "articles", "before", "change", "points"]
    for column, (head, name) in enumerate(zip(texts["labels"], fields, strict=True)):
        cell(table, 0, column, head, bold=True)
        cell(table, 2, column, f"{{{{ row.{name} }}}}")
    cell(table, 1, 0, "{%tr for row in labels %}")
    cell(table, 3, 0, "{%tr endfor %}")
    document.add_heading(next(heads), 1)
    table = grid(document, 4, (38, *[120 / 7] * 7))
    for column, head in zip((0, 1, 2, 6, 7), texts["units"], strict=True):
        cell(table, 0, column, head, bold=True)
    for column, text in ((3, "{%tc for name in label_names %}"), (4, "{{ name }}"), (5, "{%tc endfor %}")):
        cell(table, 0, column, text, bold=True)
    row = [
        "{{ row.name }}",
        "{{ row.articles }}",
        "{{ row.paragraphs }}",
        "{%tc for n in row.counts %}",
        "{{ n }}",
    ]
    for column, text in enumerate([*row, "{%tc endfor %}", "{{ row.none }}", "{{ row.review }}"]):
        cell(table, 2, column, text)
    cell(table, 1, 0, "{%tr for row in units %}")
    cell(table, 3, 0, "{%tr endfor %}")
    document.add_heading(next(heads), 1)
    each("e", "examples", texts["example"])
    document.add_heading(next(heads), 1)
    each("sentence", "unread", "{{ sentence }}")
    document.add_heading(next(heads), 1)
    each("sentence", "certainty", "{{ sentence }}")
    document.core_properties.author = "civictag"
    document.save(str(DATA / f"month.{language}.docx"))


for language, texts in TEXTS.items():
    write(language, texts)
