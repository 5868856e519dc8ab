"""A real server over HTTP, by requests that no honest client sends."""

import asyncio
import json
import socket

import httpx
import pytest
from typer.testing import CliRunner

from agentmem.cli.main import app

CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "recall", "arguments": {"question": "Which kettle?"}},
}


def quiet(answer):
    """An answer that tells nothing of the inside."""
    assert "Traceback" not in answer.text and 'File "' not in answer.text and len(answer.content) < 3_000
    return answer


def test_without_a_known_token_nothing_is_answered(served):
    honest = served.headers()
    for given in (
        None,
        "",
        "Bearer",
        "Bearer nobody",
        f"Basic {served.first}",
        f"Bearer {served.first}x",
        f"Bearer {served.first[:-1]}",
        served.first,
    ):
        headers = {name: value for name, value in honest.items() if name != "Authorization"}
        headers |= {} if given is None else {"Authorization": given}
        answer = quiet(httpx.post(served.url, json=CALL, headers=headers))
        assert answer.status_code == 401 and answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["error"] in ("a bearer token is required", "this token is not known")
    twice = [*honest.items(), ("Authorization", "Bearer nobody")]
    assert httpx.post(served.url, json=CALL, headers=twice).status_code == 401
    assert httpx.post(served.url, json=CALL, headers=honest).status_code == 200
    assert httpx.post(f"{served.url}?token={served.first}", json=CALL).status_code == 401


def test_a_token_is_bound_to_its_namespace(served):
    headers = served.headers()
    assert httpx.post(f"{served.url}/acme/first", json=CALL, headers=headers).status_code == 200
    for other in ("acme/second", "acme", "acme/first/", "acme//first", "..", "acme/first/../second"):
        answer = quiet(httpx.post(f"{served.url}/{other}", json=CALL, headers=headers))
        assert answer.status_code in (403, 404), other
    assert httpx.post(served.url.removesuffix("/mcp"), json=CALL, headers=headers).status_code == 404


def test_only_post_is_served(served):
    for method in ("GET", "DELETE", "PUT", "OPTIONS", "BREW"):
        answer = quiet(httpx.request(method, served.url, headers=served.headers()))
        assert answer.status_code == 405 and answer.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "header", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Host": "evil:80"}]
)
def test_a_page_that_rebinds_its_name_is_not_answered(served, header):
    for version in ({}, {"MCP-Protocol-Version": "2026-07-28"}):
        answer = quiet(httpx.post(served.url, json=CALL, headers=served.headers() | header | version))
        assert answer.status_code in (403, 421)


def test_a_large_request_is_refused_whatever_it_says_of_its_length(served):
    headers = served.headers()
    whole = quiet(httpx.post(served.url, content=b" " * 1_000_001, headers=headers))
    parts = quiet(httpx.post(served.url, content=(b" " * 100_000 for _ in range(11)), headers=headers))
    for answer in (whole, parts):
        assert answer.status_code == 413 and answer.json() == {"error": "a request has at most 1000000 bytes"}
    fits = json.dumps(CALL).encode() + b" " * 900_000
    assert httpx.post(served.url, content=fits, headers=headers).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nonsense",
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 10_000,
        b"null",
        b"[]",
        json.dumps([CALL, CALL]).encode(),
        json.dumps({**CALL, "jsonrpc": "1.0"}).encode(),
        json.dumps({**CALL, "method": "tools/explode"}).encode(),
        json.dumps({**CALL, "params": []}).encode(),
        json.dumps({**CALL, "params": {"name": ["recall"]}}).encode(),
        json.dumps({**CALL, "params": {"name": "recall", "arguments": "question"}}).encode(),
        json.dumps({**CALL, "params": {"name": "recall", "arguments": {"question": "\ud800"}}}).encode(),
        json.dumps({**CALL, "params": {"name": "remember", "arguments": {"text": "\udfff lone"}}}).encode(),
        json.dumps({**CALL, "method": "prompts/get", "params": {"name": "none"}}).encode(),
        json.dumps(
            {**CALL, "method": "resources/read", "params": {"uri": "agentmem://record/\ud800"}}
        ).encode(),
    ],
)
def test_bodies_of_all_kinds_leave_the_server_whole(served, body):
    for version in ({}, {"MCP-Protocol-Version": "2026-07-28"}, {"MCP-Protocol-Version": "x" * 1_000}):
        answer = quiet(httpx.post(served.url, content=body, headers=served.headers() | version))
        assert answer.status_code < 500, answer.text
    assert httpx.post(served.url, json=CALL, headers=served.headers()).status_code == 200


@pytest.mark.slow
def test_a_thousand_quick_calls_of_one_holder_do_not_hold_up_the_other(serve):
    served = serve("--per-minute", "600")

    async def hammer(token: str | None) -> list[httpx.Response]:
        headers = served.headers(token or "nobody-at-all-0123456789")
        limits = httpx.Limits(max_connections=20)
        async with httpx.AsyncClient(headers=headers, limits=limits, timeout=60) as client:
            return await asyncio.gather(*(client.post(served.url, json=CALL) for _ in range(1_000)))

    for token, status in ((served.first, 200), (None, 401)):
        answers = asyncio.run(hammer(token))
        served_well = [one for one in answers if one.status_code == status]
        refused = [one for one in answers if one.status_code == 429]
        assert len(served_well) + len(refused) == 1_000
        assert len(served_well) >= 100 and refused
        assert all(
            int(one.headers["retry-after"]) >= 1 and "too many" in one.json()["error"] for one in refused
        )
    assert httpx.post(served.url, json=CALL, headers=served.headers(served.second)).status_code == 200


def test_the_log_shows_no_token(served):
    httpx.post(served.url, json=CALL, headers=served.headers("nobody-at-all-0123456789"))
    httpx.post(served.url, content=b"[", headers=served.headers())
    told = served.errors.read_text()
    assert served.first not in told and "nobody-at-all" not in told and "Traceback" not in told


@pytest.mark.parametrize(
    ("options", "token", "said"),
    [
        ((), "", "a token is required"),
        ((), "too-few", "under 20 characters"),
        (("--tokens", "none.json"), "", "no file of tokens at none.json"),
        (("--host", "0.0.0.0"), "a-token-of-some-length", "add --allow-remote"),
        (("--host", "::"), "a-token-of-some-length", "add --allow-remote"),
        (("--host", "0.0.0.0", "--allow-remote"), "a-token-of-some-length", "--server-name"),
        (("--port", "{taken}"), "a-token-of-some-length", "cannot listen at 127.0.0.1, port "),
        (("--store", "none"), "a-token-of-some-length", "'none'"),
    ],
)
def test_what_is_unsafe_or_wrong_is_not_started(own_folder, monkeypatch, options, token, said):
    monkeypatch.setenv("AGENTMEM_EMBEDDER", "hashing")
    monkeypatch.setenv("AGENTMEM_MCP_TOKEN", token)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        options = [one.format(taken=taken.getsockname()[1]) for one in options]
        result = CliRunner().invoke(app, ["mcp", "--http", *options])
    assert result.exit_code in (2, 3, 4) and not result.stdout
    assert result.stderr.startswith("error: ") and result.stderr.count("\n") == 1 and said in result.stderr
    assert not token or token not in result.stderr


def test_one_token_may_come_from_the_environment(launch):
    token = "a-token-of-some-length"
    options = ("--http", "--port", "0", "--namespace", "mine")
    process = launch("mcp", *options, env={"AGENTMEM_MCP_TOKEN": token})
    url = process.stderr.readline().split()[-1]
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
    assert httpx.post(f"{url}/mine", json=CALL, headers=headers).status_code == 200
    process.terminate()
    assert token not in process.stderr.read()
