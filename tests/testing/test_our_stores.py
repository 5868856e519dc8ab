"""Our own stores hold what a store's author is held to, unmodified."""

from __future__ import annotations

import pytest

from agentmem.bank import MemorySpec
from agentmem.bank.sources import record_id
from agentmem.records import Event, Trust
from agentmem.stores import (
    CompositeStore,
    EpisodicStore,
    FullHistory,
    MemoryStore,
    SlidingHistory,
    TruncatedHistory,
)
from agentmem.stores.entities.store import EntityMemory
from agentmem.stores.layered.presets import PRESETS
from agentmem.stores.profile.notes import Note
from agentmem.stores.profile.operations import Learn
from agentmem.stores.profile.operations import event_of as learnt_event
from agentmem.stores.profile.store import ProfileStore
from agentmem.stores.subgoal.operations import Close, Open
from agentmem.stores.subgoal.operations import event_of as subgoal_event
from agentmem.stores.task.operations import Activate, Add, Complete, Update, event_of
from agentmem.testing import StoreConformance, conformance
from agentmem.testing.conformance import checks
from agentmem.testing.samples import TALK

READING = ("isolation", "budget", "explained", "corrected", "changed_since", "expired", "forgotten")
"""What the baselines change of the episodic store; the rest of the suite is among the slow tests."""
SHARED = MemorySpec(
    store="composite",
    members=(MemorySpec(store="episodic"), MemorySpec(store="sliding", options={"window": 50})),
    options={"shared": ["acme/shared"], "weights": [2, 1]},
)

TASK = MemorySpec(store="task", options={"trim": "none"})
TRIP, CITY, HOTEL = (record_id(f"step-{n}", "task", 0) for n in range(3))
STEPS = tuple(
    event_of(operation, id=f"step-{n}", store="task", session=session)
    for n, (operation, session) in enumerate(
        (
            (Add(slot="Trip to the lighthouse", kind="task"), "one"),
            (Add(slot="city", value="Rome", parents=(TRIP,)), "one"),
            (Add(slot="hotel", value="Albergo", parents=(TRIP,), depends_on=(CITY,)), "two"),
            (Update(node=CITY, value="Oslo"), "two"),
            (Activate(node=HOTEL), "two"),
            (Complete(node=CITY, output="found"), "one"),
        )
    )
)
"""Operations on a forest, which can be said twice: a trip, two steps, what became of them."""
SAID = tuple(
    Event(actor="Ines", session=session, text=text)
    for session, text in (
        ("one", "I am planning a trip to the lighthouse."),
        ("one", "The city is Rome."),
        ("two", "Book a hotel for four nights."),
        ("two", "Actually, make the city Oslo."),
        ("two", "Wasn't it Rome?"),
        ("one", "Go back to Rome."),
    )
)


ERRAND = (
    Event(id="seen-0", type="observation", actor="house", session="errand", text="You are in the hall."),
    subgoal_event(Open(goal="fetch the lamp"), id="open-1", store="subgoal", session="errand"),
    Event(id="act-1", type="action", actor="agent", session="errand", text="go to the attic"),
    Event(
        id="seen-1",
        type="observation",
        actor="house",
        session="errand",
        text="You are in the attic. The lamp is in the attic.",
        caused_by=("act-1",),
        data={"facts": {"You are in the attic.": True, "The lamp is in the attic.": True}},
    ),
    subgoal_event(Open(goal="look for a cloth", parent=""), id="open-2", store="subgoal", session="errand"),
    Event(id="act-2", type="action", actor="agent", session="errand", text="open the chest"),
    subgoal_event(
        Close(node=record_id("open-2", "subgoal", 1)), id="close-2", store="subgoal", session="errand"
    ),
)
"""Steps of an errand under two subgoals; the last action was not answered."""


VALUES = tuple(
    Event(
        id=f"value-{n}",
        type="put",
        store="keyed",
        session=session,
        text=text,
        data={"key": key, "payload": {"n": n}, "metadata": {"n": n}},
    )
    for n, (key, text, session) in enumerate(
        (
            ("home", "The lighthouse stands in Rome.", "one"),
            ("hotel", "The hotel is the Albergo.", "one"),
            ("home", "The lighthouse stands in Oslo.", "two"),
            ("boat", "The boat leaves at four.", "two"),
        )
    )
)


TRACES = tuple(
    Event(
        id=f"trace-{n}",
        type="trace",
        actor="solver",
        session=session,
        text=text,
        data={"problem": f"p{n}", "solution": solution, "language": "python", "solved": True},
    )
    for n, (text, solution, session) in enumerate(
        (
            ("The lighthouse is turned.", "def transform(grid):\n    return rotate_half_turn(grid)\n", "one"),
            ("The boat is mirrored.", "def transform(grid):\n    return flip_left_right(grid)\n", "one"),
            (
                "The boat is turned, and mirrored.",
                "def transform(grid):\n    return rotate_half_turn(flip_left_right(grid))\n",
                "two",
            ),
        )
    )
)
"""Problems that were solved, in the routines of ARC."""


class TestConcept(StoreConformance):
    store = MemorySpec(store="concept", options={"abstractor": "code", "library": "arc"})
    samples = TRACES


LASTING = {**PRESETS["assistant"].model_dump(mode="json"), "otherwise": "life"}
"""A policy under which nothing fades within the days of the suite."""


class TestLayered(StoreConformance):
    store = MemorySpec(store="layered", options={"policy": LASTING})


LEARNT = tuple(
    learnt_event(
        Learn(notes=(Note(aspect=aspect, value=value, said=said),)),
        id=f"learn-{n}",
        store="profile",
        actor="Ines",
        session="one",
    )
    for n, (aspect, value, said) in enumerate(
        (
            ("length", "brief", "Two lines are enough, I read it at the lighthouse."),
            ("humour", "", "Never joke about the harbour, please."),
            ("life", "fact", "My brother keeps bees on the roof in Oslo."),
            ("length", "full", "Write as much as you like from now on."),
            ("knowledge", "expert", "I have repaired sextants for twenty years."),
        )
    )
)
"""Findings, as a reader makes them of what a user says."""


DERIVING = ("failed_derivation", "hanging_derivation", "derived_alike")
"""What is for stores whose samples are all read, and none an operation."""


class TestProfile(StoreConformance):
    store = ProfileStore
    samples = (*LEARNT, *TALK)
    only = tuple(check.__name__ for check in checks(slow=True) if check.__name__ not in DERIVING)


class TestProfileReading(StoreConformance):
    store = ProfileStore
    samples = tuple(one for one in TALK if one.trust is Trust.USER)
    only = DERIVING


NAMING = (
    Event(actor="Ines", session="one", text="Malcolm Thorpe has the key to the lighthouse in Oslo."),
    Event(actor="Tomas", session="one", text="Ask Malcolm whether Anna Berger comes to Rome with us."),
    Event(actor="blog", session="two", text="Anna Berger has opened a bakery in Rome.", trust=Trust.WEB),
)
"""Observations that name people and places."""


class TestEntities(StoreConformance):
    store = EntityMemory
    samples = NAMING


class TestKeyed(StoreConformance):
    store = MemorySpec(store="keyed")
    samples = VALUES


class TestEpisodic(StoreConformance):
    store = EpisodicStore


class TestCompositeWithShared(StoreConformance):
    store = SHARED
    only = (*READING, "round_trip", "hostile_text", "trusted", "restarted")


class TestTask(StoreConformance):
    store = TASK
    samples = STEPS


class TestTaskByRules(StoreConformance):
    store = MemorySpec(store="task", options={"trim": "rule"})
    samples = SAID
    only = (*READING, "rebuilt", "imported", "attached_late", "failed_derivation", "derived_alike", "trusted")


class TestTaskBesideEpisodic(StoreConformance):
    store = MemorySpec(store="composite", members=(MemorySpec(store="episodic"), TASK))
    samples = (*STEPS, *TALK)
    only = (*READING, "round_trip", "hostile_text", "trusted", "restarted")


class TestSubgoal(StoreConformance):
    store = MemorySpec(store="subgoal")
    samples = ERRAND


class TestFullHistory(StoreConformance):
    store = FullHistory
    only = READING


class TestTruncatedHistory(StoreConformance):
    store = TruncatedHistory
    only = READING


class TestSlidingHistory(StoreConformance):
    store = SlidingHistory
    only = READING


@pytest.mark.slow
@pytest.mark.parametrize("store", [FullHistory, TruncatedHistory, SlidingHistory, CompositeStore, SHARED])
def test_every_reader_passes_the_whole_suite(store: type[MemoryStore] | MemorySpec) -> None:
    report = conformance(store)
    assert report.passed, str(report)


@pytest.mark.slow
@pytest.mark.parametrize("store", [EpisodicStore, SHARED], ids=["episodic", "composite"])
def test_receipts_are_good_though_the_process_is_killed(store: type[MemoryStore] | MemorySpec) -> None:
    report = conformance(store, only=["killed"])
    assert not report.failed, str(report)
