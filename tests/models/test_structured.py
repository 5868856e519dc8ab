"""What a model said, read as a value; and the schema that it is asked to keep to."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from agentmem.models.structured import InvalidOutput, json_schema, parsed


class Step(BaseModel):
    title: str
    parts: list[str] = Field(default_factory=list)


class Plan(BaseModel):
    steps: list[Step]
    note: str | None = None


@pytest.mark.parametrize(
    "text",
    [
        '{"steps": [{"title": "a", "parts": []}], "note": null}',
        'Here it is:\n```json\n{"steps": [{"title": "a"}]}\n```\nDone.',
        '  {"steps": [{"title": "a"}]} {"steps": []}',
    ],
)
def test_the_first_object_counts(text: str):
    assert parsed(Plan, text) == Plan(steps=[Step(title="a")])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "no JSON object"),
        ("[1, 2]", "no JSON object"),
        ('{"steps": [', "no JSON"),
        ('{"steps": [{"title": 3}]}', r"steps\.0\.title: Input should be a valid string"),
        ("{}", "steps: Field required"),
        ("{" * 100_000, "no JSON"),
    ],
)
def test_what_is_wrong_is_said_in_words_for_the_model(text: str, told: str):
    with pytest.raises(InvalidOutput, match=told):
        parsed(Plan, text)


@given(st.text())
def test_any_text_is_a_value_or_invalid(text: str):
    with suppress(InvalidOutput):
        assert isinstance(parsed(Plan, text), Plan)


def test_every_object_of_a_schema_is_closed_and_requires_its_fields():
    def objects(node: Any) -> list[dict[str, Any]]:
        if isinstance(node, list):
            return [found for part in node for found in objects(part)]
        if not isinstance(node, dict):
            return []
        inner = [found for part in node.values() for found in objects(part)]
        return [node, *inner] if node.get("type") == "object" else inner

    found = objects(json_schema(Plan))
    assert len(found) == 2
    for one in found:
        assert one["additionalProperties"] is False
        assert one["required"] == list(one["properties"])
    assert "title" in json_schema(Plan)["$defs"]["Step"]["properties"]
