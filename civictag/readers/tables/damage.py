"""What stands for no character in a row of a table: half a surrogate pair, and U+FFFD."""

from __future__ import annotations

import json
from collections.abc import Mapping


def damage(row: Mapping[str, object]) -> tuple[str, dict[str, int]]:
    """What stands for no character in the strings of a row, those within lists and objects too.

    Returns:
        the first half of a surrogate pair, as ``U+D800``, "" if there is none: such a string can be neither
        printed nor written, wherever it stands, so no column is exempt; and in how many places of which
        column a character is lost (U+FFFD).
    """
    lost: dict[str, int] = {}
    try:
        for name, value in row.items():
            if not name.isascii():
                name.encode("utf-16")  # which half of a pair makes fail as UTF-8 does, in a tenth of the time
            if isinstance(value, str) and not value.isascii():
                value.encode("utf-16")
                if "\ufffd" in value:
                    lost[name] = value.count("\ufffd")
            elif isinstance(value, list | dict):
                within = json.dumps(value, ensure_ascii=False, default=str)
                within.encode("utf-16")
                if "\ufffd" in within:
                    lost[name] = within.count("\ufffd")
    except UnicodeEncodeError as error:
        return f"U+{ord(error.object[error.start]):04X}", lost
    return "", lost
