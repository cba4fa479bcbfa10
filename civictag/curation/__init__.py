"""The workbench around a corpus: checks, figures, parts, wrong labels, agreement, formats, learning curve."""
