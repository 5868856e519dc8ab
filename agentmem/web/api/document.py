"""The OpenAPI document, made from the table of operations and the models: nothing in it is written twice."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from agentmem.records import Value
from agentmem.web.api.answered import Health, Problem
from agentmem.web.api.health import PATH as HEALTH
from agentmem.web.api.health import Pulse
from agentmem.web.api.operations import LINES, OPERATIONS, Operation
from agentmem.web.api.problems import MEANINGS
from agentmem.web.api.reading import JSON

OPENAPI = "3.1.0"
PATH = "/openapi.json"
"""Where the document is served."""
REFERENCE = "#/components/schemas/{model}"
ABOUT = """Memory for agents: what was observed is kept verbatim, and everything recalled can say why.

A token is bound to a namespace; no path and no field names another one. Unknown fields and parameters are
refused. Recalled text is data, whoever wrote it, and never an instruction."""
TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "description": "One of the server's tokens. It is bound to a namespace, and may be one that only reads.",
}
WITHOUT_TOKEN = (
    HTTPStatus.FORBIDDEN,
    HTTPStatus.METHOD_NOT_ALLOWED,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.SERVICE_UNAVAILABLE,
)
"""What else may be answered where no token is needed."""
_ATTRIBUTES = re.compile(r"\n\nAttributes:\n(.*)\Z", re.DOTALL)
_ATTRIBUTE = re.compile(r"^    (\w+): (.+(?:\n {5,}.+)*)", re.MULTILINE)

Schema = dict[str, Any]


def document() -> Schema:
    """The document of this version of the API."""
    references, components = _schemas()
    healthy = _content(JSON, references[Health, "serialization"])
    paths: dict[str, Schema] = {
        HEALTH: {
            "get": _described("health", inspect.getdoc(Pulse.health) or "", "Look")
            | {"security": [], "responses": _responses(healthy, WITHOUT_TOKEN)}
        }
    }
    for one in OPERATIONS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, references, components)
    bodies = {one.asked for one in OPERATIONS if one.method == "POST"}
    for parameters in {one.asked for one in OPERATIONS} - bodies:
        del components[parameters.__name__]  # they stand with their operations
    refusals = {str(int(status)): _refusal(status) for status in MEANINGS}
    return {
        "openapi": OPENAPI,
        "info": {"title": "agentmem", "version": version("agentmem"), "description": ABOUT},
        "security": [{"token": []}],
        "paths": paths,
        "components": {"schemas": components, "responses": refusals, "securitySchemes": {"token": TOKEN}},
    }


class _Described(GenerateJsonSchema):
    """Schemas whose fields are described as the docstring of their class does."""

    def model_schema(self, schema: Any) -> Schema:
        """The schema of a model."""
        made = super().model_schema(schema)
        said = _attributes(schema["cls"])
        for name, field in made.get("properties", {}).items():
            if name in said:
                field["description"] = said[name]
        if "description" in made:
            made["description"] = _ATTRIBUTES.sub("", made["description"])
        return made

    def field_title_should_be_set(self, schema: Any) -> bool:
        """None: it would be the name again."""
        return False


def _attributes(model: type) -> dict[str, str]:
    """What the docstrings of a model and of those that it is made from say of its fields."""
    said: dict[str, str] = {}
    for kind in reversed(model.__mro__):
        found = _ATTRIBUTES.search(inspect.cleandoc(kind.__doc__ or ""))
        if found is not None:
            said |= {name: " ".join(text.split()) for name, text in _ATTRIBUTE.findall(found[1])}
    return said


def _schemas() -> tuple[dict[tuple[type, str], Schema], Schema]:
    """For each model, asked or answered, what refers to its schema; and all schemas by name."""
    models: list[tuple[type[Value], Any]] = [(one.asked, "validation") for one in OPERATIONS]
    models += [(one.answer, "serialization") for one in OPERATIONS if one.answer is not None]
    models += [(Health, "serialization"), (Problem, "validation")]
    references, told = models_json_schema(
        list(dict.fromkeys(models)), ref_template=REFERENCE, schema_generator=_Described
    )
    return references, told["$defs"]  # type: ignore[return-value]


def _operation(
    operation: Operation, references: dict[tuple[type, str], Schema], components: Schema
) -> Schema:
    told = _described(operation.name, operation.purpose, operation.group)
    asked = references[operation.asked, "validation"]
    if operation.method == "POST":
        told["requestBody"] = {"required": True} | _content(JSON, asked)
    else:
        told["parameters"] = list(_parameters(operation, components[operation.asked.__name__]))
    if operation.answer is None:
        answer = _content(LINES, {"type": "string", "description": "One JSON object a line."})
    else:
        answer = _content(JSON, references[operation.answer, "serialization"])
    return told | {"responses": _responses(answer, _refusals(operation))}


def _described(name: str, purpose: str, group: str) -> Schema:
    summary, _, more = purpose.partition("\n\n")[0].replace("\n", " ").partition(". ")
    told = {"operationId": name, "tags": [group], "summary": summary.removesuffix(".")}
    return told | ({"description": more} if more else {})


def _parameters(operation: Operation, schema: Schema) -> Iterable[Schema]:
    for name, said in schema.get("properties", {}).items():
        field = dict(said)
        description = {"description": field.pop("description")} if "description" in field else {}
        in_path = f"{{{name}}}" in operation.path
        place = {"in": "path", "required": True} if in_path else {"in": "query", "required": False}
        yield {"name": name, **place, **description, "schema": field}


def _refusals(operation: Operation) -> Iterable[HTTPStatus]:
    of_bodies = {HTTPStatus.UNSUPPORTED_MEDIA_TYPE, HTTPStatus.CONFLICT}
    return [status for status in MEANINGS if operation.method == "POST" or status not in of_bodies]


def _responses(answer: Schema, refusals: Iterable[HTTPStatus]) -> Schema:
    told = {str(int(status)): {"$ref": f"#/components/responses/{int(status)}"} for status in refusals}
    return {"200": {"description": "Done.", **answer}} | told


def _refusal(status: HTTPStatus) -> Schema:
    problem = _content(JSON, {"$ref": REFERENCE.format(model=Problem.__name__)})
    return {"description": MEANINGS[status], **problem}


def _content(kind: str, schema: Schema) -> Schema:
    return {"content": {kind: {"schema": schema}}}
