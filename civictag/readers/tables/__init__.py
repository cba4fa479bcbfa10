"""Rows of tables, workbooks and JSON to documents."""
