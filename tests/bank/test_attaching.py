"""Attached options: what folds is what was attached, and who asks for something else is told."""

from __future__ import annotations

from typing import ClassVar

import pytest

from agentmem.bank import Bank, MemorySpec
from agentmem.errors import InvalidInput
from agentmem.records import ChangeSet, Event, Record
from agentmem.stores import MemoryStore, register
from agentmem.testing.looking import exported

NS = ("default",)


@register
class Shouting(MemoryStore):
    """Keeps what was said, as loud as it was told to."""

    name: ClassVar[str] = "emphatic"
    options: ClassVar[dict] = {"marks": 1, "tail": ""}
    read_options = ("tail",)

    def apply(self, event, view):
        if event.store:
            return ChangeSet()
        text = event.text + "!" * self.option("marks")
        return ChangeSet(records=(Record(id=view.new_id(), text=text, indexed={"text": text}),))


def spec(**options) -> MemorySpec:
    return MemorySpec(store="emphatic", options=options)


def texts(store: MemoryStore) -> list[str]:
    return [record.text for record in store.select()]


def test_other_options_than_the_attached_ones_are_refused_each_time(bank: Bank, open_bank):
    bank.store(spec(marks=3))
    for one in (bank, open_bank()):
        for _ in range(2):
            with pytest.raises(
                InvalidInput, match="'emphatic' is attached to 'default' with marks=3, not with marks=5"
            ):
                one.store(spec(marks=5))
        with pytest.raises(InvalidInput):
            one.store(spec(tail="x"))
    assert texts(bank.store(spec(marks=5), ("other",))) == []
    bank.store().observe("ahoy")
    assert texts(bank.store(spec(marks=3))) == ["ahoy!!!"]


def test_without_options_it_has_the_attached_ones(bank: Bank, open_bank):
    bank.store(spec(marks=3))
    for one in (bank, open_bank()):
        for named in ("emphatic", Shouting, spec()):
            assert one.store(named).option("marks") == 3
    composite = open_bank().store(MemorySpec(store="composite", members=(spec(),)))
    assert composite.members[0].option("marks") == 3
    with pytest.raises(InvalidInput):
        open_bank().store(MemorySpec(store="composite", members=(spec(marks=4),)))


def test_a_default_that_was_attached_is_an_option_too(bank: Bank):
    bank.store("emphatic")
    assert bank.store(spec(marks=1)).option("marks") == 1
    with pytest.raises(InvalidInput, match="with marks=1, not with marks=2"):
        bank.store(spec(marks=2))


def test_options_that_only_reading_heeds_may_differ(bank: Bank):
    bank.store(spec(marks=2))
    assert bank.store(spec(marks=2, tail="?")).option("tail") == "?"
    named = MemorySpec(store="episodic", options={"aliases": {"Maya": ["Mimi"]}})
    bank.store().observe(
        Event(actor="Maya", text="I planted a quince."), Event(actor="Ben", text="A medlar.")
    )
    assert "names" in bank.store(named).recall("What did Mimi plant?", floor=False)[0].parts


def test_an_import_keeps_the_options_that_it_finds(bank: Bank, open_bank):
    bank.store(spec(marks=3))
    bank.store().observe("ahoy")
    other = open_bank("other.db")
    other.store(spec(marks=2))
    other.load(exported(bank))
    assert texts(other.store("emphatic")) == ["ahoy!!"]
    fresh = open_bank("fresh.db")
    fresh.load(exported(bank))
    assert texts(fresh.store("emphatic")) == ["ahoy!!!"]
