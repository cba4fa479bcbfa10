"""Which backend folds and cuts: the compiled kernel where it was built, else the pure Python one.

``CIVICTAG_PURE=1`` in the environment chooses the pure Python one; results do not differ.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any

from civictag.text.lexicon_file import open_lexicon

if TYPE_CHECKING:
    from civictag.text.pure_tokenizer import Lexicon

DICTIONARY = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "zh.lexicon")


@cache
def module() -> Any:
    """``civictag._kernel``, or ``civictag.text.pure_tokenizer``, which has the same names."""
    if not os.environ.get("CIVICTAG_PURE"):
        try:
            import civictag._kernel as kernel

            return kernel
        except ImportError:  # no compiler when civictag was installed, or ``broken``
            pass
    from civictag.text import pure_tokenizer as pure

    return pure


def broken() -> str:
    """Why the kernel that was installed cannot be loaded; "" where it can, or where none was built."""
    try:
        import civictag._kernel  # noqa: F401
    except ModuleNotFoundError:
        return ""
    except ImportError as error:  # built for another system or Python, or cut short
        return str(error)
    return ""


def is_compiled() -> bool:
    """Whether the compiled kernel does the work."""
    return bool(module().__name__ == "civictag._kernel")


def shipped() -> Lexicon:
    """The shipped dictionary, mapped once per process; ModelError when its file is damaged."""
    return dictionary_of(module())


@cache
def dictionary_of(backend: Any) -> Lexicon:
    """The shipped dictionary as this backend, ``_kernel`` or ``pure``, sees it."""
    lexicon: Lexicon = backend.Lexicon(open_lexicon(DICTIONARY))
    return lexicon
