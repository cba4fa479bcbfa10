"""The HTML report: self-contained, escaped, complete, and the same facts as the figures."""

import re
import shutil
import subprocess
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from fake_tagger import LABELS, FakeTagger, invent, paragraphs

from civictag import i18n
from civictag.datamodel import Evidence
from civictag.evaluation.evaluate import evaluate
from civictag.evaluation.report import ReliabilityBin
from civictag.evaluation.report_html import report_html
from civictag.util.interval import Interval
from civictag.util.pages import drawing

VOID = {"meta", "br", "link", "img", "input", "hr"}


@pytest.fixture(scope="module", autouse=True)
def chinese():
    """The page as the office reads it."""
    i18n.use("zh")
    yield
    i18n.use(None)


class Balance(HTMLParser):
    """Collects tags and attributes, and fails on a tag that is not closed where it should be."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parsed(page):
    parser = Balance()
    parser.feed(page)
    assert parser.open == []
    return parser.seen


@pytest.fixture(scope="module")
def report():
    truth, answers = invent(120, 3)
    rows = paragraphs(truth[:60], source="甲报") + paragraphs(truth[60:], source="乙报")
    rows = [replace(p, file=p.source) for p in rows]
    return evaluate(FakeTagger(answers), rows, resamples=100)


def test_page_is_well_formed_and_asks_for_nothing_from_outside(report):
    tags = parsed(report_html(report))
    assert not [tag for tag, _ in tags if tag in ("script", "link", "img", "iframe")]
    assert not [a for _, attrs in tags for a in attrs if a in ("src", "href")]
    assert "url(" not in report_html(report)
    policy = next(a["content"] for tag, a in tags if a.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy


def test_page_shows_every_figure_source_label_and_confusion(report):
    page = report_html(report)
    for figure in report.scores.figures.values():
        assert f"{figure.value:.3f}" in page
    for name in ("甲报", "乙报", *(label.name for label in LABELS)):
        assert name in page
    assert page.count('<article class="case">') == len(report.confusions) > 0
    assert page.count('class="chart"') == len(LABELS) + 1


def test_text_of_the_corpus_cannot_become_markup():
    rows = [replace(paragraphs(np.ones((1, 3), bool))[0], text="<script>x</script>&", title='"><b>')]
    page = report_html(evaluate(FakeTagger(np.zeros((1, 3))), rows, resamples=0))
    parsed(page)
    assert "<script>" not in page
    assert "&lt;script&gt;x&lt;/script&gt;&amp;" in page
    assert "&#34;&gt;&lt;b&gt;" in page


@pytest.mark.parametrize(
    ("truth", "probability", "kind", "word"),
    [(1, 0.2, "missed", "− 甲 漏标 0.20"), (0, 0.9, "given", "+ 甲 误标 0.90")],
)
def test_a_confusion_says_in_words_and_shape_what_was_wrong(truth, probability, kind, word):
    answers = np.array([[probability, 0.8, 0.1]])
    rows = paragraphs(np.array([[truth, 1, 0]], bool))
    page = report_html(evaluate(FakeTagger(answers), rows, resamples=0))
    assert f'<li class="{kind}">{word}</li>' in page
    assert '<li class="both">✓ 乙 一致 0.80</li>' in page


def test_evidence_is_shown_strongest_first_when_the_tagger_offers_it():
    spans = [Evidence("弱", 0, 1, 0.1), Evidence("反", 1, 2, -0.7), Evidence("强", 2, 3, 0.9)]
    rows = paragraphs(np.array([[1, 0, 0]], bool))
    report = evaluate(FakeTagger(np.zeros((1, 3))), rows, resamples=0, explain=lambda p: {"a": spans})
    assert "甲依据：「强」+0.90、「反」-0.70、「弱」+0.10" in report_html(report)


def test_nothing_wrong_and_nothing_defined_still_make_a_page():
    silent, unlabelled = FakeTagger(np.zeros((2, 3))), paragraphs(np.zeros((2, 3), bool))
    page = report_html(evaluate(silent, unlabelled, resamples=0))
    parsed(page)
    assert "没有差错" in page
    assert "无曲线" in page
    assert "nan" not in page.lower()


@pytest.mark.parametrize(
    ("macro", "arguments"),
    [
        ("precision_recall", ("甲<", [(1.0, 0.5), (0.0, 1.0)], (0.5, 0.75), 0.8)),
        (
            "reliability",
            ([ReliabilityBin(10, 0.2, Interval(0.3, 0.1, 0.5)), ReliabilityBin(10, 0.7, Interval(0.6))],),
        ),
        ("whisker", (Interval(0.5, 0.4, 0.6),)),
    ],
)
def test_drawings_are_xml_and_stay_inside_their_frame(macro, arguments):
    root = ET.fromstring(drawing(macro, *arguments))
    width, height = (float(n) for n in root.attrib["viewBox"].split()[2:])
    assert root.attrib.get("aria-label") or root.attrib.get("aria-hidden") == "true"
    for circle in root.iter("circle"):
        assert 0 <= float(circle.attrib["cx"]) <= width
        assert 0 <= float(circle.attrib["cy"]) <= height


def test_curve_runs_from_the_lower_right_as_recall_grows():
    drawn = drawing("precision_recall", "甲", [(1.0, 0.0), (0.0, 1.0)], None, 0.5)
    numbers = [float(n) for n in re.findall(r"[\d.]+", re.search(r'class="curve" d="([^"]+)"', drawn)[1])]
    (x0, y0), (x1, y1) = sorted([tuple(numbers[:2]), tuple(numbers[2:])])
    assert x0 < x1
    assert y0 < y1  # SVG counts downwards: precision falls as recall grows


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 500])  # headless Chromium has no window narrower than 500
def test_page_is_no_wider_than_its_window(report, tmp_path, width):
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("needs Chromium")
    page = tmp_path / "report.html"
    probe = "<script>document.title = document.documentElement.scrollWidth</script>"
    # The probe needs a script, which the page's own policy would refuse.
    text = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", report_html(report))
    page.write_text(text.replace("</body>", probe + "</body>"), encoding="utf-8")
    dom = subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--dump-dom",
         f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},900", page.as_uri()],
        capture_output=True, text=True, timeout=60, check=True,
    ).stdout  # fmt: skip
    assert int(re.search(r"<title>(\d+)</title>", dom)[1]) <= width
