"""One person: all that mentions them or was said by them, copied to a folder, or forgotten for good."""

from __future__ import annotations

import json
import re
import unicodedata
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING

from agentmem.bank.exchange import lines
from agentmem.bank.forgetting import ErasureReport
from agentmem.db.names import encode
from agentmem.readable.pages import entity_page, put_down
from agentmem.records import Namespace, Value
from agentmem.stores.entities.asking import gathered, known_in, reached
from agentmem.stores.entities.names import normal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agentmem.bank import Bank

_SPACED = re.compile("[\0-\u0dff\u10a0-\u10ff\u1200-\u139f\u1e00-\u206f]*")
"""Texts in scripts that set words apart by spaces."""


class Found(Value):
    """Events of a namespace, by id."""

    namespace: str
    events: tuple[str, ...]


class PersonCopy(Value):
    """What was written of a person.

    Attributes:
        names: The names by which they are known.
        folder: The folder: `events-N.jsonl` and `about-N.md` for each namespace.
        files: The files in it.
        found: What was copied, by namespace.
    """

    names: tuple[str, ...]
    folder: str
    files: tuple[str, ...]
    found: tuple[Found, ...]


class PersonErasure(Value):
    """What was forgotten of a person, and what is left.

    Attributes:
        names: The names by which they were known.
        reports: What was forgotten, by namespace.
        remaining: Events that stand and hold one of the names: of somebody called alike, or not recognised.
        not_reached: What the scrub could not reach, in words.
    """

    names: tuple[str, ...]
    reports: dict[str, ErasureReport]
    remaining: tuple[Found, ...]
    not_reached: tuple[str, ...] = ()


def export_person(
    bank: Bank, namespace: Namespace, entity: str, folder: Path, *, scope: str = "own"
) -> PersonCopy:
    """Write what mentions a person or was said by them: events verbatim, to be imported, and a readable page.

    Args:
        bank: The bank.
        namespace: Where; entities must be gathered there.
        entity: A name, an alias or an id.
        folder: A folder that is not there yet, or is empty.
        scope: `prefix`: the namespaces under it, too.

    Raises:
        NotFound: there is no such entity.
        InvalidInput: several may be meant, or the name is empty.
        Conflict: something is in the folder.
    """
    files: dict[str, str] = {}
    names: dict[str, None] = {}
    found = []
    for place, one in enumerate(_known(bank, namespace, entity, scope), 1):
        copied = StringIO()
        bank.export_events(copied, one.namespace, [*one.events, *one.operations])
        files[f"events-{place}.jsonl"] = copied.getvalue()
        files[f"about-{place}.md"] = entity_page(bank, one.namespace, one.id).markdown()
        names |= dict.fromkeys(one.names)
        found.append(Found(namespace=encode(one.namespace), events=one.events))
    put_down(folder, files)
    return PersonCopy(names=tuple(names), folder=str(folder), files=tuple(files), found=tuple(found))


def erase_person(
    bank: Bank, namespace: Namespace, entity: str, *, scope: str = "own", wait_seconds: float = 10.0
) -> PersonErasure:
    """Forget for good what mentions a person or was said by them, down to the bytes, and say what is left.

    Whole events go, with what others said in them, and all that was made of them alone. Names were found by a
    recogniser, which misses some: `remaining` names the events that still hold one.

    Args:
        bank: The bank.
        namespace: Where; entities must be gathered there.
        entity: A name, an alias or an id.
        scope: `prefix`: the namespaces under it, too.
        wait_seconds: How long the scrub waits for others who read the bank.

    Raises:
        NotFound: there is no such entity.
        InvalidInput: several may be meant, or the name is empty.
    """
    known = _known(bank, namespace, entity, scope)
    names = tuple(dict.fromkeys(name for one in known for name in one.names))
    reports = {
        encode(one.namespace): bank.forget(one.namespace, events=[*one.events, *one.operations])
        for one in known
    }
    left = [found for place in reached(bank, [namespace], scope) if (found := _holding(bank, place, names))]
    return PersonErasure(
        names=names, reports=reports, remaining=tuple(left), not_reached=tuple(bank.scrub(wait_seconds))
    )


class _Known(Value):
    """Somebody in a namespace.

    Attributes:
        namespace: Which.
        id: Of the entity there.
        names: Its names.
        events: Ids of what mentions it or was said by it, the oldest first.
        operations: Ids of what says who it is.
    """

    namespace: Namespace
    id: str
    names: tuple[str, ...]
    events: tuple[str, ...]
    operations: tuple[str, ...]


def _known(bank: Bank, namespace: Namespace, entity: str, scope: str) -> list[_Known]:
    """The entity in each namespace in which it is known, after all that waits was read.

    Raises:
        NotFound: it is in none.
    """
    memories = gathered(bank, reached(bank, [namespace], scope))
    for memory in memories:
        if memory.pending():
            memory.retry()
    return [
        _Known(
            namespace=memory.namespace,
            id=group.head.id,
            names=tuple(seen.name for seen in roster.entity(group).names),
            events=tuple(memory.resting_on(roster, group)),
            operations=tuple(memory.told_of(roster, group)),
        )
        for memory, roster, group in known_in(memories, entity)
    ]


def _holding(bank: Bank, namespace: Namespace, names: Sequence[str]) -> Found | None:
    """The events of a namespace, operations too, that hold one of the names; none: no event does."""
    if not bank.numbers(namespace):
        return None
    told = re.compile("|".join(map(_pattern, sorted({normal(name) for name in names}))))
    ids = []
    with bank.database.read() as connection:
        for line in lines(connection, namespace):
            event = json.loads(line)
            if event.get("kind") == "event" and any(told.search(_plainly(text)) for text in _texts(event)):
                ids.append(event["id"])
    return Found(namespace=encode(namespace), events=tuple(ids)) if ids else None


def _pattern(name: str) -> str:
    """What finds a normal name: as whole words, but in a script that may set none apart, anywhere."""
    return rf"(?<!\w){re.escape(name)}(?!\w)" if _SPACED.fullmatch(name) else re.escape(name)


def _plainly(text: str) -> str:
    """A text in the form in which names are the same, on one line."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _texts(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for key, one in value.items() for text in (key, *_texts(one))]
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else []
