"""Structured output: the JSON schema that is asked for, and what came read as a value of it."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)
MOST_ERRORS = 5
"""How many faults of an answer a model is told at once."""


class InvalidOutput(ValueError):
    """What a model said is no value of the schema; the message is written for the model."""


def json_schema(schema: type[BaseModel]) -> dict[str, Any]:
    """The JSON schema of a value, closed as servers want it: every field required, no further ones."""
    closed: dict[str, Any] = _closed(schema.model_json_schema())
    return closed


def parsed(schema: type[T], text: str) -> T:
    """The first JSON object in `text` as a value of `schema`.

    Raises:
        InvalidOutput: there is none, or it is no value of the schema.
    """
    start = text.find("{")
    if start < 0:
        raise InvalidOutput("there is no JSON object in it")
    try:
        found, _ = json.JSONDecoder().raw_decode(text, start)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InvalidOutput(f"it is no JSON: {error}") from error
    try:
        return schema.model_validate(found)
    except ValidationError as error:
        faults = [f"{_place(fault['loc'])}: {fault['msg']}" for fault in error.errors()[:MOST_ERRORS]]
        raise InvalidOutput("; ".join(faults)) from error


def instruction(schema: dict[str, Any]) -> str:
    """What is said to a model that cannot be held to a schema otherwise."""
    told = json.dumps(schema, ensure_ascii=False)
    return f"Answer with one JSON object and nothing else. It must satisfy this JSON schema:\n{told}"


def reminder(fault: str) -> str:
    """What is said to a model whose answer was no value of the schema."""
    return (
        f"That answer cannot be used: {fault}. Answer again, with the corrected JSON object and nothing else."
    )


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "the object"


def _closed(node: Any) -> Any:
    if isinstance(node, list):
        return [_closed(part) for part in node]
    if not isinstance(node, dict):
        return node
    made = {name: _closed(part) for name, part in node.items() if name not in ("default", "title")}
    if isinstance(made.get("properties"), dict):
        # A field of the name `title` or `default` is a property, and stays.
        made["properties"] = {name: _closed(part) for name, part in node["properties"].items()}
        made["required"] = list(made["properties"])
        made["additionalProperties"] = False
    return made
