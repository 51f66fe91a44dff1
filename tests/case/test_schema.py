"""The JSON Schema: complete, described, and of one mind with the loader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from detente.case.schema import schema


def blocks() -> Iterator[tuple[str, dict[str, Any]]]:
    found: Any = schema()
    yield "CaseFile", found
    yield from found["$defs"].items()


def test_every_key_is_described_and_no_other_is_allowed() -> None:
    """An editor shows these texts as one writes; an undescribed key is a riddle."""
    for name, block in blocks():
        assert block["additionalProperties"] is False, name
        for key, field in block["properties"].items():
            assert field.get("description") or "$ref" in field, f"{name}.{key}"  # a block describes itself
        assert block["description"], name


def test_bounds_and_choices_are_in_it() -> None:
    """The editor warns where the loader would."""
    defs: Any = dict(blocks())
    assert defs["PartySpec"]["properties"]["discount"]["anyOf"][1]["items"] == {
        "type": "number",
        "exclusiveMinimum": 0,
        "exclusiveMaximum": 1,
    }
    assert defs["MeasureSpec"]["properties"]["lag"]["anyOf"][0] == {"type": "integer", "minimum": 1, "maximum": 1000}
    assert "nuclear" in defs["MeasureSpec"]["properties"]["kind"]["enum"]
    assert defs["MeasureSpec"]["properties"]["requires"]["items"]["anyOf"] == [
        {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*(/[1-9][0-9]*)?$"},
        {"$ref": "#/$defs/Requires"},
    ]
    kinds = defs["CaseFile"]["properties"]["risks"]["items"]["discriminator"]["mapping"]
    assert set(kinds) == {"government", "shock", "performance"}
    forms = defs["MeasureSpec"]["properties"]["value"]["additionalProperties"]["anyOf"]
    assert [form["type"] for form in forms] == ["number", "array", "string"]
