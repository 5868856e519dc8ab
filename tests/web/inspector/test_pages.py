"""What pages show of a bank; and what they say where something is not there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from inspected_bank import AGENT, HOME

from agentmem.records import Event
from agentmem.testing.looking import exported

PATH = "/".join(HOME)


def shown(answer) -> str:
    """The words of a page."""
    assert answer.status_code == 200, answer.text
    body = answer.text.partition("<body")[2]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def links(answer, path: str) -> list[str]:
    """Where links of a page lead, of those to a path."""
    return [unescape(one) for one in re.findall(rf'href="({path}\?[^"]*)"', answer.text)]


@pytest.fixture
def client(seeded, inside):
    return inside(seeded)


def page(client, path: str, **params):
    return client.get(path, params={"ns": PATH, **params})


def test_namespaces_are_counted(client):
    told = shown(client.get("/"))
    for said in (PATH, "agent", "episodic", "layered", "1 emptied", "read only"):
        assert said in told
    assert "agent" not in shown(client.get("/?part=user-7")).replace("agentmem", "")
    assert "No namespace has that" in shown(client.get("/?part=nowhere"))


def test_tabs_are_those_of_the_stores_that_are_attached(client):
    for ns, tabs in (
        (PATH, {"/tasks", "/profile", "/entities"}),
        (AGENT[0], {"/subgoals", "/layers", "/concepts"}),
    ):
        text = client.get("/timeline", params={"ns": ns}).text
        there = {
            path
            for path in ("/tasks", "/profile", "/entities", "/subgoals", "/layers", "/concepts")
            if f'href="{path}?' in text
        }
        assert there == tabs
        for tab in there:
            assert client.get(tab, params={"ns": ns}).status_code == 200
    assert page(client, "/layers").status_code == 404


def test_the_timeline_shows_events_with_what_became_of_them(client):
    told = shown(page(client, "/timeline"))
    for said in (
        "I live in Oslo with two cats.",
        "operation on episodic",
        "crawler",
        "retracted",
        "superseded",
    ):
        assert said in told
    assert "What it said was erased." in told and "forgotten" in told
    assert "[redacted: " in told and "AKIA" not in told
    assert '{"name": "search", "arguments": {"q": "cats"}}' in told
    assert "what nobody may know" not in told


@pytest.mark.parametrize(
    ("filters", "there", "not_there"),
    [
        ({"actor": "crawler"}, "The meeting is cancelled.", "cats"),
        ({"session": "chat-3"}, "keep your answers short", "crawler"),
        ({"type": "tool"}, "three cats", "nurse"),
        ({"trust": "web"}, "The meeting is cancelled.", "three"),
        ({"what": "operations"}, "operation on keyed", "three cats"),
        ({"what": "observed"}, "three cats", "operation on"),
        ({"until": "1990-01-01"}, "No event passes these filters.", "cats"),
    ],
)
def test_the_timeline_is_filtered(client, filters, there, not_there):
    told = shown(page(client, "/timeline", **filters))
    assert there in told
    assert not_there not in told.replace("all events observations operations", "")


def test_a_long_timeline_goes_on_behind_each_page(bank, inside):
    bank.store("episodic", HOME).observe(*(Event(id=f"e{n}", text=f"said {n}.") for n in range(120)))
    client, at, seen = inside(bank), f"/timeline?ns={PATH}", []
    while at:
        answer = client.get(at)
        seen += re.findall(r">said (\d+)\.<", answer.text)
        at = next((link for link in links(answer, "/timeline") if "before=" in link), "")
        assert len(seen) <= 120
    assert seen == [str(n) for n in reversed(range(120))]


def test_an_event_shows_all_that_is_known_of_it(client):
    told = shown(page(client, "/event", id="meets"))
    for said in (
        "The meeting is on Tuesday.",
        "chat-1",
        "Ines",
        "superseded",
        "Versions that it made",
        "episodic message v1",
    ):
        assert said in told
    told = shown(page(client, "/event", id="answer"))
    assert "Caused by" in told and "search" in told
    assert "Events that it caused" in shown(page(client, "/event", id="asks"))
    assert "was forgotten" in shown(page(client, "/event", id="gone"))
    assert page(client, "/event", id="nowhere").status_code == 404


def test_records_are_listed_and_filtered(client):
    told = shown(page(client, "/records", store="keyed"))
    assert "theme" in told and "light" in told and "v2" in told
    assert "The meeting is cancelled." in shown(page(client, "/records", state="retracted"))
    assert "no record that passes" in shown(page(client, "/records", store="keyed", key="nothing"))
    assert "light" in shown(page(client, "/records", store="keyed", filter="metadata.page = 1"))
    answer = page(client, "/records", filter="nothing of that")
    assert answer.status_code == 400
    assert "filter does not parse" in unescape(answer.text)
    assert page(client, "/records", store="nowhere").status_code == 400


def test_a_record_tells_its_history_and_where_it_is_from(client):
    told = shown(page(client, "/record", id="meets"))
    for said in (
        "superseded",
        "she mixed up the days",
        "The meeting is on Thursday.",
        "supersedes",
        "observed",
        "correct",
    ):
        assert said in told
    assert links(page(client, "/record", id="lives"), "/event")
    assert page(client, "/record", id="gone").status_code == 404
    keyed = next(one for one in links(page(client, "/records", store="keyed"), "/record"))
    told = shown(client.get(keyed))
    assert "dark" in told and "light" in told and "metadata" in told.lower()


def test_a_search_shows_the_parts_of_every_score(client, seeded):
    answer = page(client, "/search", q="where does Ines live", no_floor="1")
    told = shown(answer)
    hits = seeded.store("episodic", HOME).recall("where does Ines live", floor=False)
    assert hits
    for hit in hits:
        assert f"{hit.score:.2f}" in told
        for name, value in hit.parts.items():
            if abs(value) >= 0.005:
                assert f"{name} {value:+.2f}" in told
        assert f"sum {sum(hit.parts.values()):.2f}" in told
    assert answer.text.count('class="parts"') == len(hits)


def test_what_was_left_out_is_told_with_the_step(client):
    told = shown(page(client, "/left", q="when is the meeting", k="1", no_floor="1"))
    assert "rank" in told and "it ranks below the first 1" in told
    assert "state" in told and "its state is superseded" in told
    assert "its state is retracted: hearsay" in told


def test_why_not_this_record(client):
    told = shown(page(client, "/why", q="when is the meeting", id="rumour"))
    assert "Not recalled: its state is retracted: hearsay" in told
    assert "Recalled, at rank" in shown(page(client, "/why", q="two cats in Oslo", id="lives", no_floor="1"))
    assert "there is no record" in shown(page(client, "/why", q="x", id="nowhere"))
    assert "Give the id" in shown(page(client, "/why", q="x"))


def test_a_context_is_the_text_that_a_prompt_gets(client, seeded):
    made = seeded.store("episodic", HOME).synthesize("cats in Oslo", 200, k=20, floor=False)
    answer = page(client, "/context", q="cats in Oslo", budget="200", no_floor="1")
    text = unescape(
        re.sub(r"<[^>]*>", "", answer.text.partition('<pre class="prompt">')[2].partition("</pre>")[0])
    )
    assert text == made.text
    told = shown(answer)
    assert f"{made.tokens} of 200 tokens" in told
    assert f"recalled part {made.tokens}" in told and f"free {200 - made.tokens}" in told
    assert "lives" in told
    assert "profile+episodic" in answer.text
    assert "short" in shown(page(client, "/context", q="cats", store="profile+episodic", no_floor="1"))


def test_the_forest_is_drawn_and_told(client):
    answer = page(client, "/tasks")
    told = shown(answer)
    for said in (
        "trip to Norway",
        "city: Bergen",
        "STALE: city changed",
        "boat tour: open",
        "the fjords are there",
    ):
        assert said in told
    assert '<svg xmlns="http://www.w3.org/2000/svg"' in answer.text
    assert "<style" not in answer.text
    under = next(link for link in links(answer, "/tasks") if "under=" in link)
    assert "whole forest" in shown(client.get(under))


def test_subgoals_show_open_steps_and_closed_ones_on_demand(client):
    answer = client.get("/subgoals", params={"ns": "agent"})
    told = shown(answer)
    assert "tidy the kitchen" in told and "use tap" in told and "No water comes." in told
    assert "the mug is on the shelf" in told
    assert "open shelf" not in told
    steps = next(link for link in links(answer, "/steps"))
    assert "open shelf" in client.get(steps).text


def test_layers_are_counted_drawn_and_ranked(client):
    answer = client.get("/layers", params={"ns": "agent", "q": "printer"})
    told = shown(answer)
    assert "today" in told and "The printer on floor 3 prints nothing" in told and "recency +" in told
    over = client.get("/layers/over-time", params={"ns": "agent"})
    assert over.status_code == 200
    item = next(link for link in links(answer, "/record"))
    assert "In its layers" in shown(client.get(item))
    assert client.get("/layers", params={"ns": "agent", "at": "yesterday"}).status_code == 400


def test_concepts_and_profile(client):
    assert "restart the spooler" in client.get("/concepts", params={"ns": "agent"}).text
    told = shown(page(client, "/profile"))
    assert "Please keep your answers short." in told
    assert "Where does this user live?" in told


def test_entities_lead_to_what_tells_of_them(client):
    answer = page(client, "/entities")
    assert "Ines" in shown(answer) and "Oslo" in shown(answer)
    asked = [link for link in links(answer, "/search") if "entity=" in link]
    assert asked
    told = shown(page(client, "/search", asked="1", entity="Oslo"))
    assert "I live in Oslo with two cats." in told and "night shifts" not in told
    assert all(client.get(link).status_code == 200 for link in [*asked, *links(answer, "/record")])
    assert page(client, "/search", asked="1", entity="Nobody Known").status_code == 404
    assert "does not pass the filter" in shown(page(client, "/why", q="work", id="works", entity="Oslo"))
    assert "night shifts" in shown(page(client, "/left", q="work", entity="Oslo"))
    assert "two cats" in shown(page(client, "/context", asked="1", entity="Oslo", no_floor="1"))


def test_changes_tell_what_left_recall_by_what_and_why(client):
    told = shown(page(client, "/changes"))
    for said in (
        "hearsay",
        "she mixed up the days",
        "by retract",
        "by correct",
        "Everything is interpreted.",
    ):
        assert said in told


def test_a_namespace_may_be_all_that_is_shown(seeded, inside):
    client = inside(seeded, prefix=("acme",))
    assert "agent" not in shown(client.get("/")).replace("agentmem", "")
    assert client.get("/timeline", params={"ns": PATH}).status_code == 200
    for path in (
        "/timeline",
        "/records",
        "/search",
        "/context",
        "/subgoals",
        "/changes",
        "/event",
        "/record",
        "/values",
    ):
        answer = client.get(path, params={"ns": "agent", "id": "x", "q": "x"})
        assert answer.status_code == 404
        assert "kitchen" not in answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/timeline", 400),
        ("/timeline?ns=", 400),
        ("/timeline?ns=a//b", 400),
        ("/timeline?ns=never/written", 404),
        ("/timeline?ns=agent&before=x", 400),
        ("/timeline?ns=agent&since=tomorrow", 400),
        ("/timeline?ns=agent&trust=nobody", 400),
        ("/timeline?ns=agent%00", 400),
        ("/search?ns=agent&q=x&k=0", 400),
        ("/search?ns=agent&q=x&k=999999999999999999999", 400),
        ("/search?ns=agent&q=x&store=moon", 404),
        ("/search?ns=agent&q=x&store=a%2B", 400),
        ('/search?ns=agent&q=x&store={"store":"composite","options":{"shared":["acme/user-7"]}}', 400),
        ("/context?ns=agent&q=x&budget=-1", 400),
        ("/record?ns=agent", 400),
        ("/static/../app.py", 404),
        ("/static/nothing.css", 404),
    ],
)
def test_what_cannot_be_answered_is_said(small, inside, path, status):
    answer = inside(small).get(path)
    assert answer.status_code == status
    assert "Traceback" not in answer.text


def test_a_page_that_fails_tells_the_log_alone(small, inside, monkeypatch, caplog):
    from agentmem.bank import looking

    monkeypatch.setattr(looking, "journal", lambda *_, **__: 1 / 0)
    answer = inside(small).get("/timeline?ns=agent")
    assert answer.status_code == 500
    assert "ZeroDivisionError" not in answer.text and "This page failed." in answer.text
    assert "ZeroDivisionError" in caplog.text


def test_looking_at_everything_changes_nothing(seeded, client):
    before = exported(seeded)
    todo, seen = [f"/timeline?ns={PATH}", "/timeline?ns=agent"], set()
    while todo and len(seen) < 200:
        at = todo.pop()
        seen.add(at)
        answer = client.get(at)
        assert answer.status_code in (200, 404), (at, answer.text)
        found = re.findall(r'(?:href|hx-get)="(/[^"]*\?[^"]*)"', answer.text)
        todo += [link for link in map(unescape, found) if link not in seen and not link.startswith("/static")]
    assert {link.partition("?")[0] for link in seen} >= {
        "/record",
        "/event",
        "/tasks",
        "/layers",
        "/profile",
        "/entities",
        "/changes",
    }
    assert exported(seeded) == before


def test_a_page_says_that_its_own_store_waits_whatever_waits_before_it(seeded, inside):
    place = ("late", "reader")
    seeded.store("episodic", place).observe(Event(id="e1", text="I live in Oslo.", actor="Ines"))
    for store in ("entities", "profile"):
        seeded.store(store, place)
    client = inside(seeded)
    for path in ("/entities", "/profile"):
        assert "wait to be read" in shown(client.get(path, params={"ns": "late/reader"})), path
    seeded.retry(place, "profile")
    assert "wait to be read" not in shown(client.get("/profile", params={"ns": "late/reader"}))
    assert "wait to be read" in shown(client.get("/entities", params={"ns": "late/reader"}))
