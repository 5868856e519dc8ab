"""What the benchmark of layered memory reads and writes: items, queries and feedback, JSON lines."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from agentmem.errors import FormatError, InvalidInput, NotFound
from agentmem.records import Time, clean_text

REMEDY = "see `agentmem bench layered --example`"

Said = Annotated[str, Field(min_length=1), AfterValidator(clean_text)]


class _Line(BaseModel):
    """A line of the file; keys that it does not name are passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    time: Time


class Item(_Line):
    """Something that is remembered.

    Attributes:
        item: Its id.
        text: What it says.
        importance: 0 to 100, where it is known.
        layer: The layer in which it begins, or a kind that the policy has an entrance for, where it is known.
    """

    item: Said
    text: Said
    importance: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    layer: Said | None = None


class Query(_Line):
    """A question, with what a memory should recall for it and what would have been right once.

    Attributes:
        query: Its id.
        text: The question.
        relevant: Saids of items that matter then.
        expired: Saids of items that are about it and matter no more.
    """

    query: Said
    text: Said
    relevant: tuple[Said, ...] = ()
    expired: tuple[Said, ...] = ()


class Feedback(_Line):
    """That an item was of use, or misled.

    Attributes:
        feedback: The id of the item.
        value: -1 (it misled) to 1 (it was of use).
    """

    feedback: Said
    value: Annotated[float, Field(ge=-1, le=1, allow_inf_nan=False)] = 1.0


Line: TypeAlias = Item | Query | Feedback
_KINDS: dict[str, type[Item] | type[Query] | type[Feedback]] = {
    "item": Item,
    "query": Query,
    "feedback": Feedback,
}


@dataclass(frozen=True)
class Stream:
    """What happens to a memory, in time order.

    Attributes:
        lines: Items, queries and feedback.
        sorted: How many lines did not stand in time order, and were put there.
    """

    lines: tuple[Line, ...]
    sorted: int = 0

    @property
    def items(self) -> list[Item]:
        """The items, in time order."""
        return [line for line in self.lines if isinstance(line, Item)]

    @property
    def queries(self) -> list[Query]:
        """The queries, in time order."""
        return [line for line in self.lines if isinstance(line, Query)]

    @property
    def feedback(self) -> list[Feedback]:
        """The feedback, in time order."""
        return [line for line in self.lines if isinstance(line, Feedback)]


def read(file: Path, layers: Collection[str] | None = None) -> Stream:
    """Read a fading stream, JSON lines.

    Args:
        file: The file.
        layers: Names that layers of items may have; none: any.

    Raises:
        NotFound: there is no such file.
        FormatError: it is not as the format says: names the file, the line and the key.
    """
    if not file.is_file():
        raise NotFound(f"{file} does not exist", "give a file of JSON lines")
    try:
        text = file.read_text(encoding="utf-8-sig")
    except ValueError as error:
        raise FormatError(f"{file} is no UTF-8: {error}", REMEDY) from error
    try:
        return parsed(text.split("\n"), layers)
    except _Fault as fault:
        raise FormatError(f"{file}, {fault}", REMEDY) from fault


class _Fault(ValueError):
    """What is wrong with a line."""

    def __init__(self, number: int, message: str) -> None:
        super().__init__(f"line {number}: {message}" if number else message)


def parsed(lines: Iterable[str], layers: Collection[str] | None = None) -> Stream:
    """The stream that JSON lines say; blank ones are passed over; see `read`.

    Raises:
        ValueError: a line is not as the format says.
    """
    numbered = [(number, _line(number, text)) for number, text in enumerate(lines, 1) if text.strip()]
    ordered = sorted(numbered, key=lambda one: one[1].time)  # stable: lines of one moment stay as they stand
    for kind, name in ((Item, "an item"), (Query, "a query")):
        if not any(isinstance(line, kind) for _, line in ordered):
            raise _Fault(0, f"there is not {name} in it")
    _check(ordered)
    if layers is not None:
        _check_layers(ordered, layers)
    return Stream(tuple(line for _, line in ordered), _out_of_order(numbered))


def _line(number: int, text: str) -> Line:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _Fault(number, f"no JSON: {error}") from error
    if not isinstance(data, dict):
        raise _Fault(number, "no object")
    kinds = [kind for kind in _KINDS if kind in data]
    if len(kinds) != 1:
        said = " and ".join(kinds) or "none of them"
        raise _Fault(number, f"one of the keys {', '.join(_KINDS)} tells what it is; there is {said}")
    given = {key: value for key, value in data.items() if value is not None}
    try:
        return _KINDS[kinds[0]].model_validate(given)
    except ValidationError as error:
        fault = error.errors()[0]
        place = ".".join(str(part + 1) if isinstance(part, int) else str(part) for part in fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        raise _Fault(number, f"{place}: {message}") from error
    except InvalidInput as error:  # our own errors of values pass through pydantic as they are
        raise _Fault(number, error.message) from error


def _check(ordered: Sequence[tuple[int, Line]]) -> None:
    """See to it that ids are distinct and that nothing is named before it is there."""
    times: dict[str, datetime] = {}
    asked: set[str] = set()
    for number, line in ordered:
        if isinstance(line, Item):
            if line.item in times:
                raise _Fault(number, f"there is an item {line.item!r} already")
            times[line.item] = line.time
    for number, line in ordered:
        if isinstance(line, Query):
            if line.query in asked:
                raise _Fault(number, f"there is a query {line.query!r} already")
            asked.add(line.query)
            both = set(line.relevant) & set(line.expired)
            if both:
                raise _Fault(number, f"{sorted(both)[0]!r} is relevant and expired at once")
        for key, id in _named(line):
            if id not in times:
                raise _Fault(number, f"{key}: {id!r} is the id of no item")
            if times[id] > line.time:
                raise _Fault(number, f"{key}: item {id!r} is of a later time")


def _check_layers(ordered: Sequence[tuple[int, Line]], layers: Collection[str]) -> None:
    for number, line in ordered:
        if isinstance(line, Item) and line.layer is not None and line.layer not in layers:
            known = ", ".join(layers)
            raise _Fault(number, f"layer: the policy has no {line.layer!r}; it has: {known}; see --policy")


def _named(line: Line) -> Iterator[tuple[str, str]]:
    if isinstance(line, Query):
        yield from (("relevant", id) for id in line.relevant)
        yield from (("expired", id) for id in line.expired)
    elif isinstance(line, Feedback):
        yield "feedback", line.feedback


def _out_of_order(numbered: Sequence[tuple[int, Line]]) -> int:
    latest, late = None, 0
    for _, line in numbered:
        if latest is not None and line.time < latest:
            late += 1
        else:
            latest = line.time
    return late


def written(stream: Stream) -> str:
    """The stream as JSON lines."""
    return "".join(f"{json.dumps(_told(line), ensure_ascii=False)}\n" for line in stream.lines)


def _told(line: Line) -> dict[str, Any]:
    data = line.model_dump(mode="json", exclude_none=True)
    kind = next(key for key in _KINDS if key in data)
    return {kind: data.pop(kind), **data}
