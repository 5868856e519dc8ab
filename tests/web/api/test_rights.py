"""What a token is for: its namespace and no other, to read or to write; and as much as it may."""

import pytest

from agentmem.web.api.operations import OPERATIONS
from agentmem.web.limits import Limits

SECRET = "The vault opens at noon."
ABOUT = {"text": "When does the vault open?", "floor": False, "k": 50}


def told(api, token):
    """All that a token gets to see."""
    answers = [
        api.get(path, token) for path in ("/events", "/records", "/changes", "/export", "/pending", "/stats")
    ]
    answers += [api.post("/recall", token, **ABOUT), api.post("/context", token, **ABOUT)]
    return "".join(answer.text for answer in answers)


@pytest.fixture
def vault(api, holders):
    """The id of what only `acme/ann` knows."""
    (id,) = api.keep(SECRET)
    for token in (holders.team, holders.bob, holders.near):
        api.keep("The kettle is red.", token=token)
    return id


def test_a_token_sees_nothing_of_another_namespace(api, holders, vault):
    assert SECRET in told(api, holders.ann)
    for token in (holders.bob, holders.near, holders.team):
        assert "noon" not in told(api, token)
        for answer in (
            api.get(f"/records/{vault}", token),
            api.get(f"/records/{vault}/history", token),
            api.get(f"/events/{vault}", token),
            api.post("/explain", token, id=vault, **ABOUT),
            api.post("/correct", token, id=vault, text="never"),
            api.post("/retract", token, ids=[vault]),
            api.post("/undo", token, id=vault),
            api.post("/feedback", token, ids=[vault], kind="harmed"),
            api.post("/forget", token, records=[vault], confirm=True),
            api.post("/forget", token, events=[vault], confirm=True),
            api.post("/recall", token, expand=[vault], **ABOUT)
            if token == ""
            else api.get("/events/none", token),
        ):
            assert answer.status_code == 404 and "noon" not in answer.text, answer.text
    assert api.get(f"/records/{vault}").json()["record"]["version"] == 1


def test_only_a_token_that_may_reads_what_is_under_its_namespace(api, holders, vault):
    for token in (holders.ann, holders.bob, holders.reader):
        answer = api.post("/recall", token, scope="prefix", **ABOUT)
        assert answer.status_code == 403 and "prefix" in answer.json()["remedy"]
    found = api.post("/recall", holders.team, scope="prefix", **ABOUT).json()
    assert vault in {hit["record"]["id"] for hit in found["hits"]}
    near = api.post("/recall", holders.near, scope="prefix", **ABOUT).json()
    assert [hit["record"]["namespace"] for hit in near["hits"]] == [["acm"]]


def test_who_only_reads_changes_nothing(api, holders, bank, vault):
    before = bank.stats()
    for operation in OPERATIONS:
        if operation.writes:
            answer = api.client.post(
                operation.path, headers={"Authorization": f"Bearer {holders.reader}"}, json={"confirm": True}
            )
            assert answer.status_code == 403 and "may only read" in answer.json()["error"]
    assert SECRET in told(api, holders.reader)
    rights = api.get("/rights", holders.reader).json()
    assert rights == {
        "namespace": "acme/ann",
        "write": False,
        "prefix": False,
        "stores": ["episodic", "profile+episodic"],
    }
    assert bank.stats().model_dump(exclude={"bytes"}) == before.model_dump(exclude={"bytes"})


def test_what_writes_is_told_from_what_reads(api):
    """Every operation that is not said to write is one that a reader can call."""
    assert {one.name for one in OPERATIONS if one.writes} == {
        "observe", "put", "correct", "retract", "undo", "feedback", "advance", "retry", "forget",
    }  # fmt: skip


def test_counts_say_nothing_of_others(api, holders, vault):
    stats = api.get("/stats", holders.bob).json()["stats"]
    assert (
        stats
        == {
            "events": 1,
            "operations": 0,
            "forgotten": 0,
            "records": {"episodic": {"live": 1}},
            "pending": {},
        }
        or stats["events"] == 1
    )


def test_a_name_of_the_server_is_needed_for_the_document_too(api):
    for path in ("/openapi.json", "/v1/health", "/v1/stats"):
        assert api.client.get(path, headers={"Host": "evil.example"}).status_code == 421
        assert api.client.get(path, headers={"Origin": "http://evil.example"}).status_code == 403


def test_too_much_and_too_often_is_refused(serve, bank):
    api = serve(bank, limits=Limits(bytes=1_000, per_minute=60, burst=4))
    assert api.post("/events", events=[{"text": "x" * 1_000}]).status_code == 413
    answers = [api.get("/rights") for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 3 + [429] * 3
    assert answers[-1].headers["retry-after"] == "1" and "too many" in answers[-1].json()["error"]
    assert api.client.get("/v1/health").status_code == 200
