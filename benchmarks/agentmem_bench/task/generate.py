"""Generated dialogues of any length, with their truth: the same seed gives the same dialogue.

They are longer than anybody would write down, and plainer than people talk: they show how prompts and
errors grow with the number of turns, and say little about speech.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from random import Random

import yaml

from agentmem.stores.task.trim import Intent
from agentmem_bench.task.scenarios import Scenario, Turn

NEW = ("For the {task} we need: {first}, {second}.", "Then there is the {first} and the {second} to settle.")
SET = ("{slot}: {value}.", "Let's take {value} for the {slot}.", "The {slot} is {value}.")
CHANGE = ("Actually, make the {slot} {value}.", "Change the {slot} to {value}.", "{slot}: {value} instead.")
BACK = ("Go back to {value} for the {slot}.", "The {slot} as before, please.")
ASK = ("Wasn't the {slot} {value}?", "Did we say {value} for the {slot}?", "What is the {slot} again?")
NEEDS = ("The {slot} depends on the {other}.",)
TICK = ("The {slot} is done.",)
WEIGHTS = {"change": 4, "back": 2, "ask": 3, "needs": 1, "done": 1}
"""How often each kind of turn comes, once all slots of an undertaking are settled."""


@cache
def undertakings() -> dict[str, dict[str, list[str]]]:
    """Values by slot, by undertaking."""
    text = (files(__package__) / "undertakings.yaml").read_text(encoding="utf-8")
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(text)
    return found


def generate(turns: int, seed: int) -> Scenario:
    """A dialogue of so many turns about one undertaking after the other."""
    dice = Random(seed)  # noqa: S311 - no secret
    known = undertakings()
    each = -(-turns // len(known))
    made: list[Turn] = []
    state: dict[str, str | None] = {}
    depends: dict[str, list[str]] = {}
    slots: dict[str, tuple[str, ...]] = {}
    for task, values in known.items():
        talk = _Talk(task, values, state, depends, dice)
        slots |= {slot: (slot,) for slot in values}
        while len(made) < turns and talk.turns < each:
            made.append(talk.next())
    return Scenario(name=f"generated, {turns} turns", slots=slots, turns=tuple(made))


class _Talk:
    """The talk about one undertaking."""

    def __init__(
        self,
        task: str,
        values: dict[str, list[str]],
        state: dict[str, str | None],
        depends: dict[str, list[str]],
        dice: Random,
    ) -> None:
        self.task = task
        self.values = values
        self.state = state
        self.depends = depends
        self.dice = dice
        self.turns = 0
        self._unnamed = list(values)
        self._open: list[str] = []
        self._past: dict[str, list[str]] = {slot: [] for slot in values}

    def next(self) -> Turn:
        """The next turn."""
        self.turns += 1
        if self._open:
            return self._set(self._open.pop(0), SET)
        if self._unnamed:
            first, second = self._unnamed[:2]
            del self._unnamed[:2]
            self._open = [first, second]
            self.state |= {first: None, second: None}
            phrase = NEW[0] if self.turns == 1 else self.dice.choice(NEW)
            said = phrase.format(task=self.task, first=first, second=second)
            return self._turn(said, ("new", "new"))
        kind = self.dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
        slot = self.dice.choice(list(self.values))
        if kind == "back" and len(self._past[slot]) > 1:
            return self._back(slot)
        if kind == "ask":
            value = self.dice.choice(self.values[slot])
            return self._turn(self.dice.choice(ASK).format(slot=slot, value=value), ("check",))
        if kind == "needs":
            place = list(self.values).index(slot)
            free = [other for other in list(self.values)[:place] if other not in self.depends.get(slot, ())]
            if free:  # only on earlier slots, so that no cycle can come of it
                other = self.dice.choice(free)
                self.depends.setdefault(slot, []).append(other)
                return self._turn(NEEDS[0].format(slot=slot, other=other), ("depend",))
        if kind == "done":
            return self._turn(TICK[0].format(slot=slot), ("update",))
        return self._set(slot, CHANGE)

    def _set(self, slot: str, phrases: tuple[str, ...]) -> Turn:
        value = self.dice.choice([one for one in self.values[slot] if one != self.state[slot]])
        self.state[slot] = value
        self._past[slot].append(value)
        return self._turn(_begun(self.dice.choice(phrases).format(slot=slot, value=value)), ("update",))

    def _back(self, slot: str) -> Turn:
        self._past[slot].pop()
        value = self.state[slot] = self._past[slot][-1]
        return self._turn(_begun(self.dice.choice(BACK).format(slot=slot, value=value)), ("rollback",))

    def _turn(self, said: str, intents: tuple[Intent, ...]) -> Turn:
        state = {slot: None if value is None else (value,) for slot, value in self.state.items()}
        depends = {slot: tuple(on) for slot, on in self.depends.items()}
        return Turn(say=said, intents=intents, state=state, depends=depends)


def _begun(said: str) -> str:
    return said[0].upper() + said[1:]
