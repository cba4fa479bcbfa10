"""HTML pages and drawings from the templates in ``data/``: every value is escaped, none is markup.

The templates translate their own text (``_`` and ``ngettext``); numbers, names and text of articles
come in as values.
"""

from __future__ import annotations

import base64
import hashlib
import os
from functools import cache
from typing import TYPE_CHECKING, Any

from civictag.i18n import _, language, ngettext

if TYPE_CHECKING:
    from jinja2 import Environment

DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")

# Control characters have no place in HTML; their pictures (␀ …) have, and hide nothing.
_CONTROLS = {code: 0x2400 + code for code in range(32) if chr(code) not in "\t\n"} | {127: 0x2421}


def render(template: str, /, **values: Any) -> str:
    """The template ``data/<template>`` with ``values`` in it."""
    return environment().get_template(template).render(values, language=language())


def drawing(macro: str, /, *arguments: Any) -> str:
    """One drawing: the macro of that name in ``data/charts.html``."""
    module: Any = environment().get_template("charts.html").make_module({"language": language()})
    return str(getattr(module, macro)(*arguments))


def data(name: str) -> str:
    """The text of the file ``data/<name>``."""
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return file.read()


def policy_hash(text: str) -> str:
    """The content policy's name for an inline style or script: only this very text may act."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode('utf-8')).digest()).decode()}'"


@cache
def environment() -> Environment:
    """Jinja2 with autoescape on, over the folder ``data``."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(DATA),
        autoescape=True,
        auto_reload=False,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    made.globals.update({"_": _, "ngettext": ngettext})
    made.filters["place"] = "{:.2f}".format
    return made


def _visible(value: Any) -> Any:
    """Values without control characters; what needs no change is passed on as it is."""
    if isinstance(value, str) and not value.isprintable():
        return value if hasattr(value, "__html__") else value.translate(_CONTROLS)
    return value
