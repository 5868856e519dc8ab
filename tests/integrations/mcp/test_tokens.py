"""Files of tokens: who may read them, what they hold, and that no message shows one."""

import pytest

from agentmem.errors import AgentMemError, FormatError, InvalidInput, NotFound, Refused
from agentmem_mcp.serving import is_loopback
from agentmem_mcp.tokens import bound, chosen, read

TOKEN = "a-token-of-some-length"


def written(tmp_path, text, mode=0o600):
    file = tmp_path / "tokens"
    file.write_text(text)
    file.chmod(mode)
    return file


@pytest.mark.parametrize("text", [f'{{"{TOKEN}": "acme/ann"}}', f"{TOKEN}: acme/ann\n"])
def test_tokens_are_read_from_json_and_yaml(tmp_path, text):
    tokens = read(written(tmp_path, text))
    assert tokens.namespaces == [("acme", "ann")]
    assert tokens.find(TOKEN.encode()).namespace == ("acme", "ann")
    assert tokens.find(TOKEN[:-1].encode()) is None and tokens.find(b"") is None
    assert TOKEN not in repr(tokens)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o777])
def test_a_file_that_others_may_read_is_refused(tmp_path, mode):
    with pytest.raises(Refused, match="chmod 600"):
        read(written(tmp_path, f"{TOKEN}: acme", mode))


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", FormatError),
        ("[]", FormatError),
        (TOKEN, FormatError),
        (f"{TOKEN}: [", FormatError),
        (f"{TOKEN}: 7", FormatError),
        (f"{TOKEN}: a//b", FormatError),
        (f"{TOKEN}: ''", FormatError),
        ("12345678901234567890: acme", FormatError),
        (f"!!python/object/apply:os.system [{TOKEN}]", FormatError),
        ("{}", InvalidInput),
        ("short: acme", InvalidInput),
        ("'with a blank in its middle': acme", InvalidInput),
        ("tökentökentökentökentöken: acme", InvalidInput),
    ],
)
def test_a_file_that_holds_something_else_is_refused_and_no_token_shown(tmp_path, text, error):
    with pytest.raises(error) as told:
        read(written(tmp_path, text))
    assert TOKEN not in str(told.value) and "short" not in str(told.value).replace("too short", "")
    assert told.value.remedy


def test_bytes_that_are_no_text_are_refused(tmp_path):
    file = written(tmp_path, "")
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(AgentMemError):
        read(file)


def test_without_file_and_environment_there_is_no_token(tmp_path, monkeypatch):
    monkeypatch.delenv("AGENTMEM_MCP_TOKEN", raising=False)
    with pytest.raises(InvalidInput, match="AGENTMEM_MCP_TOKEN"):
        chosen(None, ("acme",))
    with pytest.raises(NotFound):
        chosen(tmp_path / "none", ("acme",))
    monkeypatch.setenv("AGENTMEM_MCP_TOKEN", TOKEN)
    assert chosen(None, ("acme",)).namespaces == [("acme",)]


def test_two_tokens_may_share_a_namespace():
    tokens = bound({TOKEN: ("acme",), f"{TOKEN}-2": ("acme",)})
    assert tokens.namespaces == [("acme",)]
    assert tokens.find(TOKEN.encode()).number != tokens.find(f"{TOKEN}-2".encode()).number


def test_only_loopback_is_loopback():
    assert all(map(is_loopback, ("127.0.0.1", "127.9.9.9", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "", "10.0.0.1", "localhost.example", "memory.example")))
