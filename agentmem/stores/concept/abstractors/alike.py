"""Whether a new concept is one that is held already, by another title: nearness asks, and the model says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Literal

from pydantic import Field

from agentmem.fence import fence
from agentmem.models.base import ChatModel, user
from agentmem.stores.concept.abstractors.base import Memory
from agentmem.stores.concept.abstractors.model_entries import EntrySaid
from agentmem.stores.concept.asking import PromptPolicy, Said, ask, clipped, render
from agentmem.stores.concept.entry import Concept, compressed
from agentmem.stores.concept.naming import normal

LOOKED_AT = 3
"""Concepts nearest to a new one that are held against it."""
ANSWER_TOKENS = 300


class VerdictSaid(Said):
    """Whether the two of a pair say the same."""

    pair: int
    answer: Literal["same", "different", "unsure"]


class VerdictsSaid(Said):
    """What a model answers."""

    verdicts: list[VerdictSaid] = Field(max_length=40)


class Alike:
    """New concepts held against those that are nearest to them.

    Args:
        memory: What is held.
        model: Who decides.
        policy: From which likeness on it is asked.
    """

    def __init__(self, memory: Memory, model: ChatModel, policy: PromptPolicy) -> None:
        self._memory = memory
        self._model = model
        self._policy = policy

    def near(self, entry: EntrySaid) -> Concept | None:
        """The held concept that may be the same as a new one; none where nothing is so near."""
        words = ". ".join(part for part in (entry.title, entry.description) if part.strip())
        found = [one for one in self._memory.near(words, LOOKED_AT) if one[0].form == "ps"]
        if not found:
            return None
        scored = [
            (max(cosine, _letters(entry, one)), -place, one) for place, (one, cosine) in enumerate(found)
        ]
        score, _, best = max(scored, key=lambda one: one[:2])
        return best if score >= self._policy.least_alike else None

    def verdicts(self, pairs: Sequence[tuple[EntrySaid, Concept]]) -> Mapping[int, str]:
        """`same`, `different` or `unsure` of each pair, by its place; what is not answered is unsure."""
        if not pairs:
            return {}
        lines = [
            f"{number}. new: {_told(entry, self._policy)}\n   held: {_held(held, self._policy)}"
            for number, (entry, held) in enumerate(pairs, 1)
        ]
        asked = [user(render("same", pairs=fence("\n".join(lines))))]
        answer = ask(self._model, asked, VerdictsSaid, ANSWER_TOKENS)
        unsure = dict.fromkeys(range(len(pairs)), "unsure")
        if isinstance(answer, str):
            return unsure
        said: dict[int, set[str]] = {}
        for one in answer.verdicts:
            said.setdefault(one.pair - 1, set()).add(one.answer)
        return {
            place: next(iter(words)) if len(words) == 1 else "unsure"
            for place, words in {**{one: {"unsure"} for one in unsure}, **said}.items()
            if place in unsure
        }


def _letters(entry: EntrySaid, held: Concept) -> float:
    """How much alike two titles are, letter by letter."""
    return SequenceMatcher(None, normal(entry.title[:200]), normal(held.title[:200])).ratio()


def _told(entry: EntrySaid, policy: PromptPolicy) -> str:
    taken = ", ".join(f"{one.name}: {one.type}" for one in entry.parameters)
    return clipped(f"{entry.title}({taken}) -> {entry.output or '?'}. {entry.description}", policy.line)


def _held(held: Concept, policy: PromptPolicy) -> str:
    return clipped(f"{compressed(held)}. {held.description}", policy.line)
