"""Articles → paragraphs: what this project must do well before a single label can be right."""

from civictag.paragraphs.splitting import split

__all__ = ["split"]
