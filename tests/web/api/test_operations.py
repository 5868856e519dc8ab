"""What each operation answers, over one memory that is talked to as a client would."""

import json

import pytest

from agentmem.cli.answers import ANSWERS
from agentmem.web.api.operations import OPERATIONS

COMMANDS = {
    "recall": "recall",
    "explain": "why",
    "context": "context",
    "history": "history",
    "correct": "correct",
    "retract": "retract",
    "undo": "undo",
    "changes": "changes",
    "pending": "pending",
    "retry": "retry",
    "forget": "forget",
}
"""Operations that the command line has too, by name, with its name for them."""


@pytest.mark.parametrize("name", COMMANDS)
def test_keys_are_those_of_the_command_line(name):
    answer = next(one.answer for one in OPERATIONS if one.name == name)
    assert set(answer.model_fields) == set(ANSWERS[COMMANDS[name]])


def test_what_is_observed_is_recalled_explained_and_put_into_a_context(api):
    ids = api.keep("Maya lives in Porto.", "The kettle is red.", actor="Maya")
    found = api.post("/recall", text="Where does Maya live?", floor=False).json()
    assert found["relevant"] and found["store"] == "episodic" and found["namespace"] == "acme/ann"
    assert [hit["record"]["id"] for hit in found["hits"]] == ids
    assert all(abs(sum(hit["parts"].values()) - hit["score"]) < 1e-9 for hit in found["hits"])
    told = api.post("/explain", text="Where does Maya live?", floor=False, id=ids[1]).json()
    assert told["explanation"]["recalled"] and told["explanation"]["rank"] == 2
    dropped = api.post("/explain", text="Where does Maya live?", filter='actor = "Bob"', id=ids[0]).json()
    assert dropped["explanation"]["step"] and not dropped["explanation"]["recalled"]
    context = api.post("/context", text="Where does Maya live?", budget=200, floor=False).json()["context"]
    assert "Porto" in context["text"] and 0 < context["tokens"] <= 200
    assert {item["id"] for item in context["items"]} == set(ids)


def test_a_question_may_name_an_entity(api, bank):
    ids = api.keep("Maya lives in Porto.", "The kettle is red.", actor="Maya")
    other = api.keep("Good morning.", actor="Bob")
    unknown = api.post("/recall", entity="Maya")
    assert unknown.status_code == 404 and "no entities are gathered" in unknown.text
    bank.store("entities", ("acme", "ann")).retry()
    found = api.post("/recall", entity="maya").json()
    assert {hit["record"]["id"] for hit in found["hits"]} == set(ids)
    told = api.post("/explain", text="morning", entity="Maya", id=other[0]).json()["explanation"]
    assert (told["recalled"], told["step"]) == (False, "filter")
    assert "morning" not in api.post("/context", entity="Maya", budget=200).json()["context"]["text"]
    assert api.post("/recall", entity="Nobody").status_code == 404
    assert api.post("/recall", entity="x" * 501).status_code == 422


def test_a_sum_of_stores_is_asked_by_its_name(api):
    api.keep("I am allergic to peanuts.")
    found = api.post("/recall", text="What am I allergic to?", store="profile+episodic", floor=False).json()
    assert found["store"] == "profile+episodic"
    assert "profile" in api.get("/stats").json()["stats"]["records"]
    other = api.post("/recall", text="a", store="task")
    assert other.status_code == 422 and "there are: episodic, profile+episodic" in other.json()["remedy"]


def test_an_event_given_twice_is_kept_once_and_another_under_its_id_is_a_conflict(api):
    event = {"id": "e/1 ü", "text": "The kettle is red.", "time": "2025-03-01T12:00:00Z"}
    for status in ("stored", "duplicate"):
        receipts = api.post("/events", events=[event]).json()["receipts"]
        assert [(one["event_id"], one["status"]) for one in receipts] == [("e/1 ü", status)]
    answer = api.post("/events", events=[{"text": "new"}, {**event, "text": "The kettle is blue."}])
    assert answer.status_code == 409 and answer.json()["remedy"]
    assert len(api.get("/events").json()["events"]) == 1
    assert api.get("/events/e%2F1%20%C3%BC").json()["event"]["text"] == "The kettle is red."
    assert api.get("/records/e%2F1%20%C3%BC").json()["record"]["id"] == "e/1 ü"
    assert api.get("/records/e%2F1%20%C3%BC/history").json()["id"] == "e/1 ü"


def test_a_credential_is_masked_and_the_receipt_says_so(api):
    receipts = api.post("/events", events=[{"text": "key AKIAIOSFODNN7EXAMPLE here"}]).json()["receipts"]
    assert receipts[0]["redacted"] and "AKIA" not in api.get("/events").text


def test_a_context_that_comes_back_is_refused_by_its_receipt(api):
    api.keep("Maya lives in Porto.")
    text = api.post("/context", text="").json()["context"]["text"]
    receipt = api.post("/events", events=[{"text": text}]).json()["receipts"][0]
    assert receipt["status"] == "refused" and "recalled" in receipt["reason"]


def test_a_record_is_corrected_retracted_and_brought_back(api):
    (id,) = api.keep("Maya lives in Porto.")
    corrected = api.post("/correct", id=id, text="Maya lives in York.", why="moved").json()
    assert corrected["receipt"]["status"] == "stored" and len(corrected["superseded_by"]) == 1
    assert api.post("/correct", id=id, text="Maya lives in Rome.").status_code == 409
    past = api.get(f"/records/{id}/history").json()["versions"]
    assert [one["record"]["text"] for one in past][-1] == "Maya lives in York." and past[-2]["why"] == "moved"
    changes = api.get("/changes").json()
    assert [one["id"] for one in changes["changes"]] == [id] and changes["standing"] == []
    undone = api.post("/undo", id=id).json()
    assert undone["record"]["state"] == "live" and undone["out_of_recall"] == corrected["superseded_by"]
    assert api.get("/changes").json()["standing"] == [id]
    assert api.post("/undo", id=id).status_code == 409
    retracted = api.post("/retract", ids=[id], why="said in jest").json()
    assert retracted["ids"] == [id] and len(retracted["receipts"]) == 1
    assert api.get(f"/records/{id}").json()["record"]["state"] == "retracted"
    weaker = api.post("/retract", ids=[api.keep("I live in Rome.")[0]], trust="web")
    assert weaker.status_code == 403 and "trusted" in weaker.json()["error"]


def test_a_key_replaces_what_it_said(api):
    for code in ("1111", "2222"):
        answer = api.post("/put", key="door/α", text=f"The code is {code}.", metadata={"kind": "code"})
        assert answer.json()["receipt"]["status"] == "stored"
    page = api.get("/records", params={"filter": 'key = "door/α" and metadata.kind = "code"'}).json()
    assert [one["text"] for one in page["records"]] == ["The code is 2222."] and page["store"] == "episodic"


def test_feedback_and_time_reach_the_stores(api):
    (id,) = api.keep("The kettle is red.")
    answer = api.post("/feedback", ids=[id], kind="helped", value=2).json()
    assert [one["status"] for one in answer["receipts"]] == ["stored"]
    advanced = api.post("/advance", store="profile+episodic", now="2026-01-01T00:00:00+01:00").json()
    assert len(advanced["receipts"]) == 2
    assert api.post("/feedback", ids=["none"], kind="helped").status_code == 404


def test_what_is_forgotten_is_gone_from_every_answer(api):
    kept, gone = api.keep("The kettle is red.", "The vault opens at noon.")
    assert api.post("/forget", records=[gone]).status_code == 422
    assert api.post("/forget", records=[gone], confirm=False).status_code == 422
    assert "noon" in api.get("/export").text
    report = api.post("/forget", records=[gone], confirm=True, scrub=True).json()["report"]
    assert report["events"] == [gone]
    assert api.post("/forget", confirm=True).status_code == 422
    assert api.get(f"/records/{gone}").status_code == 404
    assert api.get(f"/events/{gone}").json()["event"]["state"] == "forgotten"
    for answer in (api.get("/events"), api.get("/records"), api.get("/export"), api.get(f"/events/{gone}")):
        assert "noon" not in answer.text
    again = api.post("/events", events=[{"id": gone, "text": "The vault opens at noon."}]).json()
    assert again["receipts"][0]["status"] == "forgotten"
    assert (
        api.get("/stats").json()["stats"]["forgotten"] == 1 and api.get(f"/records/{kept}").status_code == 200
    )


@pytest.mark.parametrize("order", ["oldest", "newest", "id", "changed"])
def test_pages_of_records_are_of_one_moment(api, order):
    before = set(api.keep(*(f"Fact {n}." for n in range(7))))
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get("/records", params={"limit": 3, "order": order, "cursor": cursor}).json()
        seen += [record["id"] for record in page["records"]]
        cursor = page["next"]
        api.keep("Meanwhile this is said.")
        api.post("/retract", ids=[seen[0]])
    assert len(seen) == 7 and set(seen) == before


def test_pages_of_events_go_back_in_time(api):
    said = api.keep(*(f"Fact {n}." for n in range(7)), session="s")
    api.keep("Elsewhere.", session="t")
    seen, cursor = [], ""
    while cursor is not None:
        page = api.get("/events", params={"limit": 3, "session": "s", "cursor": cursor}).json()
        seen += [event["id"] for event in page["events"]]
        cursor = page["next"]
    assert seen == said[::-1]
    for cursor in ("x", "-1", "1.2.3", "9" * 30, "١"):
        assert api.get("/records", params={"cursor": cursor}).status_code == 422


def test_an_export_is_read_by_another_bank(api, open_bank):
    api.keep("Maya lives in Porto.", "line\u2028end")
    answer = api.get("/export")
    assert answer.headers["content-type"].startswith("application/jsonl")
    assert answer.headers["cache-control"] == "no-store"
    other = open_bank("other.db")
    assert other.load(answer.text.splitlines()).stored == 2
    assert other.view(("acme", "ann")).events()[0].text == "line\u2028end"


def test_an_empty_memory_is_no_error_and_reading_makes_none(api, bank):
    assert api.post("/recall", text="Where does Maya live?").json()["hits"] == []
    assert api.post("/context", text="", store="profile+episodic").json()["context"]["text"] == ""
    for path in ("/records", "/events", "/changes", "/pending", "/stats", "/rights"):
        assert api.get(path).status_code == 200
    assert api.post("/retry").json()["pending"] == []
    for answer in (
        api.get("/records/none"),
        api.get("/records/none/history"),
        api.get("/events/none"),
        api.get("/export"),
        api.post("/explain", text="a", id="none"),
        api.post("/undo", id="none"),
        api.post("/correct", id="none", text="a"),
        api.post("/forget", everything=True, confirm=True),
    ):
        assert answer.status_code == 404, answer.text
    assert bank.namespaces() == []


def test_health_and_the_document_need_no_token(api):
    health = api.client.get("/v1/health")
    assert health.status_code == 200 and health.json()["status"] == "ok"
    assert json.loads(api.client.get("/openapi.json").content)["openapi"] == "3.1.0"
    assert api.client.get("/v1/rights").status_code == 401


@pytest.mark.on_file
def test_health_says_where_the_bank_cannot_be_read(bank, api, tmp_path):
    bank.database.path.rename(tmp_path / "moved.db")
    answer = api.client.get("/v1/health")
    assert answer.status_code == 503 and "moved" in answer.json()["error"]
    answer = api.post("/events", events=[{"text": "a"}])
    assert answer.status_code == 503 and answer.json()["remedy"]
    (tmp_path / "moved.db").rename(bank.database.path)
