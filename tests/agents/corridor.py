"""A small world of the tests: a corridor of rooms; a key lies in one of them and is needed at the end."""

from __future__ import annotations

from collections.abc import Sequence

from agentmem.agents.environment import Outcome
from agentmem.agents.policy import Decision, Prompt


class Corridor:
    """Rooms 0 to `length`; the key is in room 0, the door in the last one."""

    name = "corridor"
    rules = "Actions: go east, go west, take key, open door."
    task = "Goal: the door is open."

    def __init__(self, length: int = 6, fails_at: int | None = None) -> None:
        self.length = length
        self.fails_at = fails_at
        self.reset()

    def reset(self) -> Outcome:
        self.at, self.key, self.open, self.count = 0, False, False, 0
        return Outcome(
            text="You are in room 0. The key is in room 0.",
            facts={"You are in room 0.": True, "The key is in room 0.": True},
        )

    def step(self, action: str) -> Outcome:
        self.count += 1
        if self.count == self.fails_at:
            raise RuntimeError("the roof fell in")
        if action == "take key" and self.at == 0 and not self.key:
            self.key = True
            return Outcome(
                text="You have the key. The key is not in room 0.",
                facts={"You have the key.": True, "The key is in room 0.": "The key is not in room 0."},
            )
        if action == "open door" and self.at == self.length and self.key:
            self.open = True
            return Outcome(text="The door is open.", facts={"The door is open.": True})
        moves = {"go east": 1, "go west": -1}
        after = self.at + moves.get(action, 0)
        if action in moves and 0 <= after <= self.length:
            before, self.at = self.at, after
            return Outcome(
                text=f"You are in room {after}. You are not in room {before}.",
                facts={
                    f"You are in room {after}.": True,
                    f"You are in room {before}.": f"You are not in room {before}.",
                },
            )
        return Outcome(text=f"You cannot {action} here.", valid=False)

    def actions(self) -> Sequence[str]:
        return ["go east", "go west", "open door", "take key"]

    def progress(self) -> float:
        return float(self.open)

    def solved(self) -> bool:
        return self.open


class Walker:
    """Takes the key, walks east, and opens the door, by what the context says of the key and the room."""

    name = "walker"

    def __init__(self, length: int = 6) -> None:
        self.length = length
        self.asked = 0

    def decide(self, prompt: Prompt) -> Decision:
        self.asked += 1
        text = prompt.context.text
        if "You have the key." not in text:
            return Decision(subgoal="get the key", action="take key")
        if f"You are in room {self.length}." in text:
            return Decision(subgoal="open the door", action="open door")
        return Decision(subgoal="walk to the door", action="go east")
