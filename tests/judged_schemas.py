"""The contract's schemas, ready to judge, and what they find fault with."""

from __future__ import annotations

from jsonschema import Draft202012Validator

from civictag.util.resources import schema

SCHEMA = schema("tag")
ARTICLES = Draft202012Validator(SCHEMA)
LINE = Draft202012Validator({"$ref": "#/$defs/line", "$defs": SCHEMA["$defs"]})


def wrong(validator, data) -> list[str]:
    """What a schema finds fault with, as sentences."""
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(data)]
