"""How a store reaches a language model, and what becomes of an event where it does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.errors import InvalidInput, Unavailable
from agentmem.models import user
from agentmem.models.base import Answer, Request, Usage
from agentmem.models.cassette import ReplayChat, Row, key_of
from agentmem.models.llama_cpp import LlamaCppChat
from agentmem.records import ChangeSet, Event, Record
from agentmem.stores import MemoryStore, register
from agentmem.testing import HandClock

NS = ("default",)


def cassette(path: Path, **answers: str) -> Path:
    """A cassette that answers each text by another one, in the default way of asking."""
    rows = []
    for asked, told in answers.items():
        request = Request(messages=(user(asked),))
        answer = Answer(text=told, usage=Usage(prompt_tokens=7, completion_tokens=3))
        rows.append(Row(key=key_of(request), model="recorded", request=request, answer=answer))
    path.write_text("".join(row.model_dump_json() + "\n" for row in rows))
    return path


def told(model, text: str) -> str:
    return model.complete([user(text)]).text


@pytest.mark.on_file
def test_the_bank_s_own_model_is_given_whatever_name_is_asked_for(open_bank, tmp_path: Path):
    bank = open_bank(model=ReplayChat(cassette(tmp_path / "own.jsonl", hello="own")))
    assert told(bank.chat_model(NS, "task"), "hello") == "own"
    assert told(bank.chat_model(NS, "task", "llama"), "hello") == "own"
    with bank.fork(tmp_path / "fork.db") as fork:
        assert told(fork.chat_model(NS, "task"), "hello") == "own"


def test_a_name_goes_over_the_settings(open_bank, tmp_path: Path):
    one, two = (f"replay:{cassette(tmp_path / f'{name}.jsonl', hello=name)}" for name in ("one", "two"))
    bank = open_bank(settings=Settings(embedder="hashing", model=one))
    assert told(bank.chat_model(NS, "task"), "hello") == "one"
    assert told(bank.chat_model(NS, "task", two), "hello") == "two"


def test_a_model_that_is_not_configured_says_how_to_configure_one(bank):
    with pytest.raises(Unavailable, match=r"AGENTMEM_MODEL.*--model"):
        bank.chat_model(NS, "task")
    with pytest.raises(InvalidInput, match="no model is called 'lama'"):
        bank.chat_model(NS, "task", "lama")


@register
class Asking(MemoryStore):
    """Notes what a model says to each event."""

    name = "asking"

    def interpret(self, events, view):
        model = self.bank.chat_model(self.namespace, self.shelf)
        return [Event(type="note", text=told(model, event.text), caused_by=(event.id,)) for event in events]

    def apply(self, event, view):
        if event.type != "note":
            return ChangeSet()
        return ChangeSet(records=(Record(id=view.new_id(), text=event.text),))


@register
class AskingOne(Asking):
    """The same, an event at a time: what one has cost is not lost with the next."""

    name = "asking-one"
    at_once = 1


class Colour(BaseModel):
    colour: str


@register
class Choosing(Asking):
    """Asks for a value, and leaves no room for it."""

    name = "choosing"

    def interpret(self, events, view):
        model = self.bank.chat_model(self.namespace, self.shelf)
        model.complete([user("Which colour has grass?")], schema=Colour, max_tokens=2)
        return []


def notes(bank: Bank, store: str) -> list[str]:
    return sorted(record.text for record in bank.store(store).select())


def pending(bank: Bank) -> list[tuple[str, str]]:
    return [(item.state, item.error.partition(":")[0]) for item in bank.pending(NS)]


@pytest.fixture
def answers(tmp_path: Path) -> ReplayChat:
    """Answers a to e, for ten tokens each; the worst case of a call is 593."""
    return ReplayChat(cassette(tmp_path / "answers.jsonl", a="A", b="B", c="C", d="D", e="E"))


def test_over_budget_all_events_wait_with_the_reason_and_are_derived_when_it_opened(
    open_bank, answers: ReplayChat, clock: HandClock
):
    bank = open_bank(model=answers, settings=Settings(embedder="hashing", budget_hour_tokens=605))
    bank.store("asking-one")
    receipts = bank.store().observe("a", "b", "c", "d")
    assert [receipt.pending for receipt in receipts] == [(), (), ("asking-one",), ("asking-one",)]
    assert notes(bank, "asking-one") == ["A", "B"]
    assert pending(bank) == [("waiting", "OverBudget")] * 2
    assert "605 tokens an hour" in bank.pending()[0].error
    assert bank.store().observe("e")[0].pending == ("asking-one",)
    assert pending(bank) == [("waiting", "OverBudget")] * 3
    assert bank.store().recall("d", floor=False)[0].text == "d"

    clock.forward(hours=1)
    assert len(bank.retry(NS)) == 1  # the hour has room for two
    clock.forward(hours=1)
    bank.store().observe(Event(type="seen", text="a"))
    assert bank.pending() == []
    assert notes(bank, "asking-one") == ["A", "A", "B", "C", "D", "E"]
    assert bank.verify() == []


def test_over_budget_a_batch_is_not_tried_event_by_event(open_bank, answers: ReplayChat):
    bank = open_bank(model=answers, settings=Settings(embedder="hashing", budget_hour_tokens=0))
    bank.store("asking")
    bank.store().observe("a", "b", "c")
    assert pending(bank) == [("waiting", "OverBudget")] * 3
    assert {item.attempts for item in bank.pending()} == {1}
    assert bank.models.spent() == []


def test_a_batch_in_which_one_fails_stops_where_a_budget_does(open_bank, answers: ReplayChat):
    bank = open_bank(model=answers, settings=Settings(embedder="hashing", budget_hour_tokens=615))
    bank.store("asking")
    # The batch asks for a and b, and fails at z, which has no answer; then a is asked alone, and b finds no room.
    bank.store().observe("a", "b", "z", "c")
    assert notes(bank, "asking") == ["A"]
    assert pending(bank) == [("waiting", "OverBudget")] * 3


def test_a_receipt_says_what_deriving_cost(open_bank, answers: ReplayChat):
    bank = open_bank(model=answers)
    bank.store("asking")
    receipts = bank.store().observe("a", "b", "c")
    assert [receipt.tokens_spent for receipt in receipts] == [0, 0, 30]
    assert bank.store().observe("a", wait=False)[0].tokens_spent == 0
    assert bank.settle()
    assert bank.models.spent()[0].all.tokens == 40


def test_a_model_that_fails_keeps_the_event_as_failed_until_a_retry(open_bank, answers: ReplayChat):
    nobody = Settings(
        embedder="hashing", model="openai:m", model_url="http://127.0.0.1:9/v1", model_retries=0, network=True
    )
    bank = open_bank(settings=nobody)
    bank.store("asking")
    receipt = bank.store().observe("a")[0]
    assert (receipt.status, receipt.pending, receipt.tokens_spent) == ("stored", ("asking",), 0)
    assert pending(bank) == [("failed", "Unavailable")]
    assert "127.0.0.1:9" in bank.pending()[0].error
    assert [item.state for item in bank.retry(NS)] == ["failed"]
    other = open_bank(model=answers)
    assert other.retry(NS) == []
    assert notes(other, "asking") == ["A"]


def test_an_answer_that_is_no_value_keeps_the_event_as_failed(open_bank):
    bank = open_bank(model=LlamaCppChat(window=512))
    bank.store("choosing")
    receipt = bank.store().observe("a")[0]
    assert receipt.pending == ("choosing",)
    assert pending(bank) == [("failed", "ModelOutputError")]
    assert receipt.tokens_spent > 10
    assert bank.models.spent()[0].all.calls == 2


def test_a_store_without_a_model_fails_and_says_how_to_configure_one(bank: Bank):
    bank.store("asking")
    bank.store().observe("a")
    assert pending(bank) == [("failed", "Unavailable")]
    assert "AGENTMEM_MODEL" in bank.pending()[0].error
