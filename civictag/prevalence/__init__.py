"""Shares of labels by group, and their correction for a model's error rates."""
