"""The one interval type: an estimate and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass

CONFIDENCE = 0.95
UNDEFINED = "–"
"""What stands for a value that the data do not define."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval, in the unit of the estimate.

    ``value`` is None when the data do not define it (the recall of a label that nothing carries);
    ``low`` and ``high`` are None when nobody can say how sure it is: one article, a figure that
    many draws do not define, or one that no draw changes (a recall of 1 over three paragraphs would pass
    for certain with the interval [1, 1]).
    """

    value: float | None
    low: float | None = None
    high: float | None = None

    def shown(self) -> str:
        """The value with three decimals."""
        return UNDEFINED if self.value is None else f"{self.value:.3f}"

    def range(self) -> str:
        """The interval in brackets; empty where there is none."""
        return "" if self.low is None else f"[{self.low:.3f}, {self.high:.3f}]"
