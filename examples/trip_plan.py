"""A trip that is planned, corrected and corrected back, as a task memory keeps it. Run it: it checks itself.

`python examples/trip_plan.py trip.db` keeps the bank, to be looked at: `agentmem --db trip.db task show`.
"""

from __future__ import annotations

import sys

from agentmem import Bank
from agentmem.bank import MemorySpec
from agentmem.errors import NotApplicable
from agentmem.stores.task.store import TaskMemory
from agentmem.stores.task.views import label, outline


def show(heading: str, trip: TaskMemory) -> None:
    graph = trip.graph()
    print(f"{heading}\n")
    for row in outline(graph):
        told = label(graph, row.id)
        print(f"    {'  ' * row.depth}{told.head if row.again else told.line}")
    print()


def stale(trip: TaskMemory) -> set[str]:
    graph = trip.graph()
    return {graph.nodes[id].slot for id in graph.stale}


def plan(trip: TaskMemory) -> dict[str, str]:
    """The trip as it was first thought of; ids by title."""
    holiday = trip.add("summer holiday", kind="task", goal="ten days by the sea, for two").id
    month = trip.add("month", parent=holiday, value="June").id
    town = trip.add("town", parent=holiday, value="Lisbon").id
    travel = trip.add("travel", parent=holiday, depends_on=[month, town], value="flight, 4 June").id
    room = trip.add("room", parent=holiday, depends_on=[month, town], value="Casa do Sol").id
    trip.add("boat tour", parent=holiday, depends_on=[town])
    budget = trip.add("budget", parent=holiday, depends_on=[travel, room], value="1,900 euros").id
    return {
        "holiday": holiday,
        "month": month,
        "town": town,
        "travel": travel,
        "room": room,
        "budget": budget,
    }


def correct(trip: TaskMemory, ids: dict[str, str]) -> None:
    """Another town; what hangs on it is stale until it is looked at again."""
    trip.update(ids["town"], "Porto", why="friends live there")
    assert stale(trip) == {"travel", "room", "budget"}
    show("Not Lisbon, but Porto: what depends on the town is stale, the budget by way of it.", trip)

    trip.activate(ids["room"])
    print("The prompt of whoever looks for a room:\n")
    made = trip.synthesize("", 300)
    print(made.text)
    assert "Lisbon" in made.text  # as what the town was, never as what it is
    assert "town: Porto" in made.text

    trip.update(ids["room"], "Ribeira 12", why="near the river")
    trip.update(ids["travel"], "flight, 4 June")  # said again: it holds for Porto too
    assert stale(trip) == {"budget"}
    trip.update(ids["budget"], "2,100 euros")
    assert not stale(trip)


def go_back(trip: TaskMemory, ids: dict[str, str]) -> None:
    """The first town again, by name; nothing is lost on the way."""
    trip.rollback(ids["town"], to="Lisbon", why="the friends are away in June")
    trip.rollback(ids["room"])
    assert [one.value for one in trip.revisions(ids["town"])] == ["Lisbon", "Porto", "Lisbon"]
    assert trip.node(ids["room"]).value == "Casa do Sol"
    assert stale(trip) == {"travel", "budget"}
    show("As it was planned at first: Lisbon, and the room there.", trip)


def go_on(trip: TaskMemory, ids: dict[str, str]) -> None:
    """A step in the place of another, a step of two tasks, an edge that cannot be, and what is done."""
    train = trip.replace(ids["travel"], "night train", value="3 June, 22:40", why="no flying")
    work = trip.add("handover at work", kind="task").id
    trip.merge(ids["month"], parent=work)
    trip.add("stand-in", parent=work, depends_on=[ids["month"]])
    trip.update(ids["budget"], "1,700 euros")
    try:
        trip.depend(ids["month"], on=ids["budget"])
    except NotApplicable as refused:
        print(f"Refused: {refused}\n")
    trip.complete(train.id, "two beds, coach 14")
    trip.update(ids["month"], "July", why="no stand-in for June")
    assert stale(trip) == {"night train", "room", "budget"}
    trip.activate(ids["room"])
    show("By train, and in July: the month is a step of two tasks, and both see its change.", trip)

    print("What was done to the town:\n")
    for entry in trip.log(ids["town"]):
        if entry.node == ids["town"]:
            print(f"    {entry.operation}  {entry.what}{f'  ({entry.why})' if entry.why else ''}")


SAID = (
    "I'm planning a holiday: month, town and room.",
    "The town is Lisbon and the month is June.",
    "Room: Casa do Sol. The room depends on the town.",
    "Actually, make the town Porto.",
    "Didn't I say Lisbon?",
    "Go back to Lisbon.",
)


def talk(trip: TaskMemory) -> None:
    """The same by what is said, read without a language model: a question changes nothing."""
    print("\nThe same, said:\n")
    for text in SAID:
        receipt = trip.observe(text)[0]
        print(f"    {text}")
        for entry in trip.log(after=receipt.seq):
            print(f"        {entry.operation} {entry.title}: {entry.what or '-'}")
    print()
    assert [one.value for one in trip.revisions(trip.find("town").id)] == ["Lisbon", "Porto", "Lisbon"]
    assert stale(trip) == {"room"}
    show("What was made of it:", trip)


def run(trip: TaskMemory) -> None:
    ids = plan(trip)
    show("A plan:", trip)
    correct(trip, ids)
    go_back(trip, ids)
    go_on(trip, ids)


if __name__ == "__main__":
    with Bank(sys.argv[1] if len(sys.argv) > 1 else "sqlite://") as bank:
        memory = bank.store("task")
        assert isinstance(memory, TaskMemory)
        run(memory)
        said = bank.store(MemorySpec(store="task", options={"trim": "rule"}), ("said",))
        assert isinstance(said, TaskMemory)
        talk(said)
