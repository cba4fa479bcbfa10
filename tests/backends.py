"""Both backends, side by side, for the tests of what they do."""

import pytest

from civictag.text import pure_tokenizer as pure
from civictag.text.backend import dictionary_of

try:
    import civictag._kernel as kernel
except ImportError:
    kernel = None

needs_kernel = pytest.mark.skipif(kernel is None, reason="the kernel is not compiled")
each_engine = pytest.mark.parametrize(
    "backend", [pytest.param(pure, id="pure"), pytest.param(kernel, id="kernel", marks=needs_kernel)]
)


shipped = dictionary_of
