"""The gate before the server, without a network: what it lets through, and what it tells."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem_mcp.gate import Gate
from agentmem_mcp.limits import Bucket, Limits
from agentmem_mcp.tokens import bound

TOKEN = "a-token-of-some-length"
OTHER = "another-token-of-some-length"
HOLDER = ((b"Authorization", f"Bearer {TOKEN}".encode()),)


class HandClock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


class Inner:
    """An application that remembers what it was given, and may break."""

    def __init__(self, *, breaks=False, after_start=False):
        self.breaks, self.after_start = breaks, after_start
        self.scopes, self.bodies = [], []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)
        self.bodies.append((await receive())["body"])
        if self.breaks and not self.after_start:
            raise RuntimeError("the secret of the inside")
        await send({"type": "http.response.start", "status": 200, "headers": []})
        if self.breaks:
            raise RuntimeError("the secret of the inside")
        await send({"type": "http.response.body", "body": b"inner"})


async def nothing(scope, receive, send):
    return


def gate(inner, limits=None, clock=None):
    tokens = bound({TOKEN: ("acme", "first"), OTHER: ("acme", "second")})
    apps = {("acme", "first"): inner, ("acme", "second"): Inner()}
    return Gate(tokens, apps, limits or Limits(), nothing, *([clock] if clock else []))


def call(
    app,
    *chunks,
    path="/mcp",
    method="POST",
    headers=HOLDER,
    hangs=False,
):
    """One request; its status, its headers, and its body."""
    waiting = [{"type": "http.request", "body": one, "more_body": True} for one in chunks or (b"",)]
    waiting[-1]["more_body"] = hangs
    sent = []

    async def receive():
        if waiting:
            return waiting.pop(0)
        return await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "headers": list(headers),
    }
    asyncio.run(app(scope, receive, send))
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_what_is_let_through_is_whole_and_bears_no_token():
    inner = Inner()
    assert call(gate(inner), b"one ", b"two", path="/mcp/acme/first")[0] == 200
    assert inner.bodies == [b"one two"]
    assert inner.scopes[0]["path"] == "/mcp" and inner.scopes[0]["headers"] == []


@pytest.mark.parametrize("after_start", [False, True])
def test_what_breaks_inside_is_logged_and_not_told(caplog, after_start):
    status, _, body = call(gate(Inner(breaks=True, after_start=after_start)))
    assert b"secret" not in body
    if not after_start:
        assert status == 500 and json.loads(body) == {"error": "internal error"}
    assert "RuntimeError at mcp/test_gate.py" in caplog.text
    assert "the secret of the inside" not in caplog.text and TOKEN not in caplog.text


def test_a_request_that_never_ends_is_given_up():
    status, headers, body = call(gate(Inner(), Limits(seconds_body=0.05)), b"[", hangs=True)
    assert status == 408 and headers[b"connection"] == b"close" and b"slowly" in body


@given(st.lists(st.binary(max_size=40), max_size=12))
def test_no_body_over_the_limit_comes_through(chunks):
    inner = Inner()
    status, _, _ = call(gate(inner, Limits(bytes=100)), *chunks)
    whole = b"".join(chunks)
    assert (
        (status == 200 and inner.bodies == [whole])
        if len(whole) <= 100
        else (status == 413 and not inner.bodies)
    )


def test_a_length_that_is_too_large_is_refused_before_anything_is_read():
    for length in (b"101", b"9" * 5_000):
        headers = ((b"authorization", f"bearer {TOKEN}".encode()), (b"content-length", length))
        assert call(gate(Inner(), Limits(bytes=100)), b"", headers=headers)[0] == 413


@given(st.binary(max_size=60))
def test_no_other_token_is_let_through(token):
    if token.strip() not in (TOKEN.encode(), OTHER.encode()):
        assert call(gate(Inner()), headers=((b"authorization", b"Bearer " + token),))[0] == 401


@given(st.text(max_size=40))
def test_a_path_leads_to_the_own_namespace_or_nowhere(path):
    status, _, _ = call(gate(Inner()), path=f"/{path}")
    assert status in ((200,) if path in ("mcp", "mcp/", "mcp/acme/first") else (403, 404))


def test_each_holder_has_an_own_rate_and_strangers_share_one():
    clock = HandClock()
    app = gate(Inner(), Limits(per_minute=60, burst=3), clock)
    stranger = ((b"authorization", b"Bearer nobody"),)
    other = ((b"authorization", f"Bearer {OTHER}".encode()),)
    assert [call(app)[0] for _ in range(5)] == [200, 200, 200, 429, 429]
    assert [call(app, headers=headers)[0] for headers in [stranger] * 3 + [()] * 2] == [
        401,
        401,
        401,
        429,
        429,
    ]
    assert call(app, headers=other)[0] == 200
    assert call(app)[1][b"retry-after"] == b"1"
    clock.now = 2.0
    assert [call(app)[0] for _ in range(3)] == [200, 200, 429]


@given(st.lists(st.floats(min_value=0, max_value=5), max_size=60))
def test_a_bucket_never_gives_more_than_its_rate(waits):
    clock, taken = HandClock(), 0
    bucket = Bucket(Limits(per_minute=120, burst=4), clock)
    for wait in waits:
        clock.now += wait
        taken += bucket.take() == 0
    assert taken <= 4 + 2 * clock.now + 1e-6
