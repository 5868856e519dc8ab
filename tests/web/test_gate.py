"""The gate before a server, without a network: what it lets through, and what it tells."""

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.web.gate import Gate, Place
from agentmem.web.hosts import Hosts
from agentmem.web.limits import Bucket, Limits
from agentmem.web.tokens import bound

TOKEN = "a-token-of-some-length"
OTHER = "another-token-of-some-length"
HOLDER = ((b"Authorization", f"Bearer {TOKEN}".encode()),)
HOST = (b"Host", b"localhost:8765")


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


POSTED = Place("/mcp", methods=("POST",), names_namespace=True)
SPREAD = Place("/v1", free=frozenset({"/", "/v1/health"}), hosts=Hosts(("memory.example",)))


def gate(inner, limits=None, clock=None, place=POSTED, rest=nothing):
    tokens = bound({TOKEN: ("acme", "first"), OTHER: ("acme", "second")})

    def app_of(holder):
        return inner if holder.namespace == ("acme", "first") else Inner()

    return Gate(tokens, app_of, limits or Limits(), place, rest, *([clock] if clock else []))


def call(
    app,
    *chunks,
    path="/mcp",
    method="POST",
    headers=HOLDER,
    hangs=False,
    host=(HOST,),
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
        "headers": [*host, *headers],
    }
    asyncio.run(app(scope, receive, send))
    body = b"".join(one.get("body", b"") for one in sent[1:])
    return sent[0]["status"], dict(sent[0]["headers"]), body


def test_what_is_let_through_is_whole_and_bears_no_token():
    inner = Inner()
    assert call(gate(inner), b"one ", b"two", path="/mcp/acme/first")[0] == 200
    assert inner.bodies == [b"one two"]
    assert inner.scopes[0]["path"] == "/mcp" and inner.scopes[0]["headers"] == [HOST]


@pytest.mark.parametrize("after_start", [False, True])
def test_what_breaks_inside_is_logged_and_not_told(caplog, after_start):
    status, _, body = call(gate(Inner(breaks=True, after_start=after_start)))
    assert b"secret" not in body
    if not after_start:
        assert status == 500 and json.loads(body) == {"error": "internal error"}
    assert "RuntimeError at web/test_gate.py" in caplog.text
    assert "the secret of the inside" not in caplog.text and TOKEN not in caplog.text


def test_who_waits_when_the_server_ends_is_told_so():
    async def ended():
        begun, sent = asyncio.Event(), []

        async def slow(scope, receive, send):
            begun.set()
            await asyncio.Event().wait()

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            sent.append(message)

        scope = {"type": "http", "method": "POST", "path": "/mcp", "headers": [HOST, *HOLDER]}
        task = asyncio.create_task(gate(slow)(scope, receive, send))
        await begun.wait()
        task.cancel()
        await task
        return sent

    sent = asyncio.run(ended())
    assert sent[0]["status"] == 503 and b"the server ends" in sent[1]["body"]


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


@given(st.text(max_size=40))
def test_what_lies_under_a_path_is_the_applications(path):
    inner = Inner()
    status, _, _ = call(gate(inner, place=SPREAD), path=f"/v1{path}", method="PATCH")
    if path == "/health":
        return
    assert status == (200 if path[:1] in ("", "/") else 404)
    assert [scope["path"] for scope in inner.scopes] == ([f"/v1{path}"] if status == 200 else [])


def test_where_no_token_is_needed_none_is_shown_and_no_body_read():
    inner, free = Inner(), Inner()
    app = gate(inner, Limits(per_minute=1, burst=1), place=SPREAD, rest=free)
    for path in ("/", "/v1/health"):
        assert [call(app, b"x", path=path, headers=headers)[0] for headers in (HOLDER, ())] == [200, 200]
    assert set(free.bodies) == {b""} and all(scope["headers"] == [HOST] for scope in free.scopes)
    assert call(app, path="/v1/health/", headers=())[0] == 401 and not inner.scopes


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ((), 421),
        ((HOST, HOST), 421),
        (((b"host", b"evil.example"),), 421),
        (((b"host", b"localhost:evil"),), 421),
        (((b"host", b"\xff"),), 421),
        (((b"host", b"memory.example:443"), (b"origin", b"https://memory.example")), 200),
        ((HOST, (b"origin", b"http://evil.example")), 403),
        ((HOST, (b"origin", b"http://localhost:8765"), (b"origin", b"null")), 403),
        ((HOST, (b"origin", b"")), 403),
    ],
)
def test_another_name_or_page_is_answered_nothing(headers, status):
    inner = Inner()
    for path in ("/v1/any", "/v1/health"):
        app = gate(inner, place=SPREAD, rest=inner)
        assert call(app, path=path, host=headers)[0] == status
    assert len(inner.scopes) == (2 if status == 200 else 0)


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
