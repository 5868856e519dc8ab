"""A trim whose model fails, over real HTTP: the turn is kept, others go on, and it is derived later."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agentmem.bank import MemorySpec
from agentmem.config import Settings
from agentmem.records import Event
from agentmem.stores.task.model_trim import SHOWN, ModelTrim
from agentmem.stores.task.operations import Add, event_of
from agentmem.stores.task.store import TaskMemory
from agentmem.synthesis.tokens import MiniLMTokens
from agentmem.testing.looking import difference, exported, snapshot

_WHERE = Path(__file__).parents[2] / "models" / "conftest.py"
_SPEC = importlib.util.spec_from_file_location("faulty_models", _WHERE)
faulty_models = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(faulty_models)


def pieces(*told: dict[str, Any]) -> str:
    """An answer as the model gives it."""
    usual = {"slot": None, "title": "", "value": "", "on": []}
    return json.dumps({"pieces": [{**usual, **piece} for piece in told]})


NOTHING = pieces()
ROME = pieces({"intent": "update", "slot": 1, "value": "Rome"})
OSLO = pieces({"intent": "update", "slot": 1, "value": "Oslo"})
FAULTS = {
    "no answer in time": ("hang,ok", []),
    "an error of the server": ("500,ok", []),
    "no such model": ("404,ok", []),
    "rubbish": ("rubbish,ok", []),
    "a web page": ("html,ok", []),
    "an answer that breaks off": ("cut,ok", []),
    "no JSON": ("ok", ["I would say Rome.", "Rome!"]),
    "an empty answer": ("ok", ["", ""]),
    "another schema": ("ok", ['{"pieces": [{"intent": "buy"}]}', '{"answer": []}']),
    "a slot that is not there": ("ok", [pieces({"intent": "update", "slot": 7, "value": "Rome"})] * 2),
    "a value that nobody said": ("ok", [pieces({"intent": "update", "slot": 1, "value": "Paris"})] * 2),
    "a blank value": ("ok", [pieces({"intent": "update", "slot": 1, "value": " "})] * 2),
    "a value that it never had": ("ok", [pieces({"intent": "rollback", "slot": 1, "value": "Rome"})] * 2),
    "a title of nothing": ("ok", [pieces({"intent": "new", "title": "  "})] * 2),
    "a dependency on nothing": ("ok", [pieces({"intent": "depend", "slot": 1})] * 2),
    "a slot that depends on itself": ("ok", [pieces({"intent": "depend", "slot": 1, "on": [1]})] * 3),
    "a title without end": ("ok", [pieces({"intent": "new", "title": "x" * 600})] * 2),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-very-secret")
    with faulty_models.faults() as running:
        yield running


@pytest.fixture
def open_task(server, open_bank) -> Callable[..., TaskMemory]:
    """A memory whose trim asks the server, as the model of a name; by default one that answers."""

    def open_(model: str = "ok", **settings: object) -> TaskMemory:
        usual = {"embedder": "hashing", "model_url": server.url, "network": True}
        patience = 0.4 if "hang" in model else 20.0
        tried = {"model_timeout": patience, "model_retries": 0, "model": f"openai:{model}"}
        bank = open_bank(settings=Settings(**{**usual, **tried, **settings}))
        return bank.store(MemorySpec(store="task", options={"trim": "model"}))

    return open_


def values(task, id):
    return [one.value for one in task.revisions(id)]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_turn_whose_model_failed_is_kept_and_derived_later(open_task, server, clock, fault):
    model, texts = FAULTS[fault]
    task = open_task(model)
    failures = len(texts) or 1
    server.texts = [*(texts or ["unread"]), OSLO, ROME]
    city = task.add("city")
    before = snapshot(task)
    task.observe(Event(id="first", text="We go to Rome."))
    [waiting] = task.pending()
    assert (waiting.event_id, waiting.state) == ("first", "failed")
    assert waiting.error
    assert "sk-very-secret" not in waiting.error
    assert difference(before, snapshot(task)) == ""
    assert [hit.text for hit in task.bank.store().recall("Rome")] == ["We go to Rome."]
    clock.forward(hours=1)
    task.observe(Event(id="second", text="Actually to Oslo."))
    assert task.node(city.id).value == "Oslo"
    assert [item.event_id for item in task.pending()] == ["first"]
    clock.forward(hours=1)
    assert task.retry() == []
    assert task.node(city.id).value == "Oslo"  # what was said before it came late
    assert values(task, city.id) == ["Rome", "Oslo"]
    assert len(server.seen) == failures + 2
    assert task.bank.verify() == []


def test_a_turn_that_fails_again_stays_and_says_why(open_task, server):
    task = open_task("500")
    task.observe("We go to Rome.", "Or to Oslo.")
    assert len(task.retry()) == 2
    assert {item.state for item in task.pending()} == {"failed"}
    assert all("500" in item.error for item in task.pending())
    assert task.add("city", value="Rome").value == "Rome"  # operations need no model


def test_a_failure_is_corrected_where_the_model_is_told_what_was_wrong(open_task, server):
    task = open_task()
    city = task.add("city")
    server.texts = [pieces({"intent": "update", "slot": 1, "value": "Paris"}), ROME]
    task.observe("We go to Rome.")
    assert task.node(city.id).value == "Rome"
    assert "'Paris' is not in what the user said" in server.seen[-1]["messages"][-1]["content"]


def test_a_replay_asks_no_model_and_gives_the_same_forest(open_task, server, open_bank):
    task = open_task()
    city = task.add("city")
    server.texts = [
        ROME,
        OSLO,
        pieces({"intent": "new", "title": "hotel"}, {"intent": "depend", "slot": 2, "on": [1]}),
        pieces({"intent": "rollback", "slot": 1}),
        pieces({"intent": "check", "slot": 1}),
    ]
    task.observe(
        *(f"{text}, please." for text in ("Rome", "Oslo", "A hotel there", "Go back", "Was it Rome?"))
    )
    assert task.pending() == []
    assert values(task, city.id) == ["Rome", "Oslo", "Rome"]
    before, asked = snapshot(task), len(server.seen)
    assert asked == 5
    server.shutdown()
    task.bank.rebuild(task.namespace)
    assert difference(before, snapshot(task)) == ""
    other = open_bank("other.db", settings=Settings(embedder="hashing"))
    other.load(exported(task.bank))
    again = other.store(MemorySpec(store="task", options={"trim": "model"}))
    assert again.pending() == []
    assert again.graph().nodes == task.graph().nodes
    assert again.graph().needs[0].source == task.graph().needs[0].source
    other.rebuild(task.namespace)
    assert task.bank.verify() == other.verify() == []
    assert len(server.seen) == asked


def test_an_operation_that_no_longer_applies_fails_its_turn_alone(open_task, server):
    task = open_task()
    task.add("city")
    task.add("hotel")
    circle = pieces({"intent": "depend", "slot": 1, "on": [2]}, {"intent": "depend", "slot": 2, "on": [1]})
    server.texts = [circle] * 3 + [NOTHING]
    task.observe("Each depends on the other.")
    [waiting] = task.pending()
    assert "would close a cycle" in waiting.error
    before = task.graph()
    task.observe("Fine.")
    assert [item.event_id for item in task.pending()] == [waiting.event_id]
    assert task.graph() == before


def tokens_asked(server) -> int:
    counter = MiniLMTokens()
    return sum(counter.count(message["content"]) for message in server.seen[-1]["messages"])


def grow(task, n: int) -> None:
    """`n` more steps."""
    start = len(task.select())
    steps = (Add(slot=f"step {start + i}", value=f"value {i}") for i in range(n))
    task.bank.append(
        task.namespace, [event_of(one, store="task", id=f"{start}-{i}") for i, one in enumerate(steps)]
    )


def test_what_the_model_is_asked_does_not_grow_with_the_forest(open_task, server):
    task = open_task()
    server.texts = [NOTHING]
    asked = {}
    for n in (10, 40, 1_000):
        grow(task, n - len(task.graph().nodes))
        task.observe(f"Hello {n}.")
        asked[n] = tokens_asked(server)
    assert asked[1_000] <= asked[10] + (SHOWN - 10) * 20
    assert asked[1_000] - asked[40] < 60  # numbers have more digits
    assert task.pending() == []


def test_what_the_model_is_asked_does_not_grow_with_history_or_the_length_of_values(open_task, server):
    task = open_task()
    server.texts = [NOTHING]
    city = task.add("city", value="Rome")
    task.observe("Hello.")
    before = tokens_asked(server)
    for n in range(60):
        task.update(city.id, f"another town {n}")
    task.update(city.id, "a very long name " * 1_000)
    task.observe("Hello again.")
    assert tokens_asked(server) < before + 200


def test_an_old_value_is_gone_back_to_though_the_model_is_not_shown_it(open_task, server):
    task = open_task()
    city = task.add("city", value="Rome")
    for n in range(60):
        task.update(city.id, f"another town {n}")
    server.texts = [pieces({"intent": "rollback", "slot": 1, "value": "Rome"})]
    task.observe("Back to Rome.")
    assert task.node(city.id).value == "Rome"


@pytest.mark.slow
def test_the_embedded_model_says_what_it_likes_and_the_bank_stays_consistent(open_bank, clock):
    bank = open_bank(settings=Settings(embedder="hashing", model="llama"))
    task = bank.store(MemorySpec(store="task", options={"trim": "model"}))
    task.trim = ModelTrim(task.trim.model, answer_tokens=100)
    city = task.add("city")
    said = ["We go to Rome.", "Actually to Oslo, and we need a hotel there.", "Was it Rome before?"]
    for text in said:
        task.observe(text)
        clock.forward(minutes=1)
    spoken = " ".join(said).casefold()
    for node in task.graph().nodes.values():
        values = [one.value for one in task.revisions(node.id) if one.value is not None]
        assert all(value.casefold() in spoken for value in values)
    assert {item.state for item in task.pending()} <= {"failed"}
    assert task.node(city.id).slot
    before = snapshot(task)
    bank.rebuild(task.namespace)
    assert difference(before, snapshot(task)) == ""
    assert bank.verify() == []
