"""A trim that asks a language model: a bounded prompt, a structured answer, and nothing that was not said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, Field, model_validator

from agentmem.models import ChatModel, system, user
from agentmem.prompts import render
from agentmem.records import Event
from agentmem.stores.task.operations import (
    LONGEST_TITLE,
    Add,
    Check,
    Complete,
    Depend,
    Merge,
    Operation,
    Rollback,
    Update,
)
from agentmem.stores.task.trim import Forest, Intent, Slot, Subtask
from agentmem.synthesis.cut import ELLIPSIS
from agentmem.synthesis.render import inline

SHOWN = 24
"""Slots that the prompt shows at most."""
PAST = 4
"""Earlier values of a slot that the prompt shows at most: the latest ones."""
CHARS = 200
"""Characters of a title or value that the prompt shows."""
ANSWER_TOKENS = 400
"""Tokens of an answer at most, by default."""
INTENTS: Mapping[str, Intent] = {
    "new": "new",
    "update": "update",
    "rollback": "rollback",
    "merge": "merge",
    "depend": "depend",
    "check": "check",
    "done": "update",
}
"""The intent of a subtask by that of a piece."""


class Piece(BaseModel):
    """One piece of an utterance, as a model says it."""

    intent: Literal["new", "update", "rollback", "merge", "depend", "done", "check"]
    slot: int | None = None
    title: str = ""
    value: str = ""
    on: list[int] = Field(default_factory=list)


class Pieces(BaseModel):
    """What a model answers."""

    pieces: list[Piece] = Field(max_length=12)


class ModelTrim:
    """Reads utterances by a language model. The prompt shows the slots nearby, not the whole forest.

    Args:
        model: The model.
        answer_tokens: How long an answer may be.
    """

    def __init__(self, model: ChatModel, answer_tokens: int = ANSWER_TOKENS) -> None:
        self.model = model
        self.answer_tokens = answer_tokens

    def read(self, said: Event, forest: Forest) -> list[Subtask]:
        """The subtasks of what was said.

        Raises:
            ModelOutputError: the answer names what is not there, or a value that nobody said, twice.
            Unavailable: the model does not answer.
        """
        known = forest.nearby([said.text])
        slots = sorted((one for one in known if one.kind == "step"), key=lambda slot: slot.recency)[:SHOWN]
        slots.sort(key=lambda slot: slot.recency, reverse=True)
        task = min((one for one in known if one.kind == "task"), key=lambda slot: slot.recency, default=None)
        shown = [_shown(slot) for slot in slots]
        undertaking = "" if task is None else _begun(task.slot)
        prompt = render(__package__, "trim", slots=shown, undertaking=undertaking)
        asked = [system(prompt), user(said.text)]
        answer = self.model.complete(asked, schema=_held_to(said.text, slots), max_tokens=self.answer_tokens)
        pieces = answer.value.pieces if answer.value is not None else []
        return _subtasks(said, pieces, slots, task)


def _shown(slot: Slot) -> Slot:
    """A slot as the prompt shows it: each text on one line, and no more of them than say what it is."""
    value = None if slot.value is None else _begun(slot.value)
    past = tuple(map(_begun, slot.past[-PAST:]))
    return slot.altered({"slot": _begun(slot.slot), "value": value, "past": past})


def _begun(text: str) -> str:
    line = inline(text[: 2 * CHARS])
    return line if len(line) <= CHARS else line[:CHARS] + ELLIPSIS


def _held_to(text: str, slots: Sequence[Slot]) -> type[Pieces]:
    """The schema of an answer to `text`: numbers of slots that there are, values that were said."""

    class Answer(Pieces):
        @model_validator(mode="after")
        def _is_about_what_was_said(self) -> Answer:
            most = len(slots) + sum(piece.intent == "new" for piece in self.pieces)
            for piece in self.pieces:
                _check_piece(piece, text, slots, most)
            return self

    return Answer


def _check_piece(piece: Piece, text: str, slots: Sequence[Slot], most: int) -> None:
    """Go on where a piece can be carried out.

    Raises:
        ValueError: it cannot.
    """
    for number in [*([] if piece.slot is None else [piece.slot]), *piece.on]:
        if not 1 <= number <= most:
            raise ValueError(f"there is no slot {number}: there are slots 1 to {most}")
    if piece.intent == "new":
        if not piece.title.strip():
            raise ValueError("a new slot needs a title")
        if len(piece.title.strip()) > LONGEST_TITLE:
            raise ValueError(f"a title has at most {LONGEST_TITLE} characters")
    elif piece.intent != "check" and piece.slot is None:
        raise ValueError(f"the piece {piece.intent!r} names no slot")
    if piece.intent == "depend" and not piece.on:
        raise ValueError("a dependency needs the numbers of what it depends on")
    if piece.intent == "update" and not _said(piece.value, text):
        raise ValueError(f"the value {piece.value!r} is not in what the user said: copy it from there")
    if piece.intent == "rollback" and piece.value:
        past = slots[piece.slot - 1].past if piece.slot and piece.slot <= len(slots) else ()
        if not any(_folded(piece.value) == _folded(value) for value in past):
            had = [_begun(value) for value in past[-PAST:]]
            raise ValueError(f"the slot never had the value {piece.value!r}: its values were {had}")


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _said(value: str, text: str) -> bool:
    return bool(value.strip()) and _folded(value) in _folded(text)


def _subtasks(
    said: Event, pieces: Sequence[Piece], slots: Sequence[Slot], task: Slot | None
) -> list[Subtask]:
    ids = [slot.id for slot in slots]
    parent = (task.id,) if task is not None else ()
    ids += [f"new:{number}" for number in range(sum(piece.intent == "new" for piece in pieces))]
    made = iter(ids[len(slots) :])
    found = []
    for piece in pieces:
        handle = next(made) if piece.intent == "new" else ""
        node = ids[piece.slot - 1] if piece.slot is not None else ""
        operation = _operation(piece, node, handle, tuple(ids[number - 1] for number in piece.on), parent)
        found.append(Subtask(intent=INTENTS[piece.intent], text=said.text, operations=(operation,)))
    return found


def _operation(
    piece: Piece, node: str, handle: str, on: tuple[str, ...], parent: tuple[str, ...]
) -> Operation:
    match piece.intent:
        case "new":
            return Add(slot=piece.title.strip(), parents=parent, handle=handle)
        case "update":
            return Update(node=node, value=piece.value.strip())
        case "rollback":
            return Rollback(node=node, to=piece.value.strip() or None)
        case "merge":
            return Merge(node=node, shared_with=piece.title.strip())
        case "depend":
            return Depend(node=node, on=on)
        case "done":
            return Complete(node=node)
        case "check":
            return Check(nodes=(node,) if node else ())
