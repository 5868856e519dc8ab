"""Files of tokens: who may read them, what they hold, and that no message shows one."""

import pytest

from agentmem.errors import AgentMemError, FormatError, InvalidInput, NotFound, Refused
from agentmem.web.tokens import bound, chosen, read

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


def test_a_token_may_only_read_or_read_what_is_under_it(tmp_path):
    tokens = read(
        written(
            tmp_path,
            f"{TOKEN}: acme\n{TOKEN}-2: {{namespace: acme, prefix: true}}\n"
            f"{TOKEN}-3: {{namespace: acme/ann, write: false}}",
        )
    )
    assert [holder.writes for holder in tokens.holders] == [True, True, False]
    assert [holder.spans for holder in tokens.holders] == [False, True, False]
    assert [holder.namespace for holder in tokens.holders] == [("acme",), ("acme",), ("acme", "ann")]


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
        (f"{TOKEN}: {{}}", FormatError),
        (f"{TOKEN}: {{write: false}}", FormatError),
        (f"{TOKEN}: {{namespace: acme, write: 0}}", FormatError),
        (f"{TOKEN}: {{namespace: acme, write: null}}", FormatError),
        (f"{TOKEN}: {{namespace: acme, writes: false}}", FormatError),
        (f"{TOKEN}: {{namespace: acme, prefix: 1}}", FormatError),
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
    variable = "AGENTMEM_ANY_TOKEN"
    monkeypatch.delenv(variable, raising=False)
    with pytest.raises(InvalidInput, match=variable):
        chosen(None, ("acme",), variable)
    with pytest.raises(NotFound):
        chosen(tmp_path / "none", ("acme",), variable)
    monkeypatch.setenv(variable, TOKEN)
    assert chosen(None, ("acme",), variable).namespaces == [("acme",)]


def test_two_tokens_may_share_a_namespace():
    tokens = bound({TOKEN: ("acme",), f"{TOKEN}-2": ("acme",)})
    assert tokens.namespaces == [("acme",)]
    assert tokens.find(TOKEN.encode()).number != tokens.find(f"{TOKEN}-2".encode()).number
