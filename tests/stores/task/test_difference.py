"""What changed between two states of a forest."""

from agentmem.stores.task.difference import Change, difference


def changes(before, after) -> list[tuple]:
    return [(one.title, one.what, one.before, one.after) for one in difference(before, after)]


def test_nothing_changed_between_a_forest_and_itself(task):
    task.add("city", value="Rome")
    assert difference(task.graph(), task.graph()) == []


def test_values_marks_and_edges_are_told(task):
    trip = task.add("trip", kind="task")
    city = task.add("city", parent=trip.id, value="Rome")
    hotel = task.add("hotel", value="Roma", depends_on=[city.id])
    before = task.graph()
    task.update(city.id, "Oslo")
    task.merge(hotel.id, parent=trip.id)
    task.complete(city.id, "booked")
    assert changes(before, task.graph()) == [
        ("city", "value", "Rome", "Oslo"),
        ("city", "output", None, "booked"),
        ("city", "status", "pending", "done"),
        ("hotel", "stale", None, "city"),
        ("hotel", "under", None, "trip"),
    ]


def test_what_is_new_and_what_is_gone_are_told(task):
    hotel = task.add("hotel", value="Roma")
    flight = task.add("flight", depends_on=[hotel.id])
    before = task.graph()
    flat = task.replace(hotel.id, "flat")
    assert difference(before, task.graph()) == [
        Change(id=hotel.id, title="hotel", what="gone", before="Roma"),
        Change(id=flight.id, title="flight", what="needs", before="hotel", after="flat"),
        Change(id=flat.id, title="flat", what="new"),
    ]


def test_the_neighbourhood_of_an_operation_tells_the_same_as_the_whole_forest(task):
    trip = task.add("trip", kind="task")
    city = task.add("city", parent=trip.id, value="Rome")
    hotel = task.add("hotel", parent=trip.id, value="Roma", depends_on=[city.id])
    task.add("bag", parent=trip.id, value="red")
    acts = (
        lambda: task.update(city.id, "Oslo"),
        lambda: task.rollback(city.id),
        lambda: task.depend(hotel.id, city.id, holds=False),
        lambda: task.merge(hotel.id, city.id),
        lambda: task.fail(hotel.id),
    )
    for act in acts:
        whole, part = task.graph(), task.dependents([city.id, hotel.id])
        act()
        assert difference(whole, task.graph()) == difference(part, task.dependents([city.id, hotel.id]))
