"""Who decides: a policy reads a prompt, and answers with an action, a subgoal too, or a retrieval."""

from __future__ import annotations

from typing import Protocol

from agentmem.records import Context, Text, Value


class Prompt(Value):
    """What a policy is shown.

    Attributes:
        rules: What a newcomer must know of the world.
        task: What is to be reached.
        context: What memory shows, fenced.
        note: What was wrong with the last answer, where it is asked for again; else empty.
        subgoals: Whether the memory takes subgoals: it closes one when the next is announced.
        retrieved: Numbers of the closed subgoals whose details the context shows because they were asked for.
        step: How many actions were taken before.
    """

    rules: Text
    task: Text
    context: Context
    note: Text = ""
    subgoals: bool = False
    retrieved: tuple[int, ...] = ()
    step: int = 0


class Decision(Value):
    """What a policy answers.

    Attributes:
        action: The action, as the world writes it; empty where something is to be retrieved first.
        subgoal: What is to be reached next; none: the open subgoal goes on. The same words as those of the
            open subgoal go on with it too.
        under: The number of the open subgoal that the new one is part of; 0: of none; none: beside the
            open one.
        retrieve: Numbers of closed subgoals whose details are wanted before an action is chosen.
        raw: What was answered, where that was text.
        tokens: Tokens that a model read and wrote for it.
        error: Why the answer could not be read; empty where it could. Then `action` is empty.
    """

    action: Text = ""
    subgoal: Text | None = None
    under: int | None = None
    retrieve: tuple[int, ...] = ()
    raw: Text = ""
    tokens: int = 0
    error: Text = ""


class Policy(Protocol):
    """Decides from a prompt alone: it is asked anew at every step and keeps nothing between two."""

    @property
    def name(self) -> str:
        """What it is called, as after `--policy`."""

    def decide(self, prompt: Prompt) -> Decision:
        """What to do next."""
