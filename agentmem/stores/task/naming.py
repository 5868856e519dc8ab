"""A node by what people call it: its id, the beginning of its id, or its title."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from agentmem.bank.view import View
from agentmem.errors import InvalidInput, NotFound
from agentmem.filters import And, Comparison, Filter, Or
from agentmem.records import Record
from agentmem.stores.task.content import content_of, is_node, node_of, stands
from agentmem.stores.task.node import Node
from agentmem.synthesis.render import inline, name

PREFIX_CHARS = 4
"""Characters of an id that name it, where no other id begins with them."""
TOLD = 8
"""How many candidates an error lists."""


def find(view: View, called: str) -> Node:
    """The node that `called` names; one that stands before one that does not.

    Args:
        view: The forest.
        called: An id; the beginning of one, of four characters or more; or a title. A title as it is
            written goes before one that differs in case or spaces.

    Raises:
        NotFound: it names none.
        InvalidInput: it names several.
    """
    exact = [record for record in view.get([called]) if is_node(record) and record.store == view.store]
    if exact:
        return node_of(exact[0])
    candidates = [record for record in _as_written(view, called) if stands(record)]
    if not candidates:
        known = [record for record in view.select() if is_node(record) and record.state != "forgotten"]
        named = [record for record in known if _is_named(record, called)]
        candidates = [record for record in named if stands(record)] or named
        if not candidates:
            raise _missing(called, [record for record in known if stands(record)])
    if len(candidates) > 1:
        raise InvalidInput(
            f"{inline(called)!r} names {len(candidates)} nodes: {_told(candidates)}",
            "name one of them by its id, or its first characters",
        )
    return node_of(candidates[0])


def _as_written(view: View, called: str) -> list[Record]:
    """Nodes of just this title, and those whose id begins so: found without reading the whole forest."""
    ways: list[Filter] = [Comparison(field="payload.slot", operator="=", value=called.strip())]
    if len(called) >= PREFIX_CHARS:
        first, behind = called.lower(), called.lower() + "~"
        ways.append(
            And(
                parts=(
                    Comparison(field="id", operator=">=", value=first),
                    Comparison(field="id", operator="<", value=behind),
                )
            )
        )
    return [record for record in view.select(Or(parts=tuple(ways))) if is_node(record)]


def _missing(called: str, standing: Sequence[Record]) -> NotFound:
    titles = {content_of(record).slot: record for record in standing}
    near = [titles[title] for title in get_close_matches(called, titles, TOLD, 0.5)]
    there = _told(near or list(titles.values())) or "none yet"
    return NotFound(
        f"there is no task node {name(called)!r}; {'the nearest are' if near else 'there are'}: {there}",
        "see `agentmem task show`",
    )


def _is_named(record: Record, called: str) -> bool:
    title = _folded(content_of(record).slot) == _folded(called)
    return title or (len(called) >= PREFIX_CHARS and record.id.startswith(called.lower()))


def _folded(text: str) -> str:
    return " ".join(inline(text).casefold().split())


def _told(records: Sequence[Record]) -> str:
    """Titles with ids, the first few."""
    told = [f"{name(content_of(record).slot)} ({record.id})" for record in records[:TOLD]]
    return ", ".join([*told, *(["..."] if len(records) > TOLD else [])])


def titles(view: View, ids: Iterable[str]) -> dict[str, str]:
    """The titles of those of `ids` that are nodes, on one line each."""
    return {record.id: inline(content_of(record).slot) for record in view.get(ids) if is_node(record)}
