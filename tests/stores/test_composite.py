"""A composite acts on all its members: nothing that one of them holds, or lacks, is hidden by the first."""

from __future__ import annotations

import pytest

from agentmem.bank import Bank, MemorySpec
from agentmem.bank.registry import spec_of
from agentmem.errors import InvalidInput, NotFound
from agentmem.records import ChangeSet, Event, Query, Record, Trust
from agentmem.stores import CompositeStore, MemoryStore, register


@register
class Moody(MemoryStore):
    """Notes what is said, when it is in the mood; feedback is written on the note."""

    name = "moody"
    willing = True

    def interpret(self, events, view):
        if not Moody.willing:
            raise RuntimeError("not in the mood")
        return [Event(type="note", text=event.text, caused_by=(event.id,)) for event in events]

    def apply(self, event, view):
        if event.type == "note":
            indexed = {"text": event.text}
            return ChangeSet(records=(Record(id=view.new_id(), text=f"note: {event.text}", indexed=indexed),))
        if event.type == "feedback":
            said = {"value": event.data["value"]}
            return ChangeSet(records=tuple(note.revised(payload=said) for note in view.get(event.about)))
        return ChangeSet()


@pytest.fixture
def memory(bank: Bank) -> MemoryStore:
    Moody.willing = True
    members = (MemorySpec(store="episodic"), MemorySpec(store="moody"))
    return bank.store(MemorySpec(store="composite", members=members))


def note(bank: Bank) -> Record:
    return bank.store("moody").select()[0]


def test_what_a_member_could_not_interpret_is_seen_and_retried(memory: MemoryStore, bank: Bank):
    Moody.willing = False
    memory.observe(Event(id="a", text="the quince tree"))
    assert [(item.store, item.state) for item in memory.pending()] == [("moody", "failed")]
    Moody.willing = True
    assert memory.retry() == []
    assert note(bank).text == "note: the quince tree"


def test_feedback_reaches_the_store_that_holds_the_record(memory: MemoryStore, bank: Bank):
    memory.observe(Event(id="a", text="the quince tree"))
    receipts = memory.feedback(["a", note(bank).id], "used", 0.5)
    assert len(receipts) == 2
    assert note(bank).payload == {"value": 0.5}


def test_why_a_record_of_the_second_member_is_not_recalled(memory: MemoryStore, bank: Bank):
    memory.observe(Event(id="a", text="the quince tree"))
    memory.retract([note(bank).id], why="no longer")
    why = memory.explain("quince tree", note(bank).id)
    assert (why.recalled, why.step) == (False, "state")
    assert "no longer" in why.reason


@pytest.mark.parametrize("store", ["episodic", "full", "truncated", "sliding"])
def test_alternatives_are_marked_however_they_are_read(bank: Bank, store: str):
    bank.store().put("k", "tea", trust=Trust.USER)
    bank.store().put("k", "coffee", trust=Trust.WEB)
    hits = bank.store(store).recall("")
    assert len(hits) == 2
    assert all(hit.alternatives for hit in hits)


def test_names_with_a_plus_between_them_are_one_memory(bank):
    memory = bank.store("episodic + sliding", ("sum",))
    assert isinstance(memory, CompositeStore)
    assert [member.name for member in memory.members] == ["episodic", "sliding"]
    assert spec_of("episodic+sliding") == memory.spec
    assert bank.store(memory.spec.model_dump_json(), ("sum",)) is memory


def test_a_name_in_a_sum_may_be_one_of_the_callers_own():
    own = {"plain": MemorySpec(store="episodic", options={"pack": {"show_label": False}})}
    assert spec_of("plain+sliding", own).members == (own["plain"], MemorySpec(store="sliding"))
    assert spec_of("plain", own) == own["plain"]
    with pytest.raises(NotFound, match=r"no store 'plane' is installed \(there are: .*plain, .*sliding"):
        spec_of("sliding+plane", own)


def test_what_is_no_sum_is_told(bank, wrong_sum):
    given, said = wrong_sum
    with pytest.raises((InvalidInput, NotFound)) as raised:
        bank.store(given)
    assert said in str(raised.value)


def test_a_sum_is_no_part_of_a_sum():
    with pytest.raises(InvalidInput, match=r"'composite' in 'composite\+task' is a sum itself"):
        spec_of("composite+task")
    with pytest.raises(InvalidInput, match=r"is no specification: storre: Extra inputs .* \(write"):
        spec_of('{"store": "task", "storre": 1}')


def test_options_are_those_of_the_part_that_takes_them():
    both = spec_of("episodic+sliding").with_options("sliding", window=3)
    assert both.part("sliding") == MemorySpec(store="sliding", options={"window": 3})
    assert both.part("episodic") == MemorySpec(store="episodic")
    assert both.part("task") is None
    assert spec_of("sliding").with_options("sliding", window=3) == both.part("sliding")
    assert spec_of("episodic").with_options("sliding", window=3) == spec_of("episodic")


def test_what_any_member_pins_is_pinned(bank):
    bank.store("keyed", ("sum",)).put("city", "Maya lives in York.", pinned=True)
    bank.store("episodic", ("sum",)).put("food", "Maya eats no nuts.", pinned=True)
    for name in ("episodic+keyed", "keyed+episodic", "episodic+sliding"):
        memory = bank.store(name, ("sum",))
        pinned = {one.text for one in memory.pinned(memory.view(Query(text="")))}
        assert pinned == {"Maya eats no nuts."} | ({"Maya lives in York."} if "keyed" in name else set())
