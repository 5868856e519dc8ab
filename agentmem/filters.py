"""The filter language: one small, typed language for every store.

    actor = "Maya" and time >= "2025-03-01" and not (type in ["note", "plan"])
    metadata.tags contains "travel" or exists payload.result.code

Fields are those of a record (`FIELDS`) and paths under `metadata.` and `payload.`; `source` is any of the
events that it rests on, `namespace` its path (`acme/user-7`). `contains` means substring of a text and
member of a list. A comparison with a field that is absent is false, and so is one between unlike types;
`not` negates that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, model_validator

from agentmem.errors import InvalidFilter

Scalar = str | int | float | bool | None
Operator = Literal["=", "!=", "<", "<=", ">", ">=", "in", "contains", "exists"]

LONGEST = 10_000
"""Characters of an expression: some seconds of parsing."""
MOST = 500
"""Parts of a filter: a database has a limit on the size of an expression."""
DEEPEST = 50
"""How deep parts may stand in each other."""

FIELDS: dict[str, type] = {
    "id": str,
    "type": str,
    "key": str,
    "text": str,
    "actor": str,
    "session": str,
    "source": str,
    "namespace": str,
    "state": str,
    "trust": str,
    "version": int,
    "pinned": bool,
    "time": datetime,
    "valid_from": datetime,
    "valid_to": datetime,
    "due_at": datetime,
    "expires_at": datetime,
}

JOINED = frozenset({"source", "namespace"})
"""Those that are compared for equality alone: they stand beside the record."""

GRAMMAR = r"""
?start: or
?or: and (_OR and)*
?and: not (_AND not)*
?not: _NOT not -> negation
    | _EXISTS FIELD -> exists
    | FIELD OPERATOR value -> comparison
    | FIELD _IN members -> membership
    | FIELD _CONTAINS value -> containment
    | "(" or ")"
members: "[" [value ("," value)*] "]"
?value: ESCAPED_STRING -> string
    | SIGNED_NUMBER -> number
    | "true"i -> true
    | "false"i -> false
    | "null"i -> null
_OR: /or\b/i
_AND: /and\b/i
_NOT: /not\b/i
_EXISTS: /exists\b/i
_IN: /in\b/i
_CONTAINS: /contains\b/i
OPERATOR: "!=" | "<=" | ">=" | "=" | "<" | ">"
FIELD: /(?!(?:and|or|not|in|contains|exists|true|false|null)\b)[A-Za-z_][\w-]*(\.[\w-]+)*/
%import common.ESCAPED_STRING
%import common.SIGNED_NUMBER
%import common.WS
%ignore WS
"""


class Node(BaseModel):
    """Base of the parsed forms."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Comparison(Node):
    """`field operator value`; `value` is a list for `in`, and unused for `exists`."""

    kind: Literal["comparison"] = "comparison"
    field: str
    operator: Operator
    value: Scalar | tuple[Scalar, ...] = None

    @model_validator(mode="after")
    def _typed(self) -> Comparison:
        values = self.value if isinstance(self.value, tuple) else (self.value,)
        for text in (self.field, *(value for value in values if isinstance(value, str))):
            _storable(text)
        if isinstance(self.value, tuple) and self.operator not in ("in", "exists"):
            raise InvalidFilter(f"filter compares {self.field!r} with a list by {self.operator}", "use `in`")
        root, _, rest = self.field.partition(".")
        if root in ("metadata", "payload") and rest:
            return self
        if self.field not in FIELDS:
            raise InvalidFilter(
                f"filter names an unknown field {self.field!r}",
                f"use metadata.NAME, payload.NAME or one of {', '.join(FIELDS)}",
            )
        if self.field in JOINED and self.operator not in ("=", "!=", "in"):
            raise InvalidFilter(f"filter compares {self.field!r} by {self.operator}", "use =, != or in")
        if self.operator == "exists":
            return self
        if self.operator == "contains" and FIELDS[self.field] is not str:
            raise InvalidFilter(
                f"filter: {self.field!r} holds no text, so it cannot contain anything", "use =, < or >"
            )
        for value in values:
            self._check(value)
        return self

    def _check(self, value: Scalar) -> None:
        wanted = FIELDS[self.field]
        if value is None:
            if self.operator in ("=", "!="):
                return
        elif wanted is datetime:
            moment(self.field, value)
            return
        elif isinstance(value, wanted) and not (wanted is int and isinstance(value, bool)):
            return
        raise InvalidFilter(
            f"filter compares {self.field!r} with {value!r}, which is not {wanted.__name__}",
            f"give a {wanted.__name__}",
        )


_SURROGATE = re.compile("[\ud800-\udfff]")


def _storable(text: str) -> None:
    """Refuse what no record can hold, and what a database takes for the end of a text."""
    for what, is_held in (
        ("a NUL character", "\x00" in text),
        ("a lone surrogate", _SURROGATE.search(text) is not None),
    ):
        if is_held:
            raise InvalidFilter(f"filter holds {what}: {text!r}", "leave it out: no record can hold it")


class And(Node):
    """All of the parts hold."""

    kind: Literal["and"] = "and"
    parts: tuple[Filter, ...]


class Or(Node):
    """At least one of the parts holds."""

    kind: Literal["or"] = "or"
    parts: tuple[Filter, ...]


class Not(Node):
    """The part does not hold."""

    kind: Literal["not"] = "not"
    part: Filter


Filter = Annotated[Comparison | And | Or | Not, Field(discriminator="kind")]
And.model_rebuild()
Or.model_rebuild()
Not.model_rebuild()


def not_among(ids: Iterable[str]) -> Filter:
    """A filter that lets pass what has none of these ids."""
    return Not(part=Comparison(field="id", operator="in", value=tuple(ids)))


def but_for_ids(filter: Filter) -> tuple[set[str], Filter | None]:
    """The ids that a filter leaves out as `not_among` does, and what else it asks (none: nothing)."""
    if isinstance(filter, And):
        ids: set[str] = set()
        rest: list[Filter] = []
        for part in filter.parts:
            named, other = but_for_ids(part)
            ids |= named
            rest += [] if other is None else [other]
        return ids, And(parts=tuple(rest)) if rest else None
    if isinstance(filter, Not) and isinstance(filter.part, Comparison):
        named_by = filter.part
        if named_by.field == "id" and named_by.operator == "in":
            values = named_by.value if isinstance(named_by.value, tuple) else (named_by.value,)
            return {str(value) for value in values}, None
    return set(), filter


def moment(field: str, value: Scalar) -> datetime:
    """The UTC moment that an ISO-8601 text names; a date alone is its midnight, no zone is UTC.

    Raises:
        InvalidFilter: `value` is not such a text.
    """
    try:
        parsed = datetime.fromisoformat(cast(str, value))
        return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise InvalidFilter(
            f"filter compares the time {field!r} with {value!r}", 'write ISO-8601, "2025-03-01T12:00Z"'
        ) from error


def bounded(filter: Filter) -> Filter:
    """Return `filter`, or refuse what is too large for a database.

    Raises:
        InvalidFilter: it has too many parts, or they stand too deep in each other.
    """
    parts = 0
    level: list[Filter] = [filter]
    for _ in range(DEEPEST):
        parts += len(level)
        if parts > MOST:
            raise InvalidFilter(f"filter has more than {MOST} parts", "compare with many values by `in`")
        level = [
            part
            for node in level
            if not isinstance(node, Comparison)
            for part in ((node.part,) if isinstance(node, Not) else node.parts)
        ]
        if not level:
            return filter
    raise _too_deep()


def parsed(filter: Filter | str) -> Filter:
    """`filter` in its parsed form, however it was given.

    Raises:
        InvalidFilter: it does not parse, or is too large.
    """
    return parse(filter) if isinstance(filter, str) else bounded(filter)


def _too_deep() -> InvalidFilter:
    return InvalidFilter(f"filter is nested more than {DEEPEST} deep", "take parentheses and `not`s out")


@cache
def _parser() -> Any:
    import lark

    class Build(lark.Transformer[Any, Any]):
        def string(self, items: list[Any]) -> str:
            import json

            return cast(str, json.loads(items[0]))

        def number(self, items: list[Any]) -> int | float:
            text = str(items[0])
            return float(text) if any(mark in text for mark in ".eE") else int(text)

        def true(self, _: list[Any]) -> bool:
            return True

        def false(self, _: list[Any]) -> bool:
            return False

        def null(self, _: list[Any]) -> None:
            return None

        def members(self, items: list[Any]) -> tuple[Scalar, ...]:
            return () if items == [None] else tuple(items)

        def comparison(self, items: list[Any]) -> Comparison:
            return Comparison(field=str(items[0]), operator=cast(Operator, str(items[1])), value=items[2])

        def membership(self, items: list[Any]) -> Comparison:
            return Comparison(field=str(items[0]), operator="in", value=items[1])

        def containment(self, items: list[Any]) -> Comparison:
            return Comparison(field=str(items[0]), operator="contains", value=items[1])

        def exists(self, items: list[Any]) -> Comparison:
            return Comparison(field=str(items[0]), operator="exists")

        def negation(self, items: list[Any]) -> Not:
            return Not(part=items[0])

        def __default__(self, data: Any, children: list[Any], meta: Any) -> Any:
            return (And if data == "and" else Or)(parts=tuple(children))

    return lark.Lark(GRAMMAR, parser="earley", ambiguity="resolve"), Build()


def parse(expression: str) -> Filter:
    """Parse a filter expression.

    Raises:
        InvalidFilter: it does not parse (the message points at the place), names an unknown field,
            compares a field with a value of another type, or is too large.
    """
    import lark

    if len(expression) > LONGEST:
        raise InvalidFilter(
            f"filter has {len(expression)} characters, at most {LONGEST} are parsed",
            "give it in its parsed form: Comparison, And, Or, Not",
        )
    grammar, build = _parser()
    try:
        return bounded(cast(Filter, build.transform(grammar.parse(expression))))
    except RecursionError as error:
        raise _too_deep() from error
    except lark.exceptions.VisitError as error:
        if isinstance(error.orig_exc, InvalidFilter):
            raise error.orig_exc from None
        raise InvalidFilter(f"filter {expression!r}: {error.orig_exc}") from error
    except lark.exceptions.UnexpectedInput as error:
        where = error.get_context(expression).rstrip() if error.column else expression
        raise InvalidFilter(
            f"filter does not parse near: {' '.join(where.split())}",
            'write FIELD = "value", and join with and, or, not',
        ) from error
