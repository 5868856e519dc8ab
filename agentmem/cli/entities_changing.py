"""Commands of `entities` that say who is who: merge, split, alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from agentmem.cli import options
from agentmem.cli.answers import answer
from agentmem.cli.entities_opening import COLUMNS, Called, entities_of, entity_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from agentmem.records import Receipt
    from agentmem.stores.entities.store import EntityMemory

commands = typer.Typer()
PANEL = "Change"


@commands.command(rich_help_panel=PANEL)
def merge(
    name: Called,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The one that becomes a part of it.")],
    why: options.Why = "",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say that two entities are one. `entities split`, or `undo` of the other's id, takes it back."""
    _change("merge", name, lambda memory: memory.merge(name, other, why), db, namespace, json)


@commands.command(rich_help_panel=PANEL)
def split(
    name: Called,
    names: Annotated[list[str], typer.Argument(metavar="NAMES", help="Names that leave it.")],
    why: options.Why = "",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Say that names of an entity are another one's; together they are one entity from now on."""
    from agentmem.cli.rendering import Page

    with entities_of(db, namespace) as (memory, opened):
        id = memory.entity(name).id
        receipt = memory.split(id, names, why)
        entity, apart, path = memory.entity(id), memory.entity(names[0]), opened.path
    if json:
        answer("entities.split", namespace=path, entity=entity, apart=apart, receipt=receipt)
    else:
        Page().table(COLUMNS, [entity_row(entity), entity_row(apart)])


@commands.command(rich_help_panel=PANEL)
def alias(
    name: Called,
    alias: Annotated[str, typer.Argument(metavar="ALIAS", help="The further name.")],
    why: options.Why = "",
    db: options.Db = None,
    namespace: options.Namespace = None,
    json: options.Json = False,
) -> None:
    """Give an entity a further name, which is looked for in what is observed from now on."""
    _change("alias", name, lambda memory: memory.alias(name, alias, why), db, namespace, json)


def _change(
    command: str,
    name: str,
    change: Callable[[EntityMemory], Receipt],
    db: str | None,
    namespace: str | None,
    as_json: bool,
) -> None:
    """Change an entity, and tell what it is then."""
    from agentmem.cli.rendering import Page

    with entities_of(db, namespace) as (memory, opened):
        receipt = change(memory)
        entity, path = memory.entity(name), opened.path
    if as_json:
        answer(f"entities.{command}", namespace=path, entity=entity, receipt=receipt)
    else:
        Page().table(COLUMNS, [entity_row(entity)])
