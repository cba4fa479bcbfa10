"""Labelled paragraphs: read from every format that people and labelling tools have, and written to it."""
