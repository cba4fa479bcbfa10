"""How far people agree who gave the same things a label."""

from __future__ import annotations

from typing import Any

from civictag.errors import MissingExtra
from civictag.i18n import _


def krippendorff_alpha(said: Any) -> float | None:
    """Krippendorff's alpha, nominal, of one label; at most 1.

    Args:
        said: an array of shape (n_people, n_items), 1 or 0: whether the person gave the label; NaN where the
            person did not look.

    Returns:
        None where it is not defined: nobody, or everybody, gave the label, of what two people looked at.

    Raises:
        MissingExtra: its library is not installed.
    """
    import numpy as np

    try:
        import krippendorff
    except ImportError as error:
        raise MissingExtra(_("Krippendorff's alpha"), "agreement") from error

    table = np.asarray(said, float)
    # Of what one person alone looked at nothing can be compared; the library divides by 0 where that is all.
    table = table[:, (~np.isnan(table)).sum(axis=0) > 1]
    if len(np.unique(table[~np.isnan(table)])) < 2:
        return None
    return float(krippendorff.alpha(reliability_data=table, level_of_measurement="nominal"))
