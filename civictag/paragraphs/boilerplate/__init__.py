"""What page furniture looks like: a table of signs, each with its weight and the reason for it.

A sign adds its weight to the evidence that a line is furniture; the shape of a line (``shapes``) is the
evidence that it is prose, at most 9 points. SURE outweighs any prose within the sign's reach, LIKELY all
but full paragraphs, HINT counts only together with others: a paragraph of an article may well say
「转载请注明来源」, but not that, a licence number and a reporting hotline at once. A line that says
something (``prose_features.is_statement``) is not outweighed by one sign alone unless the sign is made
for such lines (``Sign.alone``).

Patterns see a line without its blanks and with ASCII colons, brackets and bars. ``cues`` are literals of
which one must stand in the page before the pattern is tried at all: that keeps a page under a millisecond.
"""

from civictag.paragraphs.boilerplate.credits import MAKERS
from civictag.paragraphs.boilerplate.navigation import AROUND, MENU_WORDS
from civictag.paragraphs.boilerplate.page_top import ABOVE
from civictag.paragraphs.boilerplate.sign import OPENING, SURE, Sign
from civictag.paragraphs.boilerplate.site_footer import SITE

SIGNS = (*ABOVE, *MAKERS, *AROUND, *SITE)

__all__ = ["MENU_WORDS", "OPENING", "SIGNS", "SURE", "Sign"]
