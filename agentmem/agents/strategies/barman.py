"""How drinks are mixed and served: one shaker, one shot at a time, and what was served is left alone."""

from __future__ import annotations

from collections.abc import Mapping

from agentmem.agents.language import readable
from agentmem.agents.strategies.belief import Belief, Goal, Move, Need, of_type, places


def barman(belief: Belief, goal: Goal, objects: Mapping[str, str]) -> Move | Need | None:
    """Serve plain drinks; mix a cocktail, serve it to who wants it, and mix the next."""
    return _Bar(belief, goal, objects).next()


class _Bar:
    """What is believed of hands and vessels, and what is wanted."""

    def __init__(self, belief: Belief, goal: Goal, objects: Mapping[str, str]) -> None:
        self.belief = belief
        self.objects = objects
        self.wanted = places(goal, "contains")
        hands = belief.newest(("holding", 0), ("free", 0))
        self.held = {atom[2]: hand for hand, atom in hands.items() if atom[0] == "holding"}
        self.free = [hand for hand, atom in hands.items() if atom[0] == "free"]
        self.content = belief.newest(("contains", 0), ("empty", 0))
        self.shaker = next(iter(of_type(objects, "shaker")), "")

    def next(self) -> Move | Need | None:
        open_ = [shot for shot in self.wanted if not self._is_served(shot)]
        if not open_:
            return None
        for shot in self.wanted:
            if shot in self.held and shot not in open_:
                return Move(self._task(shot), ("leave", self.held[shot], shot))
        open_.sort(key=lambda shot: shot not in self.held)
        plain = [shot for shot in open_ if self._kind(shot) == "ingredient"]
        if plain:
            return self._ready(plain[0], self._task(plain[0])) or self._fill(
                plain[0], self.wanted[plain[0]], self._task(plain[0])
            )
        known = self.content.get(self.shaker)
        if known is None:
            look = self._hold(self.shaker, "see what is in the shaker")
            if look is not None:
                return Need((self.shaker,), look)
        return self._cocktail(open_)

    def _cocktail(self, open_: list[str]) -> Move | Need | None:
        holds = self.belief.holds
        parts = [atom[2] for atom in self.belief.all("contains") if atom[1] == self.shaker]
        if holds("shaken", self.shaker):
            return self._serve(open_, parts[-1] if parts else "")
        if holds("full", self.shaker):
            return self._shake(open_, parts)
        if holds("half", self.shaker):
            return self._second(open_, parts[-1] if parts else "")
        return self._first(open_)

    def _serve(self, open_: list[str], cocktail: str) -> Move | Need | None:
        for shot in open_:
            if self.wanted[shot] == cocktail:
                task = self._task(shot)
                step = self._ready(shot, task) or self._hold(self.shaker, task, keep=shot)
                serve = "serve-half" if self.belief.holds("full", self.shaker) else "serve-rest"
                return step or Move(
                    task, (serve, self.held[self.shaker], self.shaker, cocktail, self.held[shot], shot)
                )
        task = "clear the shaker"
        step = self._hold(self.shaker, task)
        return step or Move(task, ("throw-away", self.held[self.shaker], self.shaker, cocktail))

    def _shake(self, open_: list[str], parts: list[str]) -> Move | Need | None:
        for shot in open_:
            cocktail = self.wanted[shot]
            recipe = self._recipe(cocktail)
            if recipe is not None and set(recipe) <= set(parts):
                task = self._mix(cocktail)
                step = self._hold(self.shaker, task)
                if step is not None:
                    return step
                if not self.free:
                    other = next((vessel for vessel in self.held if vessel != self.shaker), self.shaker)
                    return Move(task, ("leave", self.held[other], other))
                return Move(
                    task, ("shake", self.held[self.shaker], self.shaker, self.free[0], cocktail, *recipe)
                )
        return self._unread(open_)

    def _second(self, open_: list[str], part: str) -> Move | Need | None:
        for shot in open_:
            recipe = self._recipe(self.wanted[shot])
            if recipe is not None and part in recipe:
                other = recipe[1] if part == recipe[0] else recipe[0]
                return self._pour("pour-second", open_[0], other, self._mix(self.wanted[shot]))
        return self._unread(open_)

    def _first(self, open_: list[str]) -> Move | Need | None:
        for shot in open_:
            recipe = self._recipe(self.wanted[shot])
            if recipe is not None:
                task = self._mix(self.wanted[shot])
                if not self.belief.holds("clean", self.shaker):
                    step = self._hold(self.shaker, task)
                    return step or Move(task, ("rinse", self.held[self.shaker], self.shaker))
                return self._pour("pour-first", open_[0], recipe[0], task)
        return self._unread(open_)

    def _pour(self, action: str, shot: str, part: str, task: str) -> Move | Need:
        """Pour an ingredient into the shaker by way of a shot."""
        if not self._contains(shot, part):
            return self._ready(shot, task) or self._fill(shot, part, task)
        step = self._hold(shot, task) or self._hold(self.shaker, task, keep=shot)
        return step or Move(task, (action, self.held[shot], shot, part, self.held[self.shaker], self.shaker))

    def _fill(self, shot: str, part: str, task: str) -> Move:
        return Move(task, ("fill", self.held[shot], shot, part))

    def _ready(self, shot: str, task: str) -> Move | Need | None:
        """What is to be done to have a shot in the hand, empty and clean; none: it is."""
        known = self.content.get(shot)
        step = self._hold(shot, task)
        if step is not None:
            return step if known is not None else Need((shot,), step)
        if known is not None and known[0] == "contains":
            return Move(task, ("tip-out", self.held[shot], shot, known[2]))
        if not self.belief.holds("clean", shot):
            return Move(task, ("rinse", self.held[shot], shot))
        return None

    def _hold(self, vessel: str, task: str, keep: str = "") -> Move | None:
        """What is to be done to have a vessel in a hand; none: it is."""
        if vessel in self.held:
            return None
        if self.free:
            return Move(task, ("grasp", self.free[0], vessel))
        keep = keep or self.shaker
        other = next((one for one in self.held if one != keep), None)
        hands = of_type(self.objects, "hand")
        return Move(task, ("leave", self.held[other], other) if other else ("grasp", hands[0], vessel))

    def _contains(self, vessel: str, beverage: str) -> bool:
        known = self.content.get(vessel)
        return known is not None and known[0] == "contains" and known[2] == beverage

    def _is_served(self, shot: str) -> bool:
        return self._contains(shot, self.wanted[shot])

    def _kind(self, shot: str) -> str:
        return self.objects.get(self.wanted[shot], "")

    def _recipe(self, cocktail: str) -> tuple[str, str] | None:
        """The two parts of a cocktail; none: they are not known, or not to be mixed."""
        first, second = (
            self.belief.newest((part, 0)).get(cocktail) for part in ("first-part", "second-part")
        )
        return None if first is None or second is None else (first[2], second[2])

    def _unread(self, open_: list[str]) -> Need:
        """Nothing wanted can be made of what is known."""
        return Need(tuple(dict.fromkeys(self.wanted[shot] for shot in open_)))

    def _mix(self, cocktail: str) -> str:
        return f"mix {readable(cocktail)}"

    def _task(self, shot: str) -> str:
        return f"serve {readable(self.wanted[shot])} in {readable(shot)}"
