"""What turns texts into raw scores: the compiled backend where it was built, else the pure Python one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from civictag.model.bundle_files import BundleFiles
from civictag.text.backend import is_compiled

if TYPE_CHECKING:
    from civictag.model.attribution import Reason


class Model(Protocol):
    """Texts to raw scores, and to the reasons for them."""

    def scores(self, texts: Sequence[str], titles: Sequence[str]) -> Sequence[Sequence[float]]:
        """Raw scores, shape (n_texts, n_labels)."""

    def reasons(self, text: str, title: str, labels: Sequence[int]) -> Sequence[Reason]:
        """Why, for each of the label columns asked for; offsets into ``text``."""


def open_model(files: BundleFiles) -> Model:
    """The fastest backend there is, over the files of a bundle.

    Raises:
        ModelError: a file has the wrong size or lacks a setting.
    """
    if is_compiled():
        from civictag.model.compiled import CompiledModel

        return CompiledModel(files)
    from civictag.model.pure_python import PureModel

    return PureModel(files)
