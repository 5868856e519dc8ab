"""Two agents, one plan: each has its own session on one bank file. Run it: it checks itself."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from agentmem import Bank, Trust
from agentmem.stores.task.methods import Told
from agentmem.stores.task.store import TaskMemory
from agentmem.stores.task.views import label, outline

PLACE = ("acme", "conference")


class Agent:
    """An agent with a bank of its own on the shared file; what it does bears its name and its session.

    Args:
        name: Its name, and that of its session.
        path: The bank's file.
    """

    def __init__(self, name: str, path: Path) -> None:
        self.name = name
        self.bank = Bank(path)
        store = self.bank.store("task", PLACE)
        if not isinstance(store, TaskMemory):
            raise TypeError(f"{store.name!r} is no task memory")
        self.plan = store
        self.steps: list[str] = []

    @property
    def told(self) -> Told:
        """Who says so."""
        return {"actor": self.name, "session": self.name, "trust": Trust.AGENT}

    def take(self, title: str) -> None:
        """Work on a step from now on."""
        self.steps.append(self.plan.activate(self.plan.find(title).id, **self.told).id)

    def finish(self, value: str, output: str = "") -> None:
        """Settle the step that was taken last, and say that it is done."""
        self.plan.update(self.steps[-1], value, **self.told)
        self.plan.complete(self.steps[-1], output, **self.told)

    def sees(self) -> str:
        """Which of its own steps must be looked at again."""
        graph = self.plan.graph()
        again = [label(graph, id).text for id in graph.stale if id in self.steps]
        return f"{self.name} must look again at: {'; '.join(again) or 'nothing'}"


def at_once(*acts: Callable[[], None]) -> None:
    """Let agents act at the same time, each in a thread of its own."""
    with ThreadPoolExecutor(len(acts)) as threads:
        for act in [threads.submit(act) for act in acts]:
            act.result()


def show(heading: str, *agents: Agent) -> None:
    graph = agents[0].plan.graph()
    print(heading)
    for row in outline(graph):
        print(f"  {'  ' * row.depth}{label(graph, row.id).line}")
    for agent in agents:
        print(f"  {agent.sees()}")
    print()


def run(path: Path) -> None:
    ana, ben = Agent("ana", path), Agent("ben", path)
    conference = ana.plan.add("conference", kind="task", goal="two days in May", **ana.told).id
    venue = ana.plan.add("venue", parent=conference, **ana.told).id
    speakers = ana.plan.add("speakers", parent=conference, **ana.told).id
    seating = ana.plan.add("seating", parent=conference, depends_on=[venue], **ana.told).id
    programme = ben.plan.add("programme", parent=conference, depends_on=[speakers, venue], **ben.told).id

    at_once(lambda: ana.take("venue"), lambda: ben.take("speakers"))
    assert {node.slot for node in ana.plan.graph().nodes.values() if node.active_in} == {"venue", "speakers"}
    show("Each takes a step, at the same time:", ana, ben)

    at_once(lambda: ana.finish("Old Mill, 80 seats"), lambda: ben.finish("Okoye, Lindqvist", "both said yes"))
    at_once(lambda: ana.take("programme"), lambda: ben.take("seating"))
    at_once(lambda: ana.finish("talks, then workshops"), lambda: ben.finish("8 rows of 10"))
    assert not ana.plan.graph().stale
    show("All is settled:", ana, ben)

    ana.take("venue")
    ana.finish("Town Hall, 60 seats", "the mill is flooded")
    assert set(ben.plan.graph().stale) == {seating, programme}
    show("Ana has changed the venue, and ben sees that his seating is stale:", ana, ben)

    at_once(lambda: ana.take("programme"), lambda: ben.take("seating"))
    print("What ben's prompt says while he works on it:")
    print(ben.plan.synthesize("", 300, expand=(seating,)).text)
    at_once(lambda: ana.finish("talks, then workshops"), lambda: ben.finish("6 rows of 10"))
    assert not ben.plan.graph().stale
    assert [one.value for one in ana.plan.revisions(seating)] == ["8 rows of 10", "6 rows of 10"]
    show("Each has looked at its step again:", ana, ben)

    done = {(entry.actor, entry.title) for entry in ana.plan.log() if entry.operation == "complete"}
    assert done == {("ana", "venue"), ("ana", "programme"), ("ben", "speakers"), ("ben", "seating")}
    ana.bank.close()
    ben.bank.close()


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        run(Path(folder) / "shared.db")
