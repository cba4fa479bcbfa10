"""The old place of civictag.i18n, for what still asks for it there."""

from civictag.i18n import _, label_name, language, mark, ngettext, use

__all__ = ["_", "label_name", "language", "mark", "ngettext", "use"]
