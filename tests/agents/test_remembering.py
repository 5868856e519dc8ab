"""Memory beside somebody else's calls, and the tools of memory."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmem.agents.remembering import Remembering, chained
from agentmem.agents.tools import NOTHING, MemoryTools, told, uncited
from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.errors import AgentMemError, InvalidFilter, InvalidInput, NotFound
from agentmem.filters import And, not_among
from agentmem.records import Event, Query, Trust

HOME = ("a",)


@pytest.fixture
def bank(tmp_path):
    with Bank(tmp_path / "m.db", settings=Settings(embedder="hashing")) as bank:
        yield bank


@given(said=st.lists(st.text(), max_size=8), more=st.text())
def test_a_history_with_one_more_has_the_same_ids_and_one_more(said, more):
    ids = chained("s", said)
    assert len(set(ids)) == len(ids)
    assert chained("s", [*said, more])[:-1] == ids
    assert not set(chained("t", said)) & set(ids)


def test_where_a_message_ends_is_part_of_its_id():
    assert chained("s", ["ab", "c"])[-1] != chained("s", ["a", "bc"])[-1]


def test_what_is_visible_is_not_recalled(bank):
    memory = Remembering(bank, HOME, session="s")
    receipts = memory.observe([Event(id="1", text="red green"), Event(id="2", text="red blue")])
    assert [receipt.status for receipt in receipts] == ["stored", "stored"]
    context = memory.recall("red", visible=["2"])
    assert "red green" in context.text
    assert "red blue" not in context.text
    assert memory.recall("red", visible=["1", "2"]).text == ""


def test_what_is_observed_again_is_kept_once(bank):
    memory = Remembering(bank, HOME)
    for _ in range(2):
        memory.observe([Event(id="1", text="red")])
    assert len(bank.store("episodic", HOME).select()) == 1
    assert memory.observe([]) == []


def test_failures_are_counted_and_told_and_strict_ones_raised(bank, caplog):
    events = [Event(id="1", text="red"), Event(id="1", text="blue")]
    memory = Remembering(bank, HOME)
    with caplog.at_level(logging.WARNING):
        assert memory.observe(events) == []
    assert memory.failures == 1
    assert "observe failed" in caplog.text
    with pytest.raises(AgentMemError):
        Remembering(bank, HOME, strict=True).observe(events)
    with pytest.raises(NotFound):
        Remembering(bank, HOME, "no such store", strict=True).recall("red")


def test_vectors_are_made_in_the_background(bank):
    Remembering(bank, HOME).observe([Event(text="red")])
    assert bank.settle()
    assert bank.stats().waiting_for_vectors == 0


@pytest.mark.slow
@given(ids=st.lists(st.sampled_from([f"e{n}" for n in range(6)]), max_size=6))
def test_ids_that_a_filter_leaves_out_are_looked_up(ids):
    with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
        store = bank.store("episodic", HOME)
        store.observe(*(Event(id=f"e{n}", text=f"red {n}", actor="ab"[n % 2]) for n in range(6)))
        found = {hit.id for hit in store.recall("red", filter=not_among(ids), k=10, floor=False)}
        assert found == {f"e{n}" for n in range(6)} - set(ids)
        text = 'not id in ["e0", "e1"] and actor = "a"'
        assert {hit.id for hit in store.recall("red", filter=text, k=10, floor=False)} == {"e2", "e4"}


def test_a_filter_that_is_too_deep_is_refused_before_it_is_taken_apart(bank):
    store = bank.store("episodic", HOME)
    store.observe("red")
    deep = not_among(["1"])
    for _ in range(3_000):
        deep = And.model_construct(parts=(deep,), kind="and")
    query = Query.model_construct(**{**dict(Query(text="red")), "filter": deep})
    with pytest.raises(InvalidFilter, match="nested"):
        store.retrieve(query, bank.view(HOME))


def test_tools_remember_recall_correct_and_forget(bank):
    tools = MemoryTools(bank, HOME, trust=Trust.USER)
    assert tools.recall("red") == NOTHING
    assert tools.remember("The red one is mine.", key="colour") == "Remembered as 'colour'."
    tools.remember("The red one is hers.", key="colour")
    (record,) = [one for one in bank.store("episodic", HOME).select() if one.state == "live"]
    assert "hers" in tools.recall("red one")
    assert tools.correct(f"{record.id}@{record.version}", "The blue one is hers.") == "Corrected."
    (record,) = [one for one in bank.store("episodic", HOME).select() if one.state == "live"]
    assert tools.forget(record.id).startswith("Forgotten")
    assert tools.recall("blue one red one", k=10_000) == NOTHING


def test_an_error_is_told_with_its_remedy():
    assert told(InvalidInput("this is wrong", "do that")) == "Error: this is wrong (do that)"


@pytest.mark.parametrize(("given_id", "id"), [("a@1", "a"), (" a ", "a"), ("a@b@2", "a@b")])
def test_citations_are_ids(given_id, id):
    assert uncited(given_id) == id
