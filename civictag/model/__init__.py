"""Texts to calibrated tags with their evidence, and a model as a folder of plain data."""
