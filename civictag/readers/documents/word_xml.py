"""What stands in the XML of a Word file and mammoth does not know, in words that it does.

mammoth passes over an element that it does not know with all that is in it, and refuses a file whose links or
pictures lead nowhere. Fields, links and directions of writing become smart tags, whose text it reads; the
base of a ruby text, the characters of a formula and the text boxes of drawings become runs; hidden text and
pictures go.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_TAG = f"{_W}smartTag"
_WRAPPERS = frozenset(f"{_W}{name}" for name in ("fldSimple", "hyperlink", "bdo", "dir", "rubyBase"))
_PICTURES = ("}pic", "}imagedata", "}OLEObject")
_BOX = f"{_W}txbxContent"
_UNKNOWN = re.compile(
    rb"<(?:w:(?:fldSimple|hyperlink|bdo|dir|ruby|vanish|drawing)|m:oMath|pic:pic|v:imagedata|o:OLEObject)\b"
)


def has_unknown(part: bytes) -> bool:
    """Whether a part of a Word file has something that ``known`` would change."""
    return _UNKNOWN.search(part) is not None


def known(part: bytes) -> bytes:
    """The part with what mammoth does not know in words that it does.

    Raises:
        ElementTree.ParseError: it is no XML.
    """
    root = ElementTree.fromstring(part)
    # A list first: the tree is changed under way. What hangs in a part that was taken out changes nothing.
    for parent in list(root.iter()):
        for at, child in reversed(list(enumerate(parent))):
            changed = _changed(child)
            if changed is None:
                parent.remove(child)
            elif changed is not child:
                parent[at] = changed
    data: bytes = ElementTree.tostring(root, encoding="utf-8")
    return data


def _changed(node: ElementTree.Element) -> ElementTree.Element | None:
    """What stands in the place of an element: itself, another, or nothing."""
    tag = node.tag
    if tag in _WRAPPERS:
        node.tag = _TAG
        node.attrib.clear()
    elif tag == f"{_W}ruby":
        base = node.find(f"{_W}rubyBase")
        return _of(base if base is not None else ())
    elif tag == f"{_M}oMath":
        return _run("".join(text.text or "" for text in node.iter(f"{_M}t")))
    elif tag == f"{_MC}AlternateContent":
        return _box(node) if node.find(f"{_MC}Fallback//{_BOX}") is None else node
    elif tag == f"{_W}drawing":
        return _box(node)
    elif tag.endswith(_PICTURES) or (tag == f"{_W}r" and _is_hidden(node)):
        return None
    return node


def _box(node: ElementTree.Element) -> ElementTree.Element:
    """The text boxes of a drawing as what is in them; the drawing itself where there are none."""
    boxes = list(_outer(node))
    return _of(boxes) if boxes else node


def _outer(node: ElementTree.Element) -> Iterator[ElementTree.Element]:
    for child in node:
        if child.tag == _BOX:
            yield child
        else:
            yield from _outer(child)


def _of(children: ElementTree.Element | list[ElementTree.Element] | tuple[()]) -> ElementTree.Element:
    tag = ElementTree.Element(_TAG)
    tag.extend(children)
    return tag


def _run(text: str) -> ElementTree.Element:
    run = ElementTree.Element(f"{_W}r")
    ElementTree.SubElement(run, f"{_W}t").text = text
    return run


def _is_hidden(run: ElementTree.Element) -> bool:
    vanish = run.find(f"{_W}rPr/{_W}vanish")
    return vanish is not None and vanish.get(f"{_W}val") not in ("0", "false", "off")
