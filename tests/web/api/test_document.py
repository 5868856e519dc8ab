"""The OpenAPI document: whole, and the same for whoever asks for it."""

import json
import re

from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from agentmem.cli.main import app
from agentmem.web.api.document import document
from agentmem.web.api.operations import OPERATIONS

DOCUMENT = document()
SCHEMAS = DOCUMENT["components"]["schemas"]


def found(node, name):
    """Every value under a name, wherever it stands."""
    if isinstance(node, dict):
        yield from (value for key, value in node.items() if key == name and isinstance(value, str))
    for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from found(value, name)


def test_every_reference_leads_somewhere_and_every_schema_is_used():
    references = set(found(DOCUMENT, "$ref"))
    for reference in references:
        node = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            node = node[part]
    assert {reference.rpartition("/")[2] for reference in references if "/schemas/" in reference} == set(
        SCHEMAS
    )


def test_every_schema_is_one_and_refuses_what_it_does_not_name():
    for name, schema in SCHEMAS.items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("type") != "object" or schema["additionalProperties"] is False, name


def test_everything_is_described():
    for path, methods in DOCUMENT["paths"].items():
        for told in methods.values():
            assert told["summary"] and told["responses"].keys() >= {"200", "421"}, path
            assert all(parameter["description"] for parameter in told.get("parameters", ())), path
    own = {one.asked.__name__ for one in OPERATIONS} | {
        one.answer.__name__ for one in OPERATIONS if one.answer
    }
    for name in own & set(SCHEMAS) | {"Observation", "Problem", "Health", "Counts"}:
        assert SCHEMAS[name]["description"], name
        assert all(field.get("description") for field in SCHEMAS[name].get("properties", {}).values()), name
    assert not any("Attributes:" in text for text in found(DOCUMENT, "description"))


def test_names_of_operations_are_unique_and_paths_carry_the_version():
    names = list(found(DOCUMENT["paths"], "operationId"))
    assert len(names) == len(set(names)) == len(OPERATIONS) + 1
    assert all(re.fullmatch(r"/v1/[a-z]+(/\{id\}(/[a-z]+)?)?", path) for path in DOCUMENT["paths"])


def test_the_server_and_the_command_give_the_same(api):
    printed = CliRunner().invoke(app, ["serve", "--openapi"])
    assert printed.exit_code == 0 and json.loads(printed.stdout) == DOCUMENT
    assert api.client.get("/openapi.json").json() == DOCUMENT
