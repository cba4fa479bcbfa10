"""One form for what readers take for the same text, and jieba's words without loading jieba."""
