"""Reading of web pages: civictag beside trafilatura and readability-lxml, in the same run.

Run from the root of the repository: ``PYTHONPATH=. python bench/pages.py [PAGES]`` (10,000 if not given). The
two others are asked if they are installed. The pages are made of the corpus, and every tool reads each once,
in five rounds by turns. Printed are ratios of processor time, median (lowest to highest round), and the share
of the paragraphs that come out whole.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

CORPUS = Path(__file__).parent.parent / "corpus"
FRAME = "小巷的保洁员{0}：天亮以前{0}"
ROUNDS = 5


def made(count: int) -> list[tuple[str, list[str]]]:
    """``count`` pages with navigation, six paragraphs each and a list of other articles; their paragraphs."""
    texts = [text for path in sorted(CORPUS.rglob("*.jsonl")) for text in _texts(path)]
    if not texts:
        raise SystemExit(f"no text is found under {CORPUS}")
    pages = []
    for number in range(count):
        own = [texts[(6 * number + n) % len(texts)] for n in range(6)]
        menu = "".join(f"<li><a href='/{n}'>{FRAME.format(n)}</a></li>" for n in range(30))
        body = "".join(f"<p style='text-indent:2em'><span>{text}</span></p>" for text in own)
        pages.append((f"<html><body><ul>{menu}</ul><div>{body}</div><ul>{menu}</ul></body></html>", own))
    return pages


def _texts(path: Path) -> list[str]:
    rows = map(json.loads, path.read_text("utf-8").splitlines())
    return [row["text"] for row in rows if 60 < len(row.get("text", "")) < 600 and "\n" not in row["text"]]


def _own(markup: str) -> list[str]:
    from civictag.paragraphs import split
    from civictag.readers.pages.html import read_html

    article = split(read_html(f"<meta charset=utf-8>{markup}".encode(), "a.html"))
    return [p.text for p in article.paragraphs if p.kind == "body"]


def _trafilatura(markup: str) -> list[str]:
    import trafilatura  # type: ignore[import-not-found]

    return (trafilatura.extract(markup, favor_recall=True) or "").split("\n")


def _readability(markup: str) -> list[str]:
    import lxml.html  # type: ignore[import-untyped]
    import readability  # type: ignore[import-not-found]

    summary = readability.Document(markup).summary()
    return [str(p.text_content()) for p in lxml.html.fromstring(summary).iter("p")]


TOOLS: dict[str, Callable[[str], list[str]]] = {
    "civictag": _own,
    "trafilatura": _trafilatura,
    "readability": _readability,
}


def _is_there(name: str) -> bool:
    try:
        TOOLS[name]("<p>a</p>")
    except ImportError as error:
        print(f"{name:12} not installed ({error.name})")
        return False
    return True


def main() -> None:
    """Print for each tool its time as a multiple of civictag's, and the share of the paragraphs found."""
    pages = made(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
    seconds: dict[str, list[float]] = {name: [] for name in TOOLS if _is_there(name)}
    whole = dict.fromkeys(seconds, 0)
    for turn in range(ROUNDS):
        for name, spent in seconds.items():
            begun = time.process_time()
            found = [(set(TOOLS[name](markup)), own) for markup, own in pages[turn::ROUNDS]]
            spent.append(time.process_time() - begun)
            whole[name] += sum(len(texts & set(own)) for texts, own in found)
    count = sum(len(set(own)) for _, own in pages)
    for name, spent in seconds.items():
        ratios = [its / ours for its, ours in zip(spent, seconds["civictag"], strict=True)]
        told = f"{median(ratios):5.2f} ({min(ratios):.2f}–{max(ratios):.2f}) × the time"
        each = 1000 * sum(spent) / len(pages)
        print(f"{name:12} {told}, {whole[name] / count:.3f} of the paragraphs whole; {each:.1f} ms per page")


if __name__ == "__main__":
    main()
