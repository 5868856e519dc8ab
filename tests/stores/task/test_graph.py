"""The forest as a graph: several parents, diamonds, staleness along edges of different times, great size."""

from __future__ import annotations

from datetime import timedelta

import networkx as nx

from agentmem.stores.task.store import TaskMemory


def edges(graph, kind):
    return {(edge.source, edge.target) for edge in getattr(graph, kind)}


# Shape


def test_a_step_may_hang_under_two_tasks(task):
    trip, party = task.add("trip", kind="task"), task.add("party", kind="task")
    gift = task.add("gift", parent=[trip.id, party.id])
    wrap = task.add("paper", parent=gift.id)
    graph = task.graph()
    assert graph.roots == [trip.id, party.id]
    assert graph.children(trip.id) == graph.children(party.id) == [gift.id]
    assert list(graph.walk()) == [
        (0, trip.id, False),
        (1, gift.id, False),
        (2, wrap.id, False),
        (0, party.id, False),
        (1, gift.id, True),
    ]


def test_a_later_parent_is_a_second_one(task):
    trip, party = task.add("trip", kind="task"), task.add("party", kind="task")
    gift = task.add("gift", parent=trip.id)
    task.merge(gift.id, parent=party.id)
    assert edges(task.graph(), "parents") == {(gift.id, trip.id), (gift.id, party.id)}
    assert edges(task.graph(known_at=task.bank.clock() - timedelta(days=1)), "parents") == set()


def test_edges_of_both_kinds_may_stand_against_each_other(task):
    one = task.add("one")
    other = task.add("other", parent=one.id)
    task.depend(one.id, other.id)
    assert edges(task.graph(), "needs") == {(one.id, other.id)}


def test_what_replaces_a_node_takes_all_its_edges(task):
    trip, party, day = task.add("trip", kind="task"), task.add("party", kind="task"), task.add("day")
    gift = task.add("gift", parent=[trip.id, party.id], depends_on=[day.id])
    paper = task.add("paper", parent=gift.id, depends_on=[gift.id])
    book = task.replace(gift.id, "book")
    graph = task.graph()
    assert edges(graph, "parents") == {(book.id, trip.id), (book.id, party.id), (paper.id, book.id)}
    assert edges(graph, "needs") == {(book.id, day.id), (paper.id, book.id)}
    assert gift.id not in graph.nodes


def test_a_merge_leaves_no_edge_twice_and_none_to_itself(task):
    trip, day = task.add("trip", kind="task"), task.add("day")
    city = task.add("city", parent=trip.id, depends_on=[day.id])
    town = task.add("town", parent=trip.id, depends_on=[day.id])
    hotel = task.add("hotel", depends_on=[city.id, town.id])
    task.merge(city.id, town.id)
    graph = task.graph()
    assert [(edge.source, edge.target) for edge in graph.parents] == [(city.id, trip.id)]
    assert [(edge.source, edge.target) for edge in graph.needs] == [(city.id, day.id), (hotel.id, city.id)]


def test_the_graph_is_seen_as_it_was_known(task, clock):
    city = task.add("city", value="Rome")
    hotel = task.add("hotel", value="Roma", depends_on=[city.id])
    before = clock.now
    clock.forward(minutes=1)
    task.update(city.id, "Oslo")
    task.replace(hotel.id, "inn")
    then = task.graph(known_at=before)
    assert [(node.slot, node.value) for node in then.nodes.values()] == [("city", "Rome"), ("hotel", "Roma")]
    assert not then.stale
    assert edges(then, "needs") == {(hotel.id, city.id)}


# Stale


def test_a_change_makes_stale_what_depends_on_it_through_others_and_nothing_else(task):
    a, beside = task.add("a", value="1"), task.add("beside", value="1")
    b = task.add("b", value="1", depends_on=[a.id])
    c = task.add("c", value="1", depends_on=[b.id])
    through = task.add("open", depends_on=[c.id])
    d = task.add("d", value="1", depends_on=[through.id])
    task.update(a.id, "2")
    stale = task.graph().stale
    assert stale == {b.id: a.id, c.id: a.id, d.id: a.id}
    assert {beside.id, through.id, a.id}.isdisjoint(stale)


def test_a_diamond_is_fresh_again_when_both_of_its_sides_are(task):
    top = task.add("top", value="1")
    left, right = (task.add(title, value="1", depends_on=[top.id]) for title in ("left", "right"))
    bottom = task.add("bottom", value="1", depends_on=[left.id, right.id])
    task.update(top.id, "2")
    assert set(task.graph().stale) == {left.id, right.id, bottom.id}
    task.update(left.id, "2")
    task.update(bottom.id, "1")  # confirmed
    assert set(task.graph().stale) == {right.id}
    task.update(right.id, "1")  # confirmed: its value did not change, so that what depends on it stays fresh
    assert not task.graph().stale


def test_a_dependency_declared_after_both_were_settled_makes_nothing_stale(task):
    late, early = task.add("late", value="1"), task.add("early", value="1")
    task.update(early.id, "2")
    task.depend(late.id, early.id)
    assert not task.graph().stale
    task.update(early.id, "3")
    assert task.graph().stale == {late.id: early.id}


def test_each_path_counts_from_the_time_of_its_own_edges(task):
    top = task.add("top", value="1")
    long = task.add("long", value="1", depends_on=[top.id])
    end = task.add("end", value="1", depends_on=[long.id])
    task.update(top.id, "2")
    assert set(task.graph().stale) == {long.id, end.id}
    task.depend(end.id, top.id)  # later than the change: this path says nothing
    task.depend(end.id, long.id, holds=False)
    assert set(task.graph().stale) == {long.id}
    task.depend(end.id, long.id)  # declared anew
    assert set(task.graph().stale) == {long.id}
    task.update(top.id, "3")
    assert set(task.graph().stale) == {long.id, end.id}


def test_a_late_value_makes_nothing_stale(task, clock):
    start = clock.now
    city = task.add("city", value="Rome")
    hotel = task.add("hotel", value="Roma", depends_on=[city.id])
    task.update(city.id, "Oslo", time=start - timedelta(hours=1))
    assert not task.graph().stale
    task.rollback(city.id, to="Oslo")
    assert task.graph().stale == {hotel.id: city.id}


def test_titles_ends_and_outputs_make_nothing_stale(task):
    city = task.add("city", value="Rome")
    task.add("hotel", value="Roma", depends_on=[city.id])
    task.update(city.id, slot="town", goal="somewhere warm", output="found")
    task.complete(city.id, "booked")
    task.activate(city.id)
    assert not task.graph().stale


def test_a_rollback_makes_stale_and_an_opened_step_is_not(task):
    city = task.add("city", value="Rome")
    hotel = task.add("hotel", value="Roma", depends_on=[city.id])
    task.rollback(city.id)
    assert task.graph().stale == {hotel.id: city.id}
    task.rollback(hotel.id)
    assert not task.graph().stale


def test_what_is_out_of_the_forest_makes_nothing_stale_until_it_is_back(task):
    city = task.add("city", value="Rome")
    area = task.add("area", value="north", depends_on=[city.id])
    hotel = task.add("hotel", value="Roma", depends_on=[area.id])
    task.update(city.id, "Oslo")
    task.retract([area.id])
    assert not task.graph().stale
    task.undo(area.id)
    assert set(task.graph().stale) == {area.id, hotel.id}


def test_a_part_of_the_graph_knows_as_much_of_staleness_as_the_whole(task):
    from agentmem.stores.task.graph import load

    a = task.add("a", value="1")
    b = task.add("b", depends_on=[a.id])
    c = task.add("c", value="1", depends_on=[b.id])
    task.update(a.id, "2")
    view = task.bank.view(task.namespace, store=task.shelf)
    assert load(view, [c.id]).stale == task.graph().stale == {c.id: a.id}


# Size


def chain(task: TaskMemory, n: int) -> list[str]:
    """Steps that hang under, and depend on, one another, the first one at the top."""
    made: list[str] = []
    for i in range(n):
        above = made[-1:]
        made.append(task.add(f"step {i}", value=str(i), parent=above, depends_on=above).id)
    return made


def test_a_deep_chain_is_walked_and_its_staleness_found(task):
    made = chain(task, 60)
    task.update(made[0], "new")
    graph = task.graph()
    assert list(graph.stale) == made[1:]
    assert [depth for depth, _, _ in graph.walk()] == list(range(60))


def test_an_edge_at_the_end_of_a_chain_costs_no_more_however_deep_it_is(task, statements):
    made = chain(task, 40)
    top, new = task.add("top"), task.add("new")
    costs = []
    for id, on in ((new.id, made[3]), (new.id, made[-1]), (made[3], top.id), (made[-1], top.id)):
        with statements() as sent:
            task.depend(id, on)
        costs.append(len(sent))
    assert costs[1] <= costs[0] + 2
    assert costs[3] <= costs[2] + 2
    assert nx.is_directed_acyclic_graph(task.graph().dependencies)
