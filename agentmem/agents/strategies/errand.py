"""How a courier's round is done: fetch what is due, hand it over, and look about only where one must."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from agentmem.agents.language import Atom, readable
from agentmem.agents.strategies.belief import Belief, Goal, Move, Need, of_type, places


def errand(belief: Belief, goal: Goal, objects: Mapping[str, str]) -> Move | Need | None:
    """Fetch and hand over what is due; take what comes after along where it is at hand."""
    if belief.satisfied(goal):
        return None
    here = belief.last("here")
    if here is None:
        return Need(("here",))
    return _Round(belief, goal, objects, here[1]).next()


class _Round:
    """What is believed of places and things, and what is wanted."""

    def __init__(self, belief: Belief, goal: Goal, objects: Mapping[str, str], here: str) -> None:
        self.belief = belief
        self.objects = objects
        self.here = here
        self.wanted = places(goal, "delivered")
        self.where = belief.newest(("inside", 0), ("lies", 0), ("holding", 1), ("delivered", 0))
        self.stand = {chest: atom[2] for chest, atom in belief.newest(("stands", 0)).items()}
        hands = belief.newest(("holding", 0), ("free", 0))
        self.held = {atom[2]: hand for hand, atom in hands.items() if atom[0] == "holding"}
        self.free = [hand for hand in of_type(objects, "hand") if hands.get(hand, ("free",))[0] == "free"]
        self.ways: dict[str, list[str]] = {}
        for _, one, other in belief.all("way"):
            self.ways.setdefault(one, []).append(other)
            self.ways.setdefault(other, []).append(one)
        self.steps, self.first = self._reach()

    def next(self) -> Move | Need | None:
        due = self.belief.last("due")
        if due is None:
            return Need(tuple(item for item in self.wanted if self._place(item) != "delivered"))
        item = due[1]
        after = self.belief.newest(("after", 0)).get(item)
        if item in self.held:
            return self._bring(item, None if after is None else after[2])
        if self._place(item) not in {"inside", "lies"}:
            return self._search(item)
        return self._fetch(item)

    def _bring(self, item: str, next_: str | None) -> Move | Need:
        there = self.wanted.get(item, self.here)
        task = f"bring {readable(item)} to {readable(there)}"
        if next_ is not None and self.free and next_ in self.wanted:
            taken = self._take(next_, task)
            if taken is not None:
                return taken
        if there != self.here:
            return self._go(there, task)
        return Move(task, ("hand-over", item, self.here, self.held[item], next_ or ""))

    def _fetch(self, item: str) -> Move | Need:
        task = f"fetch {readable(item)}"
        found = self.where[item]
        chest = found[2] if found[0] == "inside" else None
        there = found[2] if chest is None else self.stand.get(chest)
        if there is None:
            return Need((chest or item,), self._look(item))
        if there != self.here:
            return self._go(there, task)
        if not self.free:
            other, hand = next(iter(self.held.items()))
            return Move(task, ("put-down", other, self.here, hand))
        if chest is not None and not self.belief.holds("opened", chest):
            return Move(task, ("open", chest, self.here, self.free[0]))
        return self._take(item, task) or Need((item,))

    def _take(self, item: str, task: str) -> Move | None:
        """Take a thing that is at hand; none: it is not."""
        found = self.where.get(item)
        if found == ("lies", item, self.here):
            return Move(task, ("pick-up", item, self.here, self.free[0]))
        if found is None or found[0] != "inside" or self.stand.get(found[2]) != self.here:
            return None
        if not self.belief.holds("opened", found[2]):
            return None
        return Move(task, ("take-out", item, found[2], self.here, self.free[0]))

    def _go(self, there: str, task: str) -> Move | Need:
        """Go a step towards a place; where no way there is known, look for one."""
        if there in self.first:
            return Move(task, ("go", self.here, self.first[there]))
        about = (there, *(place for place in self._seen() if place not in self.ways))
        return Need(about, self._wander(f"find the way to {readable(there)}"))

    def _search(self, item: str) -> Need:
        """Look for a thing: in what was not opened and where one has not been, the nearest first."""
        told = {atom[2] for atom in (*self.belief.all("inside"), *self.belief.all("lies"))}
        forgotten = [place for place in self._seen() if place not in self.ways]
        emptied = [chest for chest in self.stand if self.belief.holds("opened", chest) and chest not in told]
        return Need((item, *forgotten, *emptied), self._look(item))

    def _look(self, item: str) -> Move | None:
        task = f"look for {readable(item)}"
        shut = [
            (self.steps[place], chest)
            for chest, place in self.stand.items()
            if place in self.steps and not self.belief.holds("opened", chest)
        ]
        new = [
            (steps, place) for place, steps in self.steps.items() if not self.belief.holds("visited", place)
        ]
        if shut and self.free and min(shut) <= min(new, default=min(shut)):
            chest = min(shut)[1]
            there = self.stand[chest]
            if there == self.here:
                return Move(task, ("open", chest, there, self.free[0]))
            return Move(task, ("go", self.here, self.first[there]))
        return self._wander(task)

    def _wander(self, task: str) -> Move | None:
        """Go where one has not been; else where one was longest ago; else try where a way may lead."""
        order = {
            place: (self.belief.holds("visited", place), self.belief.when("here", place), steps, place)
            for place, steps in self.steps.items()
            if place != self.here
        }
        new = [place for place, rank in order.items() if not rank[0]]
        if new:
            return Move(
                task, ("go", self.here, self.first[min(new, key=lambda place: (self.steps[place], place))])
            )
        if order:
            return Move(task, ("go", self.here, self.first[min(order, key=lambda place: order[place])]))
        untried = [
            place
            for place in of_type(self.objects, "place")
            if place != self.here and not self.belief.denied("way", self.here, place)
        ]
        return Move(task, ("go", self.here, untried[0])) if untried else None

    def _seen(self) -> list[str]:
        """The places where one has been, the one told last first."""
        return [atom[1] for atom in reversed(self.belief.all("visited"))]

    def _place(self, item: str) -> str:
        found: Atom | None = self.where.get(item)
        return "" if found is None else found[0]

    def _reach(self) -> tuple[dict[str, int], dict[str, str]]:
        """How far each place is by ways that are known, and the first place on the way to it."""
        steps: dict[str, int] = {self.here: 0}
        first: dict[str, str] = {}
        queue = deque([self.here])
        while queue:
            place = queue.popleft()
            for other in sorted(set(self.ways.get(place, ()))):
                if other not in steps:
                    steps[other] = steps[place] + 1
                    first[other] = first.get(place, other)
                    queue.append(other)
        return steps, first
