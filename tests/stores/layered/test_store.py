"""Items begin, move, are used, reflected on and corrected; time passes; nothing is deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentmem.bank import Bank
from agentmem.errors import InvalidInput, NotApplicable, NotFound, Refused
from agentmem.records import Event, Record, State, Trust
from agentmem.stores.layered.presets import FINMEM, PRESETS
from agentmem.stores.layered.store import LayeredMemory

HOME = ("desk",)
START = datetime(2024, 3, 8, 9, tzinfo=UTC)  # two days before American clocks change


def days(n: float) -> timedelta:
    return timedelta(days=n)


def record(memory: LayeredMemory, id: str) -> Record:
    (found,) = memory.get([id])
    return found


def layer_of(memory: LayeredMemory, id: str) -> object:
    return record(memory, id).payload["layer"]


def whys(memory: LayeredMemory, id: str) -> list[str]:
    return [version.why for version in memory.history(id)]


# Beginnings


@pytest.mark.parametrize(
    ("kind", "importance", "layer"),
    [
        ("news", 40, "shallow"),
        ("news", 60, "intermediate"),
        ("news", 80, "deep"),
        ("quarterly", 60, "intermediate"),
        ("annual", 80, "deep"),
        ("annual", 10, "deep"),
        ("rumour", 40, "shallow"),
    ],
)
def test_kind_and_importance_say_where_an_item_begins(
    memory: LayeredMemory, kind: str, importance: float, layer: str
):
    id = memory.note("quince", kind=kind, importance=importance, time=START)
    item = record(memory, id)
    assert (item.type, item.payload["layer"], item.payload["rated"]) == (kind, layer, "given")
    assert item.payload["importance"] == importance
    assert item.time == START


def test_an_event_may_name_layer_kind_and_metadata_in_its_data(memory: LayeredMemory):
    data = {
        "kind": "annual",
        "layer": "intermediate",
        "importance": 62,
        "symbol": "AAA",
        "tags": ["x"],
        "year": 2023,
    }
    memory.observe(Event(text="quince", time=START, data=data))
    (item,) = memory.select()
    assert (item.type, item.payload["layer"]) == ("annual", "intermediate")
    assert item.metadata == {"symbol": "AAA", "year": 2023}


def test_importances_are_drawn_as_the_policy_says_and_alike_in_every_bank(
    opened: Callable[..., LayeredMemory], open_bank: Callable[..., Bank]
):
    one, other = opened(open_bank("one.db")), opened(open_bank("other.db"))
    for memory in (one, other):
        memory.observe(*(Event(id=f"e{n}", type="news", text=f"quince {n}", time=START) for n in range(300)))
    drawn = [item.payload["importance"] for item in one.select()]
    assert drawn == [item.payload["importance"] for item in other.select()]
    shares = {choice.importance: choice.share for choice in FINMEM.ladder[0].drawn}
    assert set(drawn) == set(shares)
    for importance, share in shares.items():
        assert drawn.count(importance) / len(drawn) == pytest.approx(share, abs=0.08)


@pytest.mark.parametrize("importance", [101, -1, True, "high"])
def test_an_importance_that_is_none_is_refused_by_name(memory: LayeredMemory, importance: Any):
    with pytest.raises(InvalidInput, match="importance"):
        memory.note("quince", importance=importance)
    assert memory.select() == []


def test_a_layer_that_is_not_there_is_refused_and_named(memory: LayeredMemory):
    with pytest.raises(InvalidInput, match=r"no layer 'abyss'.*shallow, intermediate, deep, reflection"):
        memory.note("quince", layer="abyss")


def test_an_observation_with_a_wrong_importance_is_kept_and_pending(memory: LayeredMemory):
    (receipt,) = memory.observe(Event(text="quince", data={"importance": 1000}))
    assert receipt.status == "stored"
    (pending,) = memory.pending()
    assert pending.state == "failed"
    assert [event.text for event in memory.bank.view(HOME).events()] == ["quince"]


def test_what_has_no_text_is_no_item(memory: LayeredMemory):
    memory.observe(Event(text="  ", data={"a": 1}))
    assert memory.select() == []


# Time


def test_advance_moves_what_is_due_and_says_why(memory: LayeredMemory):
    id = memory.note("quince", kind="annual", importance=80, time=START)
    memory.advance(START + days(10))
    assert record(memory, id).version == 1
    memory.advance(START + days(30))
    assert layer_of(memory, id) == "shallow"
    first, second = whys(memory, id)
    assert first == ""
    assert second.startswith("demoted to intermediate on 2024-03-19")
    assert "importance 70.0 fell under 70; demoted to shallow on 2024-03-29" in second
    memory.advance(START + days(60))
    assert record(memory, id).state is State.FADED
    assert "faded from shallow" in whys(memory, id)[-1]
    assert record(memory, id).due_at is None


def test_fading_never_deletes(memory: LayeredMemory):
    ids = [memory.note(f"quince {n}", kind="news", time=START) for n in range(20)]
    memory.advance(START + days(400))
    assert {record(memory, id).state for id in ids} == {State.FADED}
    assert len(memory.bank.view(HOME).events()) == 20
    assert {
        hit.id for hit in memory.recall("quince", at=START + days(400), k=50, states=(State.FADED,))
    } == set(ids)
    assert memory.bank.verify() == []


def test_time_does_not_go_back_but_a_query_may_ask_any_past_moment(memory: LayeredMemory):
    id = memory.note("quince", kind="news", importance=40, time=START)
    memory.advance(START + days(30))
    with pytest.raises(Refused, match="time cannot go back"):
        memory.advance(START + days(29))
    memory.advance(START + days(30))
    assert [hit.id for hit in memory.recall("quince", at=START + days(2))] == [id]


def test_an_advance_that_went_too_far_is_taken_back_by_forgetting_it(memory: LayeredMemory):
    id = memory.note("quince", kind="news", importance=40, time=START)
    (receipt,) = memory.advance(START + days(36_500))
    assert record(memory, id).state is State.FADED
    assert [hit.id for hit in memory.recall("quince", at=START + days(1))] == [id]
    memory.bank.forget(HOME, events=[receipt.event_id])
    assert record(memory, id).state is State.LIVE
    memory.advance(START + days(1))


def test_a_day_is_24_hours_where_clocks_change(memory: LayeredMemory):
    id = memory.note("quince", kind="annual", importance=40, time=START)
    for hours, layer in ((23.99, "deep"), (24, "shallow")):
        stand = memory.standing(id, START + timedelta(hours=hours))
        assert stand is not None
        assert stand.layer == layer


def test_coming_moves_can_be_asked_for(memory: LayeredMemory):
    id = memory.note("quince", kind="annual", importance=80, time=START)
    coming = memory.moves(id, START + days(100))
    assert [(move.kind, move.source, move.target) for move in coming] == [
        ("demoted", "deep", "intermediate"),
        ("demoted", "intermediate", "shallow"),
        ("faded", "shallow", "shallow"),
    ]
    memory.advance(START + days(100))
    assert memory.moves(id, START + days(100)) == coming
    assert memory.standing(id, START - days(1)) is None


def test_the_population_is_told_by_layer(memory: LayeredMemory):
    for n in range(3):
        memory.note(f"quince {n}", kind="news", importance=40, time=START + days(n))
    memory.note("medlar", kind="annual", importance=80, time=START)
    assert memory.population(START) == {
        "shallow": 1,
        "intermediate": 0,
        "deep": 1,
        "reflection": 0,
        "faded": 0,
    }
    later = memory.population(START + days(300))
    assert later["faded"] == 4


def test_survival_counts_what_is_still_there(memory: LayeredMemory):
    for n in range(10):
        memory.note(f"quince {n}", kind="news", importance=40, time=START + days(n))
    told = memory.survival(START + days(25))["shallow"]
    assert (told.items, told.faded) == (10, 6)
    assert told.days[0] == pytest.approx(19.74, abs=0.01)
    assert memory.survival(START + days(25))["deep"].items == 0


# Uses


def test_good_uses_raise_and_promote_bad_ones_lower(memory: LayeredMemory):
    id = memory.note("quince", kind="news", importance=57, time=START)
    memory.feedback([id], "helped", time=START)
    assert layer_of(memory, id) == "intermediate"
    assert record(memory, id).payload["importance"] == 62
    assert "promoted to intermediate" in whys(memory, id)[-1]
    memory.feedback([id], "harmed", time=START + days(1))
    assert record(memory, id).payload["importance"] == pytest.approx(62 * 0.967 - 5)


@pytest.mark.parametrize(
    ("kind", "value", "added"),
    [
        ("helped", 1, 5),
        ("used", 0.5, 2.5),
        ("helped", 9, 5),
        ("harmed", 1, -5),
        ("profit", 1234.5, 5),
        ("profit", -3, -5),
        ("profit", 0, 0),
        ("helped", -1, -5),
    ],
)
def test_what_a_use_is_worth(memory: LayeredMemory, kind: str, value: float, added: float):
    id = memory.note("quince", kind="news", importance=40, time=START)
    memory.feedback([id], kind, value, time=START)
    assert record(memory, id).payload["importance"] == 40 + added


def test_a_good_use_brings_back_what_has_faded(memory: LayeredMemory):
    id = memory.note("quince", kind="news", importance=40, time=START)
    memory.advance(START + days(60))
    memory.feedback([id], "harmed", time=START + days(61))
    assert record(memory, id).state is State.FADED
    memory.feedback([id], "helped", time=START + days(61))
    assert record(memory, id).state is State.LIVE
    assert "revived" in whys(memory, id)[-1]
    assert [hit.id for hit in memory.recall("quince", at=START + days(61))] == [id]


@pytest.mark.parametrize("policy", list(PRESETS))
def test_what_is_revived_stays_for_a_while(opened: Callable[..., LayeredMemory], bank: Bank, policy: str):
    memory = opened(bank, policy=policy)
    id = memory.note("quince", importance=40, time=START)
    memory.feedback([id], "helped", time=START + days(300))
    assert memory.population(START + days(300.5))["faded"] == 0


def test_items_of_long_ago_fade_and_those_that_no_calendar_ends_stand(
    opened: Callable[..., LayeredMemory], bank: Bank
):
    memory = opened(bank)
    old = memory.note("quince", kind="news", importance=40, time=datetime(1901, 1, 1, tzinfo=UTC))
    stand = memory.standing(old, datetime(1902, 1, 1, tzinfo=UTC))
    assert stand is not None
    assert stand.faded
    late = memory.note("medlar", kind="news", importance=40, time=datetime(9999, 12, 30, tzinfo=UTC))
    stand = memory.standing(late, datetime(9999, 12, 31, tzinfo=UTC))
    assert stand is not None
    assert stand.next_move is None
    assert memory.moves(late, datetime(9999, 12, 31, tzinfo=UTC)) == []


def test_what_hardly_decays_stands_without_end(opened: Callable[..., LayeredMemory], bank: Bank):
    policy = {"ladder": [{"name": "all", "stability": 1e6, "retention": 1}]}
    memory = opened(bank, policy=policy)
    id = memory.note("quince", importance=40, time=START)
    stand = memory.standing(id, START)
    assert stand is not None
    assert (stand.faded, stand.next_move) == (False, None)


def test_what_says_nothing_is_refused(memory: LayeredMemory):
    id = memory.note("quince", time=START)
    for say in (lambda: memory.note("  "), lambda: memory.reflect("", [id])):
        with pytest.raises(InvalidInput, match="text"):
            say()


def test_a_memory_in_use_lives_on(memory: LayeredMemory):
    used = memory.note("quince", kind="news", importance=40, time=START)
    idle = memory.note("medlar", kind="news", importance=40, time=START)
    for n in range(1, 100):
        memory.feedback([used], "helped", time=START + days(n))
    end = START + days(100)
    memory.advance(end)
    assert record(memory, used).state is State.LIVE
    assert record(memory, idle).state is State.FADED


# Reflections and ratings


def test_a_reflection_rests_on_what_it_is_about(memory: LayeredMemory):
    web = memory.note("quince rises", kind="news", time=START, trust=Trust.WEB, id="web")
    said = memory.note("quince falls", kind="news", time=START, id="said")
    thought = memory.reflect("quince moves", [web, said], time=START + days(1), importance=80)
    item = record(memory, thought)
    assert (item.payload["layer"], item.type, item.trust) == ("reflection", "reflection", Trust.WEB)
    assert set(item.sources) >= {"web", "said"}
    links = memory.bank.view(HOME, store="layered").links([thought], "reflects", "out")
    assert {link.target for link in links} == {web, said}
    memory.bank.forget(HOME, events=["web"])
    assert memory.get([thought]) == []
    assert [item.id for item in memory.select()] == [said]
    with pytest.raises(NotFound):
        memory.reflect("on nothing", ["nobody"])
    with pytest.raises(InvalidInput):
        memory.reflect("on nothing", [])


def test_a_rating_replaces_a_drawn_importance_once(memory: LayeredMemory):
    id = memory.note("quince", kind="news", time=START)
    memory.rate(id, 85, "a merger", time=START)
    assert (layer_of(memory, id), record(memory, id).payload["importance"]) == ("deep", 85)
    assert whys(memory, id)[-1].startswith("rated 85: a merger; promoted to intermediate")
    with pytest.raises(NotApplicable):
        memory.rate(id, 20)


# Shared operations


def test_a_correction_stands_where_the_wrong_item_stood(memory: LayeredMemory):
    id = memory.note("quince is 9", kind="annual", importance=80, time=START)
    memory.feedback([id], "helped", time=START + days(1))
    memory.correct(id, "quince is 8", "a misprint", time=START + days(2))
    (hit,) = memory.recall("quince", at=START + days(2))
    assert (hit.text, hit.record.payload["layer"]) == ("quince is 8", "deep")
    memory.advance(START + days(400))
    assert record(memory, hit.id).state is State.FADED
    assert record(memory, id).state is State.SUPERSEDED


def test_what_is_put_begins_and_said_again_stands_where_it_stood(memory: LayeredMemory):
    memory.put("name", "my name is Ines", type="annual", payload={"importance": 80}, time=START)
    (item,) = memory.select()
    assert item.payload["layer"] == "deep"
    memory.put("name", "my name is Ines", type="annual", payload={"importance": 80}, time=START + days(3))
    (again,) = memory.select()
    assert (again.payload["entered"], len(again.sources)) == (item.payload["entered"], 2)
    memory.put("name", "my name is Inés", type="annual", payload={"importance": 80}, time=START + days(5))
    (new,) = memory.select()
    assert new.payload["entered"] == (START + days(5)).isoformat()


def test_a_payload_that_pretends_to_stand_somewhere_does_not(memory: LayeredMemory):
    forged = {
        "layer": "deep",
        "began": ["x"],
        "entered": "soon",
        "since": 4,
        "importance": 70,
        "rated": "given",
    }
    memory.put("name", "quince", payload=forged, time=START)
    (item,) = memory.select()
    assert (item.payload["layer"], item.payload["entered"]) == ("deep", START.isoformat())
    assert [hit.id for hit in memory.recall("quince", at=START)] == [item.id]


def test_what_is_retracted_neither_moves_nor_comes_back(memory: LayeredMemory):
    id = memory.note("quince", kind="annual", importance=80, time=START)
    memory.retract([id], "a hoax")
    memory.advance(START + days(100))
    assert record(memory, id).state is State.RETRACTED
    memory.feedback([id], "helped", time=START + days(101))
    assert record(memory, id).state is State.RETRACTED
    assert memory.recall("quince", at=START + days(1)) == []


def test_undoing_a_fading_revives(memory: LayeredMemory):
    id = memory.note("quince", kind="news", importance=40, time=START)
    memory.advance(START + days(60))
    memory.undo(id, "needed")
    assert record(memory, id).state is State.LIVE
    assert "revived" in whys(memory, id)[-1]


def test_what_is_forgotten_is_gone_and_the_rest_stands(memory: LayeredMemory):
    gone = memory.note("quince secret", kind="annual", importance=80, time=START, id="gone")
    kept = memory.note("quince open", kind="annual", importance=80, time=START, id="kept")
    memory.advance(START + days(15))
    memory.feedback([gone, kept], "helped", time=START + days(16))
    memory.bank.forget(HOME, events=["gone"])
    assert [hit.id for hit in memory.recall("quince", at=START + days(17), k=9, floor=False)] == [kept]
    assert memory.get([gone]) == []
    assert memory.bank.verify() == []
    assert record(memory, kept).payload["importance"] > 60


def test_a_rebuilt_and_an_imported_memory_stand_alike(memory: LayeredMemory, open_bank: Callable[..., Bank]):
    for n in range(12):
        memory.note(f"quince {n}", kind=("news", "annual")[n % 2], time=START + days(n), id=f"e{n}")
    ids = [one.id for one in memory.select()]
    memory.advance(START + days(14))
    memory.feedback(ids[:4], "helped", time=START + days(15))
    memory.reflect("many quinces", ids[:2], time=START + days(15))
    memory.advance(START + days(40))
    before = [(one.id, one.version, one.state, one.payload, one.due_at) for one in memory.select()]
    memory.bank.rebuild(HOME)
    assert [(one.id, one.version, one.state, one.payload, one.due_at) for one in memory.select()] == before
