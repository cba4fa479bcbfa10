"""Web pages and Markdown to the lines that a reader sees."""
