"""The compiled backend over a bundle: everything mapped, nothing parsed."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from math import log
from typing import Any

from civictag.errors import ModelError
from civictag.model.attribution import Reason, Span
from civictag.model.pooling import PARAGRAPH, has_paragraph_weights, offsets_of
from civictag.text.backend import dictionary_of
from civictag.text.lexicon_file import map_file, open_lexicon


class NativeModel:
    """A bundle's ``tables.bin`` and weights, scored by ``civictag._kernel``.

    Raises:
        ModelError: a file is damaged, or does not fit the manifest.
    """

    def __init__(self, folder: str, manifest: Mapping[str, Any]) -> None:
        import civictag._kernel as kernel

        tables, weights = os.path.join(folder, "tables.bin"), os.path.join(folder, "weights.f32")
        biases = [float(bias) for bias in manifest["biases"].values()]
        total = log(int(manifest["jieba_total"]))
        dictionary: Any = dictionary_of(kernel)
        try:
            self._scorer = kernel.Scorer(
                dictionary,
                kernel.Lexicon(open_lexicon(tables)),
                map_file(weights),
                map_file(os.path.join(folder, PARAGRAPH)) if has_paragraph_weights(manifest) else b"",
                biases,
                offsets_of(manifest),
                float(manifest["company"]),
                total,
            )
        except ValueError as error:
            raise ModelError(f"has {error}", where=folder, hint="Train or copy the model again") from None

    def scores(self, texts: Sequence[str], titles: Sequence[str]) -> list[list[float]]:
        """Raw scores, a row a text, a column a label. Other Python threads run meanwhile."""
        return self._scorer.scores(list(texts), list(titles))

    def reasons(self, text: str, title: str, labels: Sequence[int]) -> list[Reason]:
        """Why, for each of the label columns asked for; offsets into ``text``."""
        return [
            Reason(tuple(map(Span._make, pieces)), outside)
            for pieces, outside in self._scorer.reasons(text, title, labels)
        ]
