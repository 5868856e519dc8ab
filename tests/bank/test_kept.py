"""Records that are kept from one read to the next are what a read anew gives."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentmem.bank import Bank
from agentmem.bank.kept import Kept
from agentmem.config import Settings
from agentmem.errors import NotApplicable

HOME = ("a",)


@pytest.fixture
def bank(tmp_path):
    with Bank(tmp_path / "m.db", settings=Settings(embedder="hashing")) as bank:
        yield bank


STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "correct", "retract", "forget", "rebuild"]), st.integers(0, 3))
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(steps=STEPS)
def test_what_is_shared_is_what_is_read(tmp_path_factory, steps):
    with Bank(tmp_path_factory.mktemp("kept") / "m.db", settings=Settings(embedder="hashing")) as bank:
        memory = bank.store("episodic", HOME)
        for what, n in steps:
            known = [record.id for record in memory.select()]
            some = known[n : n + 1]
            if what == "put":
                memory.put(f"key {n}", f"value {len(known)}")
            elif what == "rebuild":
                bank.rebuild(HOME, "episodic")
            elif some and what == "forget":
                bank.forget(HOME, records=some)
            elif some:
                try:
                    memory.correct(some[0], "other") if what == "correct" else memory.retract(some)
                except NotApplicable:
                    continue
            ids = [*known, *(record.id for record in memory.select()), "unknown"]
            view = bank.view(HOME)
            assert view.shared(ids) == view.get(ids)
            early = view.as_of(view.seen // 2)
            assert early.shared(ids) == early.get(ids)


def test_what_is_forgotten_is_held_no_more(bank):
    memory = bank.store("episodic", HOME)
    receipt = memory.observe("a secret")[0]
    assert [record.text for record in bank.view(HOME).shared([receipt.event_id])] == ["a secret"]
    bank.forget(HOME, events=[receipt.event_id])
    assert bank.library.kept._records == {}


def test_of_many_the_latest_are_kept(bank):
    memory = bank.store("episodic", HOME)
    ids = [receipt.event_id for receipt in memory.observe(*(f"text {n}" for n in range(9)))]
    kept = Kept(most=3)
    with bank.database.read() as connection:
        seen = bank.view(HOME).seen
        first = kept.by_ids(connection, bank.numbers(HOME), ids, seen)
        assert [record.text for record in first] == [f"text {n}" for n in range(9)]
        again = kept.by_ids(connection, bank.numbers(HOME), ids, seen)
    assert again == first
    assert again[-1] is first[-1]
    assert again[0] is not first[0]


def test_looks_of_one_moment_see_one_state(bank):
    memory = bank.store("episodic", HOME)
    memory.observe("one")
    view = bank.view(HOME)
    with view.at_once():
        before = view.select()
        memory.observe("two")
        assert view.select() == before
    assert len(bank.view(HOME).select()) == 2
