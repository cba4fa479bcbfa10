"""``-l labels.toml`` in the place of ``-m``: a label set's cues alone, before there is a model."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from civictag.cli.common.emit import note
from civictag.cli.common.options import DEFAULT_MODEL, Command
from civictag.i18n import _


def labels_option(help: str) -> Callable[[Command], Command]:
    """The option ``-l``; ``chosen`` takes what it gave."""
    return click.option("-l", "--labels", help=help)


def tagged_by(*models: str, labels: str | None = None) -> Iterator[str]:
    """The files that tagging reads beside its inputs, and that no output may be.

    Args:
        models: names or folders, as -m gives them.
        labels: the label set that is taken in their place, as -l gives it.

    Raises:
        ModelError: there is no such model.
    """
    from civictag.model.bundle import find

    if labels is not None:
        yield labels
        return
    for folder in map(find, models):
        yield from (os.path.join(folder, name) for name in sorted(os.listdir(folder)))


@contextmanager
def chosen(model: str, labels: str | None, *, probabilities: bool = True) -> Iterator[str]:
    """A model's name or folder: ``model``, or one made for this run that knows the cues of ``labels`` alone.

    Args:
        model, labels: what -m and -l gave.
        probabilities: say what those of cues are worth; not where a table's tags are taken as they stand.

    Raises:
        click.UsageError: both were given.
        TaxonomyError: the label set cannot be read, or has no cues.
    """
    if labels is None:
        yield model
        return
    import tempfile

    from civictag.labels.label_set import read_taxonomy
    from civictag.training.cue_model import NAME, write_cue_model

    if model != DEFAULT_MODEL:
        raise click.UsageError(_("give -m or -l, not both: a model has its label set"))
    with tempfile.TemporaryDirectory(prefix="civictag-", ignore_cleanup_errors=True) as room:
        folder = f"{room}/{NAME}"
        write_cue_model(read_taxonomy(labels), folder)
        if probabilities:
            warning = _("tagged by cues alone, without training: the probabilities are set by class of cue,"
                     " not measured")  # fmt: skip
            note(warning)
        yield folder
