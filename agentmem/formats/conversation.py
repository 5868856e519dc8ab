"""What readers of conversations give: turns, questions, and what a format must offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from agentmem.errors import FormatError, InvalidInput
from agentmem.records import Json, Text, Time, Trust, Value

ROLES: dict[str, Trust] = {
    "user": Trust.USER,
    "human": Trust.USER,
    "assistant": Trust.AGENT,
    "agent": Trust.AGENT,
    "ai": Trust.AGENT,
    "model": Trust.AGENT,
    "chatgpt": Trust.AGENT,
    "system": Trust.AGENT,
    "developer": Trust.AGENT,
    "tool": Trust.TOOL,
    "function": Trust.TOOL,
    "web": Trust.WEB,
}
"""Trust by the role or name of the one who speaks, in lower case; people by any other name are users."""


class Correction(Value):
    """A turn says that an earlier one was wrong, or, with `since`, that it changed then."""

    id: Text
    why: Text = ""
    since: Time | None = None


class Turn(Value):
    """One thing said in a conversation."""

    id: Text = ""
    session: Text = ""
    time: Time | None = None
    actor: Text = ""
    trust: Trust = Trust.USER
    text: Text = ""
    data: Json = Field(default_factory=dict)
    corrects: Correction | None = None


class Question(Value):
    """A question about a conversation, with the turns that hold its answer.

    Attributes:
        text: The question.
        answer: Its answer, if there is one.
        trap: An answer that looks right and is wrong, where the file names one.
        evidence: Ids of turns.
        missing: Ids that were named as evidence and are no turn's.
        category: The kind of question, as the file numbers it.
    """

    text: Text
    answer: Text = ""
    trap: Text = ""
    evidence: tuple[Text, ...] = ()
    missing: tuple[Text, ...] = ()
    category: int = 0


class Conversation(Value):
    """One conversation of a file.

    Attributes:
        id: Tells the conversations of a file apart; empty where the format holds only one.
        format: The format's name, for people.
        title: What it is about, where the file says so.
        turns: In the order in which they were said.
        questions: About this conversation, where the file has them.
        warnings: What was ignored; those about the whole file stand with its first conversation.
    """

    id: Text = ""
    format: str
    title: Text = ""
    turns: tuple[Turn, ...]
    questions: tuple[Question, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source:
    """A file that was read: its name in messages, its text, and its JSON value if it is one (else None)."""

    name: str
    text: str
    document: Any = None


@dataclass(frozen=True)
class Format:
    """A format: its name for people, how it is recognised, and how it is read."""

    name: str
    recognises: Callable[[Source], bool]
    read: Callable[[Source], tuple[Conversation, ...]]


@dataclass
class Warnings:
    """Warnings of one file, each said once, with where it was seen first and how often."""

    seen: dict[str, tuple[str, int]] = field(default_factory=dict)

    def add(self, message: str, where: str) -> None:
        """Note `message` at `where` (a line or key)."""
        first, times = self.seen.get(message, (where, 0))
        self.seen[message] = first, times + 1

    def unknown(self, names: Iterable[str], known: Iterable[str], where: str) -> None:
        """Note every one of the field `names` that is not `known`."""
        for name in names:
            if name not in known:
                self.add(f"field {name!r} is unknown and ignored", where)

    def listed(self) -> tuple[str, ...]:
        """The warnings, in the order in which they were first seen."""
        return tuple(
            f"{message} ({first}{f', {times} times' if times > 1 else ''})"
            for message, (first, times) in self.seen.items()
        )


def moment(value: object, where: str) -> datetime | None:
    """The UTC moment of an ISO-8601 text (without a zone it is UTC) or of seconds since 1970.

    Raises:
        FormatError: `value` is neither, nor null.
    """
    if value is None or value == "":
        return None
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        if isinstance(value, str):
            parsed = datetime.fromisoformat(value)
            return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        pass
    raise FormatError(f"{where}: time {value!r} cannot be read", 'write ISO 8601, "2025-03-01T14:05:00Z"')


def turn(where: str, **fields: Any) -> Turn:
    """A turn, or an error that says where the file holds what cannot be kept.

    Raises:
        FormatError: a text holds a NUL or a lone surrogate, or the data are not JSON.
    """
    try:
        return Turn(**fields)
    except InvalidInput as error:
        raise FormatError(f"{where}: {error.message}", error.remedy) from error


def grouped(
    turns: Iterable[tuple[str, str, Turn]], format: str, warnings: Warnings
) -> tuple[Conversation, ...]:
    """A conversation for each name, its turns the oldest first.

    Args:
        turns: The name, where it stands in the file, and the turn.
        format: The format's name.
        warnings: Of the whole file.

    Raises:
        FormatError: two turns of a name have the same id.
    """
    groups: dict[str, list[tuple[str, Turn]]] = {}
    for name, where, said in turns:
        groups.setdefault(name, []).append((where, said))
    made: list[Conversation] = []
    for name, placed in groups.items():
        check_ids(placed)
        ordered = sorted((said for _, said in placed), key=lambda said: (said.time is None, said.time or 0))
        told = warnings.listed() if not made else ()
        made.append(Conversation(id=name, format=format, title=name, turns=tuple(ordered), warnings=told))
    return tuple(made)


def check_ids(turns: Iterable[tuple[str, Turn]]) -> None:
    """See to it that no two turns, each given with where it stands, have the same id.

    Raises:
        FormatError: two do.
    """
    places: dict[str, str] = {}
    for where, each in turns:
        if each.id and each.id in places:
            raise FormatError(
                f"{where}: id {each.id!r} was used before ({places[each.id]})",
                "give every turn its own id, or leave the ids out",
            )
        places[each.id] = where
