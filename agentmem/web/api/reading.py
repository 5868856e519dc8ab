"""What a request asks, read strictly: what is not named, or not what it should be, is refused by name."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

from pydantic import ValidationError

from agentmem.records import Value
from agentmem.web.api.problems import fault
from agentmem.web.gate import Answer

JSON = "application/json"
MOST_PARAMETERS = 50


def body_of(asked: type[Value], body: bytes, content_type: str, query: bytes) -> Value:
    """What the body of a request asks.

    Raises:
        Answer: it is no JSON, or not what is asked for.
        AgentMemError: a value in it cannot be used.
    """
    if content_type.partition(";")[0].strip().lower() != JSON:
        raise Answer(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
            "the body is not said to be JSON",
            remedy=f"Content-Type: {JSON}",
        )
    if query:
        raise Answer(
            HTTPStatus.UNPROCESSABLE_ENTITY, "this takes no parameters", remedy="write them into the body"
        )
    try:
        return asked.model_validate_json(body, strict=True)
    except ValidationError as error:
        raise fault("body", error) from error


def parameters_of(asked: type[Value], named: Mapping[str, str], query: bytes) -> Value:
    """What a URL asks: by what its path names, and by its parameters.

    Args:
        asked: What it should be.
        named: Parts of the path, as they stand there.
        query: What stands behind the question mark.

    Raises:
        Answer: it is not UTF-8, or not what is asked for.
        AgentMemError: a value in it cannot be used.
    """
    try:
        given = {name: unquote(part, errors="strict") for name, part in named.items()}
        pairs = parse_qsl(
            query.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=MOST_PARAMETERS
        )
    except UnicodeDecodeError as error:
        raise Answer(HTTPStatus.BAD_REQUEST, "the URL is not UTF-8, percent-encoded") from error
    except ValueError as error:
        raise Answer(HTTPStatus.BAD_REQUEST, f"over {MOST_PARAMETERS} parameters") from error
    for name, value in pairs:
        if name in given:
            raise Answer(HTTPStatus.UNPROCESSABLE_ENTITY, f"parameter {name[:60]!r} is given twice")
        given[name] = value
    try:
        return asked.model_validate(given)
    except ValidationError as error:
        raise fault("parameters", error) from error
