"""What docs/http.md shows: every command there answers as it says; what is left out there stands as `…`."""

import re
import shlex
from pathlib import Path
from urllib.parse import quote

import pytest
from typer.testing import CliRunner

from agentmem.cli.main import app
from agentmem.web.api.operations import OPERATIONS
from agentmem.web.tokens import read

PAGE = (Path(__file__).parents[3] / "docs" / "http.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"^\$ (curl(?:.*\n)(?:    .*\n)*)((?:(?!\$ |```).*\n)*)", re.MULTILINE)
EXAMPLES = EXAMPLE.findall(PAGE)


def asked(command):
    """Method, path, parameters and body of a call of curl as it is written on the page."""
    words = shlex.split(command.replace("$URL", "/v1"))[1:]
    method, path, body, parameters, is_get = "GET", "", None, [], False
    while words:
        match word := words.pop(0):
            case "-s":
                pass
            case "-G":
                is_get = True
            case "-H":
                assert words.pop(0) == "$AUTH"
            case "--json":
                method, body = "POST", words.pop(0)
            case "-d" | "--data-urlencode":
                name, _, value = words.pop(0).partition("=")
                parameters.append(f"{name}={quote(value) if word != '-d' else value}")
            case _:
                assert word.startswith("/v1/")
                path = word
    assert is_get == bool(parameters)
    return method, path + ("?" + "&".join(parameters) if parameters else ""), body


@pytest.mark.on_file
def test_every_command_answers_as_the_page_says(api, holders):
    assert len(EXAMPLES) > len(OPERATIONS)
    for command, expected in EXAMPLES:
        method, path, body = asked(command)
        headers = {"Authorization": f"Bearer {holders.ann}", "Content-Type": "application/json"}
        answer = api.client.request(method, path, content=body, headers=headers)
        form = ".*".join(re.escape(part) for part in expected.strip().split("…"))
        assert re.fullmatch(form, answer.text.strip(), re.DOTALL), (command, answer.text)


def test_every_operation_has_a_command():
    called = {asked(command)[:2] for command, _ in EXAMPLES}
    for operation in OPERATIONS:
        form = re.escape(operation.path).replace(r"\{id\}", "[^/?]+")
        assert any(
            method == operation.method and re.fullmatch(form, path.partition("?")[0])
            for method, path in called
        ), operation.path


def test_every_option_is_there():
    help = (
        CliRunner().invoke(app, ["serve", "--help"]).stdout
        + CliRunner().invoke(app, ["mcp", "--help"]).stdout
    )
    own = re.sub(r"--(json|data-urlencode)", "", PAGE)
    assert all(option in help for option in set(re.findall(r"--[a-z-]{2,}", own)))


def test_the_file_of_tokens_is_one(tmp_path):
    (shown,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "tokens.yaml"
    file.write_text(shown)
    file.chmod(0o600)
    rights = [(one.namespace, one.writes, one.spans) for one in read(file).holders]
    assert rights == [
        (("acme", "ann"), True, False),
        (("acme", "ann"), False, False),
        (("acme",), False, True),
    ]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 408, 409, 413, 415, 421, 422, 429, 503])
def test_every_status_is_explained(status):
    assert f"| {status} |" in PAGE
