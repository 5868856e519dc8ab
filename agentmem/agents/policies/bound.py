"""The memory-bound policy: it knows the rules of a world, and of its state what the context says, no more."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from agentmem.agents.language import Atom, Language, readable, sentences
from agentmem.agents.policy import Decision, Prompt
from agentmem.agents.strategies.belief import Belief, Goal, Move, Need, Strategy

WAIT = "wait"
"""What it does where it knows nothing to do: no action of any world."""
SENTENCES = 10_000
"""Of so many sentences it is kept what they say."""
_SUBGOAL = re.compile(r"Subgoal [a-z]?(\d+)")
_FENCED = re.compile(r"^<memory-([0-9a-f]+)>\n(.*?)\n</memory-\1>$", re.MULTILINE | re.DOTALL)


class BoundPolicy:
    """Decides by a strategy from what stands inside the fence of the context, and keeps nothing.

    It is deterministic, and fails where memory fails to carry a fact. Where one is missing it asks for the
    details of closed subgoals that name what the fact is about, once a decision; then it goes and looks.
    """

    name = "bound"

    def __init__(
        self, strategy: Strategy, language: Language, objects: Mapping[str, str], *, retrievals: int = 3
    ) -> None:
        """Set up what does not change.

        Args:
            strategy: The rules of the world.
            language: Its sentences.
            objects: The types of its objects, by name.
            retrievals: For how many subgoals one decision asks at most.
        """
        self._strategy = strategy
        self._language = language
        self._objects = dict(objects)
        self._retrievals = retrievals
        self._read = lru_cache(SENTENCES)(self._reading)

    def decide(self, prompt: Prompt) -> Decision:
        """What to do next, by what the prompt shows."""
        shown = "\n".join(found[2] for found in _FENCED.finditer(prompt.context.text))
        belief = Belief(self._told(shown))
        found = self._strategy(belief, self._goal(prompt), self._objects)
        if isinstance(found, Need):
            asked = self._recalling(found, shown, prompt)
            if asked:
                return Decision(retrieve=asked)
            found = found.otherwise
        return self._answer(found, prompt)

    def _answer(self, move: Move | None, prompt: Prompt) -> Decision:
        if move is None:
            return Decision(action=WAIT)
        subgoal = move.subgoal if prompt.subgoals else None
        return Decision(action=self._language.action(move.action), subgoal=subgoal)

    def _goal(self, prompt: Prompt) -> Goal:
        return tuple(self._told(prompt.task))

    def _told(self, text: str) -> Iterable[tuple[Atom, bool]]:
        """The facts that a text tells, in order, as `Language.facts_in` has them."""
        return (told for sentence in sentences(text) for told in self._read(sentence))

    def _reading(self, sentence: str) -> tuple[tuple[Atom, bool], ...]:
        return tuple(self._language.facts_in(sentence))

    def _recalling(self, need: Need, shown: str, prompt: Prompt) -> tuple[int, ...]:
        """The subgoals to ask for: those whose lines name what is wanted, the newest first."""
        if not prompt.subgoals or prompt.retrieved:
            return ()
        lines = [(int(found[1]), line) for line in shown.splitlines() if (found := _SUBGOAL.search(line))]
        del lines[-1:]  # the last is the one that goes on: its details are shown
        asked: dict[int, None] = {}
        for name in need.about:
            named = re.compile(rf"\b{re.escape(readable(name))}\b", re.IGNORECASE)
            asked |= dict.fromkeys(
                sorted((number for number, line in lines if named.search(line)), reverse=True)
            )
        return tuple(asked)[: self._retrievals]
