"""Requests that are not as they should be: each is refused by name, and nothing is kept."""

import json

import pytest

JSON = {"Content-Type": "application/json"}
EVENT = {"text": "The kettle is red."}


@pytest.fixture
def send(api, holders):
    """Post a body as it is."""

    def sent(path, body, **headers):
        own = {"Authorization": f"Bearer {holders.ann}", **JSON, **headers}
        return api.client.post(f"/v1{path}", content=body, headers=own)

    return sent


def told(answer, status):
    """What a refusal says; nothing of the inside."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.json().keys() <= {"error", "remedy"} and answer.json()["error"]
    assert "Traceback" not in answer.text and len(answer.content) < 3_000
    return answer.text


@pytest.mark.parametrize(
    ("path", "body", "named"),
    [
        ("/events", {}, "events: Field required"),
        ("/events", {"events": []}, "at least 1"),
        ("/events", {"events": [EVENT] * 1_001}, "at most 1000"),
        ("/events", {"events": EVENT}, "events: "),
        ("/events", {"events": [{**EVENT, "namespace": ["acme", "bob"]}]}, "namespace: Extra"),
        ("/events", {"events": [{**EVENT, "store": "task"}]}, "store: Extra"),
        ("/events", {"events": [{**EVENT, "recorded_at": "2025-03-01T00:00:00Z"}]}, "recorded_at: Extra"),
        ("/events", {"events": [{**EVENT, "id": "x" * 501}]}, "at most 500 characters"),
        ("/events", {"events": [{**EVENT, "time": "2025-03-01T12:00:00"}]}, "no time zone"),
        ("/events", {"events": [{**EVENT, "time": "0001-01-01T00:00:00+14:00"}]}, "out of range"),
        ("/events", {"events": [{**EVENT, "trust": "god"}]}, "'user', 'agent', 'tool' or 'web'"),
        ("/events", {"events": [{**EVENT, "caused_by": ["none"]}]}, "not in the journal"),
        ("/events", {"events": [{"text": 7}]}, "valid string"),
        ("/events", {"events": [{"text": "a\0b"}]}, "NUL"),
        ("/events", {"events": [{"text": "a", "data": {"b": ["\0"]}}]}, "NUL"),
        ("/events", {"events": [{"text": "a", "data": {"\0": 1}}]}, "NUL"),
        ("/events", {"events": [{"text": "a", "data": [1]}]}, "an object"),
        ("/events", {"events": [EVENT], "wait": 1}, "wait: "),
        ("/recall", {"text": "a", "k": "10"}, "k: "),
        ("/recall", {"text": "a", "k": 10**30}, "k: "),
        ("/recall", {"text": "a", "k": True}, "k: "),
        ("/recall", {"text": "a", "question": "b"}, "question: Extra"),
        ("/recall", {"text": "x" * 4_001}, "at most 4000"),
        ("/recall", {"text": "a", "filter": 7}, "body: filter: "),
        ("/recall", {"text": "a", "filter": "nobody = 1"}, "unknown field"),
        ("/recall", {"text": "a", "filter": "key = "}, "does not parse"),
        ("/recall", {"text": "a", "filter": "x" * 2_001}, "at most 2000"),
        (
            "/recall",
            {"text": "a", "filter": {"kind": "comparison", "field": "id", "operator": "=", "value": []}},
            "list",
        ),
        ("/recall", {"text": "a", "options": {"reranker": "/etc"}}, "the server's to choose"),
        ("/recall", {"text": "a", "options": {"rerank_device": "cuda"}}, "the server's to choose"),
        ("/recall", {"text": "a", "options": {"none": 1}}, "no option"),
        ("/recall", {"text": "a", "steps": ["none"]}, "none"),
        ("/recall", {"text": "a", "rerank": True}, "cross-encoder"),
        ("/recall", {"text": "a", "store": "episodic+episodic"}, "no memory"),
        ("/recall", {"text": "a", "store": '{"store": "task"}'}, "no memory"),
        ("/context", {"text": "a", "budget": -1}, "budget"),
        ("/context", {"text": "a", "budget": 10**6}, "budget"),
        ("/put", {"key": "", "text": "a"}, "key: "),
        ("/put", {"key": "\0", "text": "a"}, "NUL"),
        ("/put", {"key": "a", "index": {"\0": "a"}}, "NUL"),
        ("/correct", {"id": "a"}, "takes a text, or the id"),
        ("/retract", {"ids": []}, "at least 1"),
        ("/retract", {"ids": ["a"] * 101}, "at most 100"),
        ("/feedback", {"ids": ["a"], "kind": "used", "value": 1e999}, "value: "),
        ("/advance", {"now": "tomorrow"}, "now: "),
        ("/advance", {"now": "0"}, "now: "),
        ("/advance", {"now": 0}, "now: "),
        ("/advance", {"now": "2025-02-30T00:00:00Z"}, "now: "),
        ("/recall", {"text": "a", "at": "2025-03-01"}, "at: "),
    ],
)
def test_what_cannot_be_used_is_refused_by_name(send, api, path, body, named):
    assert named in told(send(path, json.dumps(body)), 422)
    assert api.get("/stats").json()["stats"]["events"] == 0


@pytest.mark.parametrize(
    "body",
    [b"", b"nonsense", b'{"text": "a"', b"\xff\xfe", b"[" * 100_000, b'{"a":' * 50_000, b'{"text": "\xe9"}'],
)
def test_what_is_no_json_is_refused(send, body):
    assert "no JSON" in told(send("/recall", body), 400)


@pytest.mark.parametrize("body", [b"null", b"[]", b"7", b'"text"', b"true"])
def test_what_is_no_object_is_refused(send, body):
    told(send("/recall", body), 422)


@pytest.mark.parametrize("lone", [rb"\ud800", rb"\udfff", rb"a\ud800b", rb"\ude00\ud83d"])
def test_a_lone_surrogate_is_refused_by_name(send, lone):
    assert "lone surrogate" in told(send("/recall", b'{"text": "%s"}' % lone), 400)
    told(send("/recall", b'{"text": "\xed\xa0\x80"}'), 400)


def test_numbers_that_are_none_are_refused(send, api):
    for number in (b"NaN", b"Infinity", b"1e999", b"9" * 5_000):
        events = send("/events", b'{"events": [{"text": "a", "data": {"n": %s}}]}' % number)
        feedback = send("/feedback", b'{"ids": ["a"], "kind": "b", "value": %s}' % number)
        assert events.status_code in (400, 422) and feedback.status_code in (400, 422)
    assert api.get("/stats").json()["stats"]["events"] == 0


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_a_body_that_is_not_said_to_be_json_is_refused(send, kind):
    told(send("/recall", b'{"text": "a"}', **{"Content-Type": kind}), 415)
    assert (
        send("/recall", b'{"text": "a"}', **{"Content-Type": "Application/JSON; charset=utf-8"}).status_code
        == 200
    )


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("/records?limit=0", 422),
        ("/records?limit=501", 422),
        ("/records?limit=1_0", 422),
        ("/records?limit=%20%31", 422),
        ("/records?limit=1.0", 422),
        ("/records?limit=%D9%A1", 422),
        ("/records?limit=", 422),
        ("/records?limit=1&limit=2", 422),
        ("/records?limits=1", 422),
        ("/records?order=best", 422),
        ("/records?filter=%00", 422),
        ("/records?filter=key", 422),
        ("/records?store=task", 422),
        ("/records?cursor=%00", 422),
        ("/records?filter=%ff", 400),
        ("/records/%00", 422),
        ("/records/%ff", 400),
        ("/records/a?id=b", 422),
        ("/records/" + "a" * 501, 422),
        ("/records/a/b", 404),
        ("/records/", 404),
        ("/records/a%2Fb", 404),
        ("/events?session=%00", 422),
        ("/changes?after=-1", 422),
        ("/changes?after=" + "9" * 30, 422),
        ("/pending?store=none", 422),
        ("/stats?x=1", 422),
        ("/stats?" + "&".join(f"a{n}=1" for n in range(60)), 400),
        ("/none", 404),
        ("", 404),
        ("/stats/", 404),
        ("/%73tats", 404),
    ],
)
def test_urls_are_read_strictly(api, url, status):
    told(api.get(url), status)


def test_a_body_is_asked_by_the_body_alone(send):
    assert "no parameters" in told(send("/recall?k=5", b'{"text": "a"}'), 422)


def test_another_method_is_told_which_there_are(api, holders):
    for path, methods in (
        ("/events", {"GET", "HEAD", "POST"}),
        ("/recall", {"POST"}),
        ("/health", {"GET", "HEAD"}),
    ):
        for method in ("DELETE", "PUT", "OPTIONS", "BREW"):
            headers = {"Authorization": f"Bearer {holders.ann}"}
            answer = api.client.request(method, f"/v1{path}", headers=headers)
            told(answer, 405)
            assert set(answer.headers["allow"].replace(" ", "").split(",")) == methods


def test_what_nobody_expected_is_logged_and_told_as_an_internal_error(open_bank, serve, caplog):
    class Broken:
        def __call__(self):
            raise RuntimeError("the secret of the inside")

    answer = serve(open_bank(clock=Broken())).post("/events", events=[EVENT])
    assert answer.status_code == 500 and answer.json() == {"error": "internal error"}
    assert "RuntimeError" in caplog.text and "the secret of the inside" not in caplog.text
