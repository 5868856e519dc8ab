"""Gates with repair rounds: what is kept out is asked for once more, with the reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, NamedTuple, TypeVar

from agentmem.fence import fence
from agentmem.models.base import ChatModel, assistant, user
from agentmem.stores.concept.asking import Said, ask, clipped, excerpt, render
from agentmem.stores.concept.gates import Fault
from agentmem.stores.concept.naming import normal

E = TypeVar("E", bound=Said)
A = TypeVar("A", bound=Said)
MOST_FAULTS = 5
"""Faults of an entry that a model is told at once."""
NAME_CHARS = 200
"""Characters by which entries are told apart."""


class Kept(NamedTuple, Generic[E]):
    """What passed the gates, and what did not, with all that is wrong with it."""

    sound: list[E]
    faulty: list[tuple[E, list[Fault]]]


def checked(entries: Sequence[E], check: Callable[[E], list[Fault]]) -> Kept[E]:
    """The entries by whether a check finds fault with them."""
    found = [(entry, check(entry)) for entry in entries]
    return Kept([entry for entry, wrong in found if not wrong], [one for one in found if one[1]])


@dataclass(frozen=True)
class Answers(Generic[A, E]):
    """The form of an answer that lists entries.

    Attributes:
        schema: Of the answer.
        entries: Those of an answer.
        made: An answer of such entries, as the model would have said it.
        called: What an entry is about, by which it is told from others.
    """

    schema: type[A]
    entries: Callable[[A], list[E]]
    made: Callable[[list[E]], A]
    called: Callable[[E], str]


class Repairs(Generic[A, E]):
    """Asks for faulty entries once more, beside the prompt from which they came.

    Args:
        model: Who is asked.
        prompt: From which the entries came.
        answers: Their form.
        tokens: Of the answer at most.
    """

    def __init__(self, model: ChatModel, prompt: str, answers: Answers[A, E], tokens: int) -> None:
        self._model = model
        self._prompt = prompt
        self._answers = answers
        self._tokens = tokens

    def until_sound(self, entries: Sequence[E], check: Callable[[E], list[Fault]], rounds: int) -> Kept[E]:
        """The entries after at most `rounds` repairs; what the model leaves out of one is given up."""
        sound, faulty = checked(entries, check)
        given_up: list[tuple[E, list[Fault]]] = []
        for _ in range(rounds):
            if not faulty:
                break
            again = self._once_more(faulty)
            if again is None:
                break
            corrected, left_out = self._matched(faulty, again)
            given_up += left_out
            more, faulty = checked(corrected, check)
            sound = [*sound, *more]
        return Kept(sound, [*given_up, *faulty])

    def _once_more(self, faulty: Sequence[tuple[E, list[Fault]]]) -> list[E] | None:
        told = self._answers.made([entry for entry, _ in faulty]).model_dump_json(exclude_defaults=True)
        lines = []
        for number, (entry, wrong) in enumerate(faulty, 1):
            lines.append(f"{number}. {clipped(self._answers.called(entry), 80) or '(without a name)'}")
            lines += [f"   - {clipped(fault.reason, 200)}" for fault in wrong[:MOST_FAULTS]]
        asked = [
            user(self._prompt),
            assistant(excerpt(told, self._tokens)),
            user(render("repair", wrong=fence("\n".join(lines)))),
        ]
        answer = ask(self._model, asked, self._answers.schema, self._tokens)
        return None if isinstance(answer, str) else self._answers.entries(answer)

    def _matched(
        self, faulty: Sequence[tuple[E, list[Fault]]], again: Sequence[E]
    ) -> tuple[list[E], list[tuple[E, list[Fault]]]]:
        """What came again of the faulty entries, told by the likeness of names, and those that did not."""
        likeness = sorted(
            (-SequenceMatcher(None, self._name(one), self._name(entry)).ratio(), place, other)
            for place, entry in enumerate(again)
            for other, (one, _) in enumerate(faulty)
        )
        of_entry: dict[int, int] = {}
        matched: dict[int, int] = {}
        for _, place, other in likeness:
            if place not in of_entry and other not in matched:
                of_entry[place], matched[other] = other, place
        left = [one for other, one in enumerate(faulty) if other not in matched]
        return [again[matched[other]] for other in sorted(matched)], left

    def _name(self, entry: E) -> str:
        return normal(self._answers.called(entry)[:NAME_CHARS])
