"""What each operation on a forest does: values and their history, trust, lateness, one node for another."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.records import ALTERNATIVE, Event, Trust
from agentmem.stores.task import operations
from agentmem.stores.task.edges import Cycle
from agentmem.stores.task.node import Status


def values(task, id):
    return [one.value for one in task.revisions(id)]


# Values


def test_a_value_is_never_overwritten(task):
    node = task.add("city", value="Rome")
    for value in ("Oslo", "Rome", "Cork"):
        task.update(node.id, value, why=f"said {value}")
    assert values(task, node.id) == ["Rome", "Oslo", "Rome", "Cork"]
    assert [one.current for one in task.revisions(node.id)] == [False, False, False, True]
    assert [one.why for one in task.revisions(node.id)][1:] == ["said Oslo", "said Rome", "said Cork"]
    assert len({one.event_id for one in task.revisions(node.id)}) == 4


def test_rollbacks_go_back_one_further_each_time(task):
    node = task.add("city")
    for value in ("A", "B", "C"):
        task.update(node.id, value)
    assert [task.rollback(node.id).value for _ in range(3)] == ["B", "A", None]
    with pytest.raises(NotApplicable, match="'city' is open"):
        task.rollback(node.id)
    assert values(task, node.id) == ["A", "B", "C", "B", "A", None]
    assert task.node(node.id).is_open


def test_a_rollback_to_a_value_goes_on_from_what_was_before_it(task):
    node = task.add("city")
    for value in ("A", "B", "C", "D"):
        task.update(node.id, value)
    assert task.rollback(node.id, to="b").value == "B"
    assert task.rollback(node.id).value == "A"
    with pytest.raises(NotApplicable, match=r"never had the value 'Z'.*'A', 'B', 'C', 'D'"):
        task.rollback(node.id, to="Z")
    assert task.node(node.id).value == "A"


def test_a_step_that_was_opened_again_goes_back_to_a_value_by_name(task):
    node = task.add("city", value="A")
    assert task.rollback(node.id).is_open
    assert task.rollback(node.id, to="A").value == "A"


def test_a_new_value_after_a_rollback_forgets_nothing(task):
    node = task.add("city", value="A")
    task.update(node.id, "B")
    task.rollback(node.id)
    task.update(node.id, "C")
    assert task.rollback(node.id).value == "A"
    assert values(task, node.id) == ["A", "B", "A", "C", "A"]


def test_a_step_without_a_value_is_rolled_back_itself_and_a_value_brings_it_back(task):
    node = task.add("city")
    assert task.rollback(node.id).status is Status.ROLLED_BACK
    assert not task.node(node.id).is_open
    assert task.update(node.id, "Rome").status is Status.PENDING


def test_the_same_value_again_is_no_revision(task):
    node = task.add("city", value="Rome")
    task.update(node.id, "  ROME ")
    assert values(task, node.id) == ["Rome"]


def test_what_is_said_late_enters_the_history_and_not_the_present(task, clock):
    start = clock.now
    node = task.add("city", value="A", time=start)
    task.update(node.id, "C", time=start + timedelta(hours=5))
    clock.forward(hours=9)
    assert task.update(node.id, "B", time=start + timedelta(hours=3)).value == "C"
    assert values(task, node.id) == ["A", "B", "C"]
    assert task.rollback(node.id, to="B").value == "B"
    assert task.rollback(node.id).value == "A"  # what stood when it was said


def test_a_rollback_that_comes_late_takes_nothing_back(task, clock):
    start = clock.now
    node = task.add("city", value="A", time=start)
    task.update(node.id, "B", time=start + timedelta(hours=5))
    clock.forward(hours=9)
    assert task.rollback(node.id, time=start + timedelta(hours=1)).value == "B"


def test_what_is_confirmed_late_settles_nothing(task, clock):
    start = clock.now
    needed = task.add("city", value="Rome", time=start)
    hotel = task.add("hotel", value="Roma", depends_on=[needed.id], time=start + timedelta(hours=2))
    task.update(needed.id, "Oslo", time=start + timedelta(hours=3))
    clock.forward(hours=9)
    task.update(hotel.id, "Roma", time=start + timedelta(hours=1))
    assert set(task.graph().stale) == {hotel.id}
    task.update(hotel.id, "Roma")
    assert not task.graph().stale


@pytest.mark.parametrize("blank", ["", "   ", "\n"])
def test_a_blank_title_or_value_is_refused(task, blank):
    node = task.add("city")
    with pytest.raises(InvalidInput, match="slot"):
        task.add(blank)
    with pytest.raises(InvalidInput, match="value"):
        task.update(node.id, blank)


def test_an_undertaking_has_no_value(task):
    trip = task.add("trip", kind="task")
    for refused in (lambda: task.update(trip.id, "x"), lambda: task.add("t", kind="task", value="x")):
        with pytest.raises(InvalidInput, match="undertaking, which has no value"):
            refused()
    assert len(task.graph().nodes) == 1


# Trust


def test_less_trust_stands_beside_the_value_as_an_alternative(task):
    node = task.add("city", value="Rome")
    assert task.update(node.id, "Oslo", trust=Trust.WEB).value == "Rome"
    beside = task.select('type = "alternative"')[0]
    assert (beside.payload["value"], beside.trust) == ("Oslo", Trust.WEB)
    links = task.bank.view(task.namespace, store="task").links([node.id], ALTERNATIVE)
    assert [link.source for link in links] == [beside.id]
    assert list(task.graph().nodes) == [node.id]


@pytest.mark.parametrize(
    "take",
    [
        lambda task, id: task.rollback(id, trust=Trust.AGENT),
        lambda task, id: task.replace(id, "town", value="Oslo", trust=Trust.AGENT),
        lambda task, id: task.merge(task.add("town", value="Oslo").id, id, trust=Trust.AGENT),
    ],
    ids=["rollback", "replace", "merge"],
)
def test_less_trust_takes_no_value_away(task, take):
    node = task.add("city", value="Rome")
    with pytest.raises(Refused, match="'city' was settled by somebody trusted as 'user'"):
        take(task, node.id)
    assert task.graph().nodes[node.id].value == "Rome"


def test_the_trust_of_a_value_is_that_of_who_said_it_whoever_merges(task):
    kept, twin = task.add("city"), task.add("town", value="Rome")
    assert task.merge(kept.id, twin.id, trust=Trust.AGENT).value == "Rome"
    assert task.update(kept.id, "Oslo", trust=Trust.AGENT).value == "Rome"


@pytest.mark.parametrize("made_by", [Trust.USER, Trust.AGENT])
def test_a_correction_of_less_trust_is_no_node(task, made_by):
    node = task.add("city", trust=made_by)
    task.update(node.id, "Rome")
    task.correct(node.id, "Oslo", trust=Trust.WEB)
    assert [one.value for one in task.graph().nodes.values()] == ["Rome"]
    assert [one.payload["value"] for one in task.select('type = "alternative"')] == ["Oslo"]


def test_more_trust_takes_a_value_over_by_confirming_it(task):
    node = task.add("city", value="Rome", trust=Trust.WEB)
    assert task.update(node.id, "rome").trust is Trust.USER
    assert task.update(node.id, "Oslo", trust=Trust.AGENT).value == "Rome"


# One node for another


def test_a_correction_takes_the_place_of_a_node(task):
    trip, day = task.add("trip", kind="task"), task.add("day", value="Monday")
    city = task.add("city", value="Rome", parent=trip.id, depends_on=[day.id])
    hotel = task.add("hotel", value="Roma", depends_on=[city.id])
    task.correct(city.id, "Oslo", why="misheard")
    graph = task.graph()
    new = next(node for node in graph.nodes.values() if node.slot == "city")
    assert (new.value, task.node(city.id).status) == ("Oslo", Status.SUPERSEDED)
    assert graph.children(trip.id) == [new.id]
    assert [(edge.source, edge.target) for edge in graph.needs] == [(new.id, day.id), (hotel.id, new.id)]
    assert graph.stale == {hotel.id: new.id}
    assert task.rollback(new.id).value == "Rome"
    assert values(task, new.id) == ["Rome", "Oslo", "Rome"]


def test_a_correction_of_an_undertaking_is_its_title(task):
    trip = task.add("trip", kind="task")
    task.correct(trip.id, "journey")
    assert [(node.kind, node.slot, node.value) for node in task.graph().nodes.values()] == [
        ("task", "journey", None)
    ]


def test_a_correction_by_another_node_closes_no_cycle(task):
    city = task.add("city", value="Rome")
    area = task.add("area", depends_on=[city.id])
    hotel = task.add("hotel", depends_on=[area.id])
    with pytest.raises(Cycle, match="'city' depends on 'hotel' depends on 'area' depends on 'city'"):
        task.correct(hotel.id, by=city.id)
    note = task.put("note", "Rome")
    by = task.select('key = "note"')[0].id
    with pytest.raises(InvalidInput, match="is no task node"):
        task.correct(city.id, by=by)
    assert note.status == "stored"
    assert len(task.graph().nodes) == 3


def test_a_node_that_took_a_place_gives_it_back_when_that_is_undone(task):
    trip = task.add("trip", kind="task")
    city = task.add("city", value="Rome", parent=trip.id)
    hotel = task.add("hotel", value="Roma", depends_on=[city.id])
    town = task.replace(city.id, "town", value="Oslo")
    task.update(hotel.id, "Nord")
    task.undo(city.id)
    graph = task.graph()
    assert set(graph.nodes) == {trip.id, city.id, hotel.id}
    assert graph.children(trip.id) == [city.id]
    assert graph.stale == {hotel.id: city.id}  # it was settled for Oslo
    task.undo(town.id)
    assert task.graph().children(trip.id) == [town.id]
    assert set(task.graph().stale) == {hotel.id}


def test_what_is_retracted_leaves_the_forest_and_comes_back_with_its_edges(task):
    trip = task.add("trip", kind="task")
    city = task.add("city", value="Rome", parent=trip.id)
    hotel = task.add("hotel", parent=city.id, depends_on=[city.id])
    task.retract([city.id])
    assert set(task.graph().nodes) == {trip.id, hotel.id}
    assert task.graph().roots == [trip.id, hotel.id]
    with pytest.raises(NotApplicable, match=r"\(city\) does not stand any more"):
        task.update(city.id, "Oslo")
    task.undo(city.id)
    assert task.graph().children(trip.id) == [city.id]
    assert task.graph().children(city.id) == [hotel.id]


def test_an_edge_of_what_was_retracted_can_be_taken_away(task):
    city, area, hotel = (task.add(title) for title in ("city", "area", "hotel"))
    task.depend(city.id, area.id)
    task.depend(area.id, hotel.id)
    task.retract([area.id])
    with pytest.raises(Cycle, match="'hotel' depends on 'city' depends on 'area' depends on 'hotel'"):
        task.depend(hotel.id, city.id)
    task.depend(city.id, area.id, holds=False)
    task.depend(hotel.id, city.id)
    task.undo(area.id)
    assert {(edge.source, edge.target) for edge in task.graph().needs} == {
        (area.id, hotel.id),
        (hotel.id, city.id),
    }


def test_a_merged_node_keeps_its_value_and_what_was_before_it(task):
    kept, twin = task.add("city", value="A"), task.add("town", value="X")
    task.update(kept.id, "B")
    hotel = task.add("hotel", value="h", depends_on=[twin.id])
    assert task.merge(kept.id, twin.id).value == "B"
    assert task.graph().stale == {hotel.id: kept.id}
    assert task.rollback(kept.id).value == "A"


def test_a_merged_node_takes_the_value_where_it_has_none(task):
    kept, twin = task.add("city"), task.add("town", value="X")
    assert task.merge(kept.id, twin.id).value == "X"
    assert task.rollback(kept.id).is_open


def test_a_merge_hides_nothing_stale(task):
    day = task.add("day", value="Monday")
    kept, twin = task.add("city", value="Rome"), task.add("town", value="rome", depends_on=[day.id])
    hotel = task.add("hotel", value="Roma", depends_on=[twin.id])
    menu = task.add("menu", value="pasta", depends_on=[hotel.id])
    beside = task.add("map", value="of Rome", depends_on=[kept.id])
    task.update(day.id, "Friday")
    assert set(task.graph().stale) == {twin.id, hotel.id, menu.id}
    task.merge(kept.id, twin.id)
    assert task.graph().stale == {
        kept.id: day.id,
        hotel.id: kept.id,
        menu.id: kept.id,
        beside.id: kept.id,
    }
    task.update(kept.id, "Rome")
    assert set(task.graph().stale) == {hotel.id, menu.id, beside.id}


def test_a_merge_where_nothing_is_stale_makes_nothing_stale(task):
    kept, twin = task.add("city", value="Rome"), task.add("town", value="rome")
    hotel = task.add("hotel", value="Roma", depends_on=[twin.id])
    task.add("map", value="of Rome", depends_on=[kept.id])
    task.merge(kept.id, twin.id)
    graph = task.graph()
    assert graph.stale == {}
    assert (hotel.id, kept.id) in {(edge.source, edge.target) for edge in graph.needs}


def test_the_node_that_stays_is_as_stale_as_before(task):
    day = task.add("day", value="Monday")
    kept = task.add("city", value="Rome", depends_on=[day.id])
    task.update(day.id, "Friday")
    task.merge(kept.id, task.add("town", value="Oslo").id)
    assert task.graph().stale == {kept.id: day.id}
    town = task.add("village", value="Cork")
    task.correct(town.id, by=kept.id)
    assert task.graph().stale == {kept.id: day.id}
    task.depend(kept.id, day.id, holds=False)
    assert task.graph().stale == {}


def needs(task):
    return {(edge.source, edge.target) for edge in task.graph().needs}


def test_a_merge_that_is_undone_gives_each_its_edges_back(task):
    trip, party = task.add("trip", kind="task"), task.add("party", kind="task")
    day, guests = task.add("day", value="Monday"), task.add("guests", value="two")
    kept = task.add("city", value="Rome", parent=trip.id, depends_on=[day.id])
    twin = task.add("town", value="Rome", parent=[trip.id, party.id], depends_on=[day.id, guests.id])
    hotel = task.add("hotel", value="Roma", parent=twin.id, depends_on=[twin.id])
    both = task.add("map", value="of Rome", depends_on=[kept.id, twin.id])
    before = task.graph()
    task.merge(kept.id, twin.id)
    assert needs(task) == {(kept.id, day.id), (kept.id, guests.id), (hotel.id, kept.id), (both.id, kept.id)}
    bag = task.add("bag", depends_on=[kept.id])
    task.undo(twin.id)
    graph = task.graph()
    for id in (trip.id, party.id, kept.id, twin.id):
        assert set(graph.children(id)) == set(before.children(id))
    assert needs(task) == {(edge.source, edge.target) for edge in before.needs} | {(bag.id, kept.id)}
    assert graph.stale == {}
    task.update(twin.id, "Oslo")
    assert set(task.graph().stale) == {hotel.id, both.id}


@pytest.mark.parametrize("confirmed", [False, True])
def test_what_was_settled_for_one_is_stale_where_it_depends_on_the_other_again(task, confirmed):
    kept, twin = task.add("city", value="Rome"), task.add("town", value="Oslo")
    hotel = task.add("hotel", value="Roma", depends_on=[twin.id])
    task.merge(kept.id, twin.id)
    assert task.graph().stale == {hotel.id: kept.id}
    if confirmed:
        task.update(hotel.id, "Roma")
    task.undo(twin.id)
    assert task.graph().stale == {hotel.id: twin.id}


def test_what_comes_back_has_missed_what_changed_since_its_value_was_settled(task):
    day, guests = task.add("day", value="Monday"), task.add("guests", value="two")
    kept = task.add("city", value="Rome")
    twins = [task.add("town", value="Oslo", depends_on=[one.id]) for one in (day, guests)]
    task.update(day.id, "Friday")
    for twin in twins:
        task.merge(kept.id, twin.id)
    task.update(guests.id, "three")
    for twin in twins:
        task.undo(twin.id)
    stale = task.graph().stale
    assert {twin.id: stale[twin.id] for twin in twins} == {twins[0].id: day.id, twins[1].id: guests.id}
    assert needs(task) == {(twins[0].id, day.id), (twins[1].id, guests.id)}


def test_what_two_duplicates_brought_is_not_lost_where_one_comes_back(task):
    kept, one, other = (task.add(title, value="Rome") for title in ("city", "town", "place"))
    hotel = task.add("hotel", value="Roma", depends_on=[one.id, other.id])
    task.merge(kept.id, one.id)
    task.merge(kept.id, other.id)
    task.undo(one.id)
    assert needs(task) == {(hotel.id, one.id), (hotel.id, kept.id)}
    task.undo(other.id)
    assert needs(task) >= {(hotel.id, one.id), (hotel.id, other.id)}


def test_a_duplicate_comes_back_from_what_took_the_place_of_the_node_that_stayed(task):
    kept, twin, third = (task.add(title, value="Rome") for title in ("city", "town", "place"))
    hotel = task.add("hotel", value="Roma", depends_on=[twin.id])
    bar = task.add("bar", value="da Remo", depends_on=[kept.id])
    task.merge(kept.id, twin.id)
    task.merge(third.id, kept.id)
    task.undo(twin.id)
    assert needs(task) == {(hotel.id, twin.id), (bar.id, third.id)}


def test_edges_come_back_where_their_other_end_stands_and_no_cycle_closes(task):
    kept, twin = task.add("city"), task.add("town")
    day, gone = task.add("day", depends_on=[twin.id]), task.add("gone", depends_on=[twin.id])
    task.depend(twin.id, area := task.add("area").id)
    task.merge(kept.id, twin.id)
    task.retract([gone.id])
    task.depend(day.id, kept.id, holds=False)
    task.depend(area, day.id)
    task.undo(twin.id)
    assert needs(task) == {(day.id, twin.id), (area, day.id), (kept.id, area)}


def test_a_merge_closes_no_cycle(task):
    city, town = task.add("city"), task.add("town")
    under = task.add("area", parent=town.id)
    between = task.add("between", depends_on=[town.id])
    task.depend(city.id, between.id)
    with pytest.raises(Cycle, match="'town' hangs under 'area' hangs under 'town'"):
        task.merge(city.id, town.id, parent=under.id)
    with pytest.raises(Cycle, match="depends on 'between' depends on"):
        task.merge(city.id, town.id)
    with pytest.raises(InvalidInput, match="named twice"):
        task.merge(city.id, city.id)
    with pytest.raises(InvalidInput, match="a step, 'trip' a task"):
        task.merge(city.id, task.add("trip", kind="task").id)


@pytest.mark.parametrize("type", ["parent", "depends_on"])
def test_an_edge_that_would_close_a_cycle_is_refused_by_name(task, type):
    tie = {
        "parent": lambda id, to: task.merge(id, parent=to),
        "depends_on": task.depend,
    }[type]
    a, b, c = (task.add(title) for title in "abc")
    tie(a.id, b.id)
    tie(b.id, c.id)
    before = task.graph()
    for id, path in ((b.id, "'b'.*'a'.*'b'"), (c.id, "'c'.*'a'.*'b'.*'c'"), (a.id, "'a'.*'a'")):
        with pytest.raises(Cycle, match=path):
            tie(id, a.id)
    assert task.graph() == before


# What is no operation


def test_records_under_a_key_are_no_nodes_and_hide_none(task):
    node = task.add("city")
    task.put("k", "x", type="step", payload={"slot": "s"})
    task.put("focus", "x")
    assert list(task.graph().nodes) == [node.id]
    assert task.active().id == node.id
    assert task.activate(node.id).status is Status.ACTIVE
    assert task.active().id == node.id
    assert "city" in task.synthesize("city").text


def test_an_operation_made_by_hand_is_refused_where_it_is_none(task):
    node = task.add("city")
    for data in ({}, {"node": node.id, "value": "y", "more": 1}, {"node": [node.id]}):
        with pytest.raises(InvalidInput, match=r"operation 'task\.update'"):
            task.observe(Event(type="task.update", store="task", data=data))
    data = {"type": "step", "payload": {"slot": 7}}
    with pytest.raises(InvalidInput, match="is none of a task node"):
        task.observe(Event(type="correct", store="task", about=(node.id,), text="x", data=data))
    payload = {"type": "step", "payload": {"slot": "s"}}
    task.observe(Event(type="correct", store="task", about=(node.id,), text="x", data=payload))
    assert [(one.slot, one.value) for one in task.graph().nodes.values()] == [("s", "x")]


def test_a_dependency_that_is_forgotten_leaves_no_edge(task):
    one, two = task.add("one"), task.add("two")
    receipt = task.do(operations.Depend(node=one.id, on=(two.id,)))
    task.bank.forget(task.namespace, events=[receipt.event_id])
    assert not task.graph().needs
    assert not task.bank.verify()
