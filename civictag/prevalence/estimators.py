"""Intervals of a share: over articles that hold several paragraphs, and through a classifier that errs."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from civictag.datamodel import ModelInfo
from civictag.errors import CivictagError, reason
from civictag.i18n import _
from civictag.util.interval import CONFIDENCE, Interval

_DRAWS = 4000
# Below this, two shares that differ by much leave the tagger's output nearly alike: nothing to invert.
_LEAST_SKILL = 0.1
_COUNTS = ("true_positives", "false_negatives", "false_positives", "true_negatives")


@dataclass(frozen=True, slots=True)
class Rates:
    """How a label's decisions fell out on paragraphs the model had not seen, as counts."""

    tp: int
    fn: int
    fp: int
    tn: int


_MOST = 10**12  # paragraphs: more than anybody can have labelled


def rates_of(manifest: Mapping[str, Any]) -> dict[str, Rates]:
    """The error counts of each label that a model's manifest holds under ``out_of_fold``; {} without any."""
    figures = manifest.get("out_of_fold") or {}
    return {
        label: Rates(*(int(counts[key]) for key in _COUNTS))
        for label, counts in figures.items()
        if all(key in counts for key in _COUNTS)  # "micro" and "macro" are averages
    }


def unlearned(info: ModelInfo) -> list[str]:
    """Labels that the model has not learned, or never gave rightly on paragraphs it had not seen."""
    never = (label for label, rates in rates_of(info.manifest).items() if rates.tp == 0)
    return list(dict.fromkeys((*info.not_learned, *never)))


def rates_from(path: str) -> tuple[dict[str, Rates], str]:
    """The error counts of each label in a report of ``civictag evaluate -f json``, and its model's hash.

    Raises:
        CivictagError: the file cannot be read, or is no such report.
    """
    try:
        with open(path, encoding="utf-8-sig") as file:
            report = json.load(file)
        rates = {row["label"]: _rates(row, report["paragraphs"]) for row in report["labels"]}
        return rates, str(report["model"]["sha256"])
    except OSError as error:
        raise CivictagError(_("cannot be read: {reason}", reason=reason(error)), where=path) from error
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        hint = _("Write one with: civictag evaluate YOUR-LABELLED-TEXT -f json -o evaluation.json")
        raise CivictagError(_("is no evaluation"), where=path, hint=hint) from error


def _rates(row: Mapping[str, Any], paragraphs: int) -> Rates:
    recall = row["figures"]["recall"]["value"]
    hits = round((recall or 0.0) * row["support"])
    false = row["predicted"] - hits
    found = Rates(hits, row["support"] - hits, false, paragraphs - row["support"] - false)
    counts = (found.tp, found.fn, found.fp, found.tn)
    if not all(isinstance(count, int) and 0 <= count <= _MOST for count in counts):
        raise ValueError(counts)
    return found


def plain(share: float, size: float) -> Interval:
    """A share as it was counted, over ``size`` independent paragraphs; no interval where that is 0."""
    return Interval(share, *wilson(share, size, _z())) if size else Interval(share)


def wilson(share: float, n: float, z: float) -> tuple[float, float]:
    """Wilson's score interval of a share observed over ``n`` (not necessarily whole) independent trials."""
    shrunk = 1 + z * z / n
    centre = (share + z * z / (2 * n)) / shrunk
    half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / shrunk
    return max(0.0, centre - half), min(1.0, centre + half)


def effective_size(articles: Mapping[tuple[int, int], int]) -> float:
    """How many independent paragraphs the articles are worth.

    Their number, divided by the design effect: the variance of the share over articles against that
    of as many independent paragraphs. It is then shrunk by (z/t)² for the articles being few (Korn &
    Graubard 1998). 0 when there is one article, which says nothing of others.

    Args:
        articles: (body paragraphs, those with the label) → number of such articles.
    """
    m = sum(articles.values())
    paragraphs = sum(n * times for (n, _), times in articles.items())
    share = sum(k * times for (_, k), times in articles.items()) / paragraphs
    if m < 2:
        return 0.0
    spread = sum(times * (k - share * n) ** 2 for (n, k), times in articles.items())
    variance = m / (m - 1) * spread / paragraphs**2
    # Found nowhere, or in every article alike, there is no variance to see: the careful end is to
    # count articles.
    size = share * (1 - share) / variance if variance > 0 else float(m)
    return min(size, paragraphs) * (_z() / _t(m - 1)) ** 2


def corrected(share: float, size: float, rates: Rates, seed: int) -> Interval:
    """The adjusted count (Forman 2008): the share that, with these error rates, shows as the one seen.

    Its interval draws the share and both rates from their posteriors (Jeffreys' prior), so that rates
    learned from few paragraphs widen it. None where the rates are too close to tell labels apart.
    """
    import numpy as np

    positives, negatives = rates.tp + rates.fn, rates.fp + rates.tn
    if not positives or not negatives or rates.tp / positives - rates.fp / negatives < _LEAST_SKILL:
        return Interval(None)
    value = _adjusted(share, rates.tp / positives, rates.fp / negatives)
    if not size:
        return Interval(value)
    rng = np.random.default_rng(seed)
    seen = rng.beta(share * size + 0.5, (1 - share) * size + 0.5, _DRAWS)
    hits = rng.beta(rates.tp + 0.5, rates.fn + 0.5, _DRAWS)
    false = rng.beta(rates.fp + 0.5, rates.tn + 0.5, _DRAWS)
    drawn = np.clip((seen - false) / np.maximum(hits - false, 1e-9), 0.0, 1.0)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return Interval(value, min(float(low), value), max(float(high), value))


def _adjusted(share: float, tpr: float, fpr: float) -> float:
    return min(1.0, max(0.0, (share - fpr) / (tpr - fpr)))


def _z() -> float:
    from statistics import NormalDist

    return NormalDist().inv_cdf((1 + CONFIDENCE) / 2)


def _t(freedom: int) -> float:
    from scipy.special import stdtrit

    return float(stdtrit(freedom, (1 + CONFIDENCE) / 2))
