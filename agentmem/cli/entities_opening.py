"""Entities behind the command line: opened, with all read that was observed before they were gathered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, cast

import typer

if TYPE_CHECKING:
    from agentmem.cli.opening import Opened
    from agentmem.cli.rendering import Cell
    from agentmem.stores.entities.roster import Entity
    from agentmem.stores.entities.store import EntityMemory

NOTHING = "nothing is named yet; what is observed is read: agentmem remember TEXT --actor NAME"
Called = Annotated[
    str, typer.Argument(metavar="NAME", help="An entity: a name, an alias, an id or its first characters.")
]


@contextmanager
def entities_of(db: str | None, namespace: str | None) -> Iterator[tuple[EntityMemory, Opened]]:
    """The entities of a namespace that was written to; where none were gathered, they are now.

    Raises:
        NotFound: nothing was ever written to the namespace.
    """
    from agentmem.cli.opening import reading
    from agentmem.stores.entities.store import EntityMemory

    with reading(db, namespace) as opened:
        memory = cast("EntityMemory", opened.known().bank.store(EntityMemory, opened.namespace))
        if any(one.state == "waiting" for one in memory.pending()):
            memory.retry()  # observed before entities were gathered: nobody has read it yet
        yield memory, opened


def entity_row(entity: Entity) -> list[Cell]:
    """An entity as a row."""
    from agentmem.cli.describing import short, stamp

    names = ", ".join(f"{one.name} ({one.times})" for one in entity.names)
    told = [entity.name, short(names), entity.id]
    return [str(entity.mentions), str(entity.said), entity.kind, stamp(entity.last), told]


COLUMNS = ["events", "said", "kind", "last", "who"]
