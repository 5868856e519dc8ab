"""What an agent acts in: an environment that is reset, takes actions as text, and says what can be seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from pydantic import Field

from agentmem.records import Text, Value


class Outcome(Value):
    """What an action led to, or what is seen at the start.

    Attributes:
        text: What the agent is told, in sentences. Everything in `facts` is said in it.
        facts: What `text` says of facts, by the sentence that tells a fact where it holds: True, or the
            sentence of `text` that says that it does not hold. Empty where an environment does not tell
            facts apart.
        valid: Whether the action could be carried out; where not, `text` says why, and nothing changed.
    """

    text: Text
    facts: Mapping[str, bool | str] = Field(default_factory=dict)
    valid: bool = True


@runtime_checkable
class Environment(Protocol):
    """A world that is acted in by text. Deterministic: the same seed and actions give the same outcomes."""

    @property
    def name(self) -> str:
        """Which world it is, as in `agentmem run WORLD`."""

    @property
    def rules(self) -> str:
        """What a newcomer must know, in words: what there is, and how actions are written."""

    @property
    def task(self) -> str:
        """What is to be reached in this episode, in words; after `reset`."""

    def reset(self) -> Outcome:
        """Begin the episode anew; what is seen first."""

    def step(self, action: str) -> Outcome:
        """Carry out an action. What cannot be done, or is no action, is an invalid outcome, no error."""

    def actions(self) -> Sequence[str]:
        """The actions that can be carried out now, as they are written."""

    def progress(self) -> float:
        """The share of goal conditions that hold now, 0 to 1."""

    def solved(self) -> bool:
        """Whether the goal holds now."""


@runtime_checkable
class Plannable(Protocol):
    """An environment that knows a way to its goal: for an upper bound."""

    def plan(self) -> Sequence[str] | None:
        """Actions that lead from here to the goal; none where no plan was found."""
