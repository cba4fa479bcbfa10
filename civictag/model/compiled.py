"""The compiled backend over a bundle: used where it lies in memory, nothing parsed."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import TYPE_CHECKING, Any

from civictag.errors import ModelError
from civictag.i18n import _
from civictag.model.bundle_files import AGAIN, SHIPPED_WEIGHTS, BundleFiles
from civictag.model.pooling import PARAGRAPH, offsets_of
from civictag.text.backend import dictionary_of
from civictag.text.lexicon_file import parse

if TYPE_CHECKING:
    from civictag.model.attribution import Reason


class CompiledModel:
    """A bundle's ``tables.bin`` and weights, scored by ``civictag._kernel``.

    Raises:
        ModelError: a file is damaged, or does not fit the manifest.
    """

    def __init__(self, files: BundleFiles) -> None:
        import civictag._kernel as kernel

        manifest, contents = files.manifest, files.contents
        biases = [float(bias) for bias in manifest["biases"].values()]
        total = log(int(manifest["jieba_total"]))
        dictionary: Any = dictionary_of(kernel)
        parse(contents["tables.bin"], files.place("tables.bin"))
        try:
            self._scorer = kernel.Scorer(
                dictionary,
                kernel.Lexicon(contents["tables.bin"]),
                contents["weights.f32"] + contents.get(SHIPPED_WEIGHTS, b""),
                contents.get(PARAGRAPH, b""),
                biases,
                offsets_of(manifest),
                float(manifest["company"]),
                total,
            )
        except ValueError as error:
            raise ModelError(_("has {error}", error=error), where=files.folder, hint=_(AGAIN)) from None

    def scores(self, texts: Sequence[str], titles: Sequence[str]) -> list[list[float]]:
        """Raw scores, shape (n_texts, n_labels). Other Python threads run meanwhile."""
        return self._scorer.scores(list(texts), list(titles))

    def reasons(self, text: str, title: str, labels: Sequence[int]) -> list[Reason]:
        """Why, for each of the label columns asked for; offsets into ``text``."""
        from civictag.model.attribution import Reason, Span

        return [
            Reason(tuple(map(Span._make, pieces)), outside)
            for pieces, outside in self._scorer.reasons(text, title, labels)
        ]
