"""How wheels are changed: get ready what is needed, change hub by hub, and put everything away."""

from __future__ import annotations

from collections.abc import Mapping

from agentmem.agents.language import Atom, readable
from agentmem.agents.strategies.belief import Belief, Goal, Move, Need, of_type, places

WRENCH, JACK, PUMP = "wrench", "jack", "pump"


def tyreworld(belief: Belief, goal: Goal, objects: Mapping[str, str]) -> Move | Need | None:
    """Change the wheels in the order of their hubs, a raised hub first; put things away at the end."""
    return _Garage(belief, goal, objects).next()


class _Garage:
    """What is believed of hubs, wheels and things, and what is wanted."""

    def __init__(self, belief: Belief, goal: Goal, objects: Mapping[str, str]) -> None:
        self.belief = belief
        self.goal = goal
        self.containers = of_type(objects, "container")
        self.where = belief.newest(("in", 0), ("have", 0), ("on", 0), ("loose", 0), ("tight", 0))
        self.hubs = belief.newest(("on", 1), ("bare", 0))
        self.nuts = {hub: nuts for nuts, hub in places(goal, "tight").items()}

    def next(self) -> Move | Need | None:
        wheels = {hub: wheel for wheel, hub in places(self.goal, "on").items()}
        raised = {atom[1] for atom in self.belief.all("raised")}
        for hub in sorted(wheels, key=lambda hub: (hub not in raised, len(hub), hub)):
            move = self._hub(hub, wheels[hub], hub in raised)
            if move is not None:
                return move
        for atom, wanted in self.goal:
            if wanted and atom[0] == "in" and not self.belief.holds(*atom):
                return self._put_away(atom[1], atom[2])
        for atom, wanted in self.goal:
            if not wanted and atom[0] == "opened" and self.belief.holds(*atom):
                return Move("close everything", ("close", atom[1]))
        return None

    def _hub(self, hub: str, wheel: str, raised: bool) -> Move | Need | None:
        """The next thing to do at a hub; none: its wheel is changed."""
        now = self.hubs.get(hub)
        if now is not None and now[0] == "on" and now[1] == wheel:
            return self._fasten(hub, wheel, raised)
        task = f"get ready for {readable(hub)}"
        for thing in (WRENCH, wheel) if raised else (WRENCH, JACK, wheel):
            missing = self._get(thing, task)
            if missing is not None:
                return missing
        return self._change(hub, wheel, now, raised)

    def _change(self, hub: str, wheel: str, now: Atom | None, raised: bool) -> Move | Need | None:
        task = f"put {readable(wheel)} on {readable(hub)}"
        nuts = self.nuts.get(hub, "")
        if not raised:
            if self._at(nuts) == "loose" or self._undone(hub):
                return Move(task, ("jack-up", hub))
            loosen = Move(task, ("loosen", nuts, hub))
            return loosen if self._at(nuts) else Need((nuts, hub), loosen)
        if not self._undone(hub):
            action = ("jack-down", hub) if self._at(nuts) == "tight" else ("undo", nuts, hub)
            return Move(task, action)
        if now is None:
            return Need((hub,), Move(task, ("put-on-wheel", wheel, hub)))
        if now[0] == "on":
            return Move(task, ("remove-wheel", now[1], hub))
        return Move(task, ("put-on-wheel", wheel, hub))

    def _fasten(self, hub: str, wheel: str, raised: bool) -> Move | Need | None:
        task = f"fasten {readable(wheel)} on {readable(hub)}"
        nuts = self.nuts.get(hub, "")
        if self._undone(hub):
            if not raised:
                return self._get(JACK, task) or Move(task, ("jack-up", hub))
            return self._get(WRENCH, task) or Move(task, ("do-up", nuts, hub))
        if raised:
            return Move(task, ("jack-down", hub))
        if nuts and self._at(nuts) != "tight":
            tighten = Move(task, ("tighten", nuts, hub))
            return self._get(WRENCH, task) or (tighten if self._at(nuts) else Need((nuts, hub), tighten))
        wanted = any(atom == ("inflated", wheel) and holds for atom, holds in self.goal)
        if wanted and not self.belief.holds("inflated", wheel):
            return self._get(PUMP, task) or Move(task, ("inflate", wheel, hub))
        return None

    def _undone(self, hub: str) -> bool:
        return self.belief.holds("undone", hub)

    def _at(self, nuts: str) -> str:
        """Whether nuts are tight or loose, or at hand; empty where that is not known."""
        found = self.where.get(nuts)
        return "" if found is None else found[0]

    def _put_away(self, thing: str, container: str) -> Move | Need:
        task = "put everything in its place"
        return (
            self._get(thing, task)
            or self._open(container, task)
            or Move(task, ("put-away", thing, container))
        )

    def _get(self, thing: str, task: str) -> Move | Need | None:
        """What is to be done to have a thing; none: it is at hand."""
        place = self.where.get(thing)
        if place is not None and place[0] == "have":
            return None
        if place is None or place[0] != "in":
            return self._search(thing)
        return self._open(place[2], task) or Move(task, ("fetch", thing, place[2]))

    def _open(self, container: str, task: str) -> Move | Need | None:
        """What is to be done to have a container open; none: it is."""
        if self.belief.holds("opened", container):
            return None
        if not self.belief.holds("locked", container):
            return Move(task, ("open", container))
        keys = [atom[1] for atom in self.belief.all("fits") if atom[2] == container]
        if not keys:
            return Need((container,))
        return self._get(keys[0], task) or Move(task, ("unlock", container, keys[0]))

    def _search(self, thing: str) -> Need:
        """Look for a thing in what was not opened yet, then anew in what was opened longest ago."""
        task = f"look for {readable(thing)}"
        shut = [one for one in self.containers if not self.belief.holds("opened", one)]
        for one in sorted(shut, key=lambda one: self.belief.holds("locked", one)):
            if self.belief.holds("fits", thing, one):
                continue  # its own key cannot be in it
            step = self._open(one, task)
            if isinstance(step, Move):
                return Need((thing,), step)
        told = {atom[2] for atom in self.belief.all("in")}
        opened = sorted(
            (one for one in self.containers if self.belief.holds("opened", one)),
            key=lambda one: (one in told, self.belief.when("opened", one)),
        )
        return Need((thing, *opened), Move(task, ("close", opened[0])) if opened else None)
