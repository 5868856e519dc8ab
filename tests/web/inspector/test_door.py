"""Who comes in: whoever has the token of this start, from a page of this server, under a name of this machine."""

from __future__ import annotations

import pytest
from inspected_bank import PORT, TOKEN

from agentmem.web.inspector.app import FORMS, PAGES
from agentmem.web.inspector.door import POLICY, form_token, new_token

STATIC = (
    "inspector.css",
    "inspector.js",
    "theme.js",
    "icon.svg",
    "htmx/htmx.min.js",
    "concepts.js",
    "forest.css",
)
EVERYTHING = [
    *PAGES,
    *FORMS,
    *(f"/static/{name}" for name in STATIC),
    "/nothing",
    "/?token=",
    "/?token=wrong",
]
COOKIE = f"agentmem_inspect_{PORT}"


@pytest.mark.parametrize("path", EVERYTHING)
def test_nothing_is_told_without_the_token(small, at_door, path):
    for cookies in ({}, {COOKIE: "wrong"}, {COOKIE: ""}, {"agentmem_inspect_1": TOKEN}):
        client = at_door(small, writes=True)
        client.cookies.update(cookies)
        answer = client.get(path, params={"ns": "agent"} if "token" not in path else None)
        assert answer.status_code == 403
        assert "agent" not in answer.text.replace("agentmem", "")
        assert "set-cookie" not in answer.headers


def test_the_token_goes_into_a_cookie_and_leaves_the_address(small, at_door):
    client = at_door(small)
    answer = client.get(f"/timeline?ns=agent&token={TOKEN}&type=a%26b", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/timeline?ns=agent&type=a%26b"
    cookie = answer.headers["set-cookie"]
    assert cookie == f"{COOKIE}={TOKEN}; Path=/; HttpOnly; SameSite=Strict"
    assert TOKEN not in answer.text
    page = client.get("/timeline?ns=agent")
    assert page.status_code == 200
    assert TOKEN not in page.text


def test_a_redirect_stays_on_this_server(small, at_door):
    for path in ("//evil.example/x", "/%2f%2fevil.example", "/\\evil.example"):
        answer = at_door(small).get(f"{path}?token={TOKEN}", follow_redirects=False)
        location = answer.headers["location"]
        assert location.startswith("/") and not location.startswith(("//", "/\\"))


def test_tokens_are_new_and_long_and_a_form_tells_nothing_of_one():
    made = {new_token() for _ in range(50)}
    assert len(made) == 50
    assert min(map(len, made)) >= 43
    assert form_token(TOKEN) != form_token(TOKEN + "x")
    assert TOKEN not in form_token(TOKEN)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8123",
        "127.0.0.1.evil.example",
        "localhost@evil.example",
        "",
        "10.0.0.7:8123",
    ],
)
def test_another_name_is_not_answered(small, inside, host):
    answer = inside(small).get("/", headers={"host": host})
    assert answer.status_code == 421
    assert "Namespaces" not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": f"http://127.0.0.1:{PORT + 1}"},
    ],
)
def test_pages_of_others_are_not_answered(small, inside, headers):
    assert inside(small).get("/", headers=headers).status_code == 403


def test_pages_of_its_own_are(small, inside):
    for headers in (
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": f"http://127.0.0.1:{PORT}"},
    ):
        assert inside(small).get("/", headers=headers).status_code == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_other_methods_are_not_served(small, inside, method):
    assert inside(small).request(method, "/").status_code == 405


@pytest.mark.parametrize(
    "path", ["/", "/nothing", "/timeline?ns=agent", "/static/inspector.css", "/record?ns=agent&id=x"]
)
def test_every_answer_says_what_a_page_may_do(small, inside, path):
    for answer in (inside(small).get(path), inside(small).get(path, headers={"host": "evil.example"})):
        assert answer.headers["content-security-policy"] == POLICY
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["referrer-policy"] == "same-origin"
        assert answer.headers["cross-origin-resource-policy"] == "same-origin"
        kept = answer.headers["cache-control"]
        assert kept == (
            "private, max-age=300" if path.startswith("/static") and answer.status_code == 200 else "no-store"
        )


def test_the_policy_allows_nothing_inline_and_nothing_from_outside():
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;")
    for said in ("connect-src 'self'", "frame-ancestors 'none'", "form-action 'self'", "base-uri 'none'"):
        assert said in POLICY
