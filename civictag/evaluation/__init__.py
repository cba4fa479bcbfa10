"""Predictions beside the truth: metrics with intervals, paired comparison, reports."""
