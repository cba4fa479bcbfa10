"""Sheets that people read: headings in their language, columns, sums, and the workbook they stand in."""
