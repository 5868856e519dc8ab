"""Values under keys: what is forgotten leaves the others as they are, and as the journal makes them."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.config import Settings
from agentmem.records import Trust

HOME = ("a",)
PUT = st.tuples(st.just("put"), st.integers(0, 2), st.integers(0, 2), st.sampled_from(list(Trust)))
OTHER = st.tuples(
    st.sampled_from(["forget", "retract", "correct"]), st.integers(0, 3), st.just(0), st.just(Trust.USER)
)


def test_forgetting_one_value_makes_no_other_anew():
    with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
        memory = bank.store("keyed", HOME)
        for n in range(5):
            memory.put(f"key {n}", f"value {n}")
            memory.put(f"key {n}", f"value {n} again")
        gone, *others = memory.select()
        report = bank.forget(HOME, records=[gone.id])
        assert report.rebuilt == ()
        assert len(report.operations) == 2
        assert memory.select() == others


def test_what_was_said_again_with_less_trust_stands_once_the_first_is_forgotten():
    with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
        memory = bank.store("keyed", HOME)
        memory.put("key", "value", trust=Trust.USER)
        memory.put("key", "value", trust=Trust.AGENT)
        (first,) = memory.select()
        bank.forget(HOME, records=[first.id])
        (left,) = memory.select()
        assert (left.text, left.trust) == ("value", Trust.AGENT)
        assert bank.verify() == []


@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.one_of(PUT, PUT, OTHER), max_size=14))
def test_what_stands_after_forgetting_is_what_the_journal_makes(steps):
    with Bank("sqlite://", settings=Settings(embedder="hashing")) as bank:
        memory = bank.store("keyed", HOME)
        for what, key, value, trust in steps:
            if what == "put":
                memory.put(f"key {key}", f"value {value}", trust=trust)
                continue
            standing = [record for record in memory.select() if record.state == "live"]
            for record in standing[key : key + 1]:
                if what == "forget":
                    bank.forget(HOME, records=[record.id])
                elif what == "retract":
                    memory.retract([record.id])
                else:
                    memory.correct(record.id, "corrected")
        before = {record.id: record for record in memory.select()}
        bank.rebuild(HOME, "keyed")
        after = {record.id: record for record in memory.select()}
        assert {id: record.text for id, record in after.items()} == {
            id: one.text for id, one in before.items()
        }
        assert {id: record.state for id, record in after.items()} == {
            id: one.state for id, one in before.items()
        }
        assert bank.verify() == []
