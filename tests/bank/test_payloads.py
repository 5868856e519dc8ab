"""Payloads without their records: those of `load`, for a shelf's rows."""

from __future__ import annotations

import pytest

from agentmem.bank import Bank
from agentmem.errors import Damaged
from agentmem.records import Event

NS = ("default",)


def test_they_are_those_of_the_records(bank: Bank):
    store = bank.store()
    store.observe(
        Event(id="plain", text="nothing beside it"), Event(id="data", text="x", data={"n": [1, "é"]})
    )
    store.put("key", "text", payload={"deep": {"a": None}})
    store.put("key", "text", payload={"deep": {"a": 2.5}})
    store.correct("data", "another text")
    view = bank.view(NS)
    rows = view.shelf().column("row").tolist()
    told = view.payloads(rows)
    assert told == {row: record.payload for row, record in zip(rows, view.load(rows), strict=True) if record}
    assert len(told) == len(rows) == 6
    assert view.payloads(rows[:1]) == {rows[0]: {}}
    assert view.payloads([]) == {}


def test_what_was_forgotten_or_is_not_there_is_left_out(bank: Bank):
    store = bank.store()
    store.observe(Event(id="a", text="alpha", data={"n": 1}), Event(id="b", text="beta", data={"n": 2}))
    view = bank.view(NS)
    rows = view.shelf().column("row").tolist()
    bank.forget(NS, events=["a"])
    assert view.payloads([*rows, 99]) == {rows[1]: {"n": 2}}


@pytest.mark.parametrize("written", ["{", '{"a": 1}, {"b": 2}', "\x01"])
def test_one_that_nobody_wrote_is_named_as_damage(bank: Bank, written: str, tamper):
    bank.store().put("key", "text", payload={"a": 1})
    tamper(bank, "UPDATE record SET payload = ?", written)
    with pytest.raises(Damaged, match="payloads of records cannot be read"):
        bank.view(NS).payloads([1])
