"""A layered memory behind the command line: opening it by its policy, and finding what is named in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from agentmem.cli import memory_opening
from agentmem.cli.memory_opening import Where
from agentmem.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from agentmem.cli.opening import Opened
    from agentmem.records import Record
    from agentmem.stores.layered.policy import LayerPolicy
    from agentmem.stores.layered.store import LayeredMemory

STORE = "layered"
NO_ITEMS = "no items yet; note one: agentmem layers note TEXT"
Rating = Literal["drawn", "model"]

Id = Annotated[
    str, typer.Argument(metavar="ID", help="An item: its id, as `show` tells it, or that of its event.")
]
Policy = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="NAME|FILE",
        help="Layers and rules: a preset, or a JSON file (see `policy`); chosen when the memory begins.",
    ),
]
Plot = Annotated[Path | None, typer.Option("--plot", metavar="FILE", help="Draw it into a new .svg file.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a file that is there.")]


def reading(where: Where) -> AbstractContextManager[tuple[LayeredMemory, Opened]]:
    """The memory of a namespace that was written to; one that has none yet gets none by this."""
    from agentmem.stores.layered.store import LayeredMemory

    return memory_opening.reading(LayeredMemory, where)


@contextmanager
def changing(where: Where) -> Iterator[tuple[LayeredMemory, Opened]]:
    """The memory of a namespace that was written to.

    Raises:
        NotFound: it has none yet.
    """
    from agentmem.cli.opening import reading as opening
    from agentmem.stores.layered.store import LayeredMemory

    with opening(where.db, where.namespace, where.model) as opened:
        if not is_there(opened.known()):
            raise NotFound(
                f"there is no layered memory in namespace {opened.path!r}",
                "begin one: agentmem layers note TEXT; or let what was told before stand in layers: "
                "agentmem layers advance --policy NAME",
            )
        yield memory_opening.of_kind(opened.bank.store(STORE, opened.namespace), LayeredMemory), opened


@contextmanager
def beginning(
    where: Where, policy: str | None, rating: Rating | None = None
) -> Iterator[tuple[LayeredMemory, Opened]]:
    """The memory of a namespace, made now where there is none, by a policy as typed.

    Raises:
        NotFound: there is no such policy.
        InvalidInput: the policy has a fault, or the memory is there with another one.
    """
    from agentmem.stores.layered.store import LayeredMemory

    given = {"policy": None if policy is None else policy_option(policy), "rating": rating}
    options = {name: value for name, value in given.items() if value is not None}
    with memory_opening.beginning(LayeredMemory, where, options) as (memory, opened):
        _check(memory, options)
        yield memory, opened


def is_there(opened: Opened) -> bool:
    """Whether the namespace has a layered memory."""
    return memory_opening.is_there(opened.bank, opened.namespace, STORE)


def _check(memory: LayeredMemory, options: dict[str, Any]) -> None:
    from agentmem.stores.layered.presets import policy_of

    if "policy" in options and policy_of(options["policy"]) != memory.policy:
        raise InvalidInput(
            f"the policy of this memory is {memory.policy.name!r}, and not the one that is given",
            "leave --policy out (`agentmem layers policy` prints the memory's own), or use another namespace",
        )
    if "rating" in options:
        memory_opening.check_option(memory, "rating", options["rating"])


def policy_option(text: str) -> Any:
    """The option `policy` of the store, as typed: the name of a preset, or a file with a policy's JSON.

    Raises:
        NotFound: it is neither.
        InvalidInput: the file holds no policy.
    """
    from agentmem.stores.layered.presets import PRESETS, policy_of

    if text in PRESETS:
        return text
    file = Path(text).expanduser()
    if not file.is_file():
        raise NotFound(
            f"there is no layer policy {text!r}, and no file of that name",
            f"give one of {', '.join(PRESETS)}, or a JSON file",
        )
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{file} is not UTF-8 at byte {error.start}", "convert it") from error
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"{file} is no JSON at line {error.lineno}, column {error.colno}: {error.msg}",
            f"start from a preset: agentmem layers policy finmem > {file.name}",
        ) from error
    if not isinstance(said, dict):
        raise InvalidInput(
            f"{file} holds a {type(said).__name__}, not a policy", "see `agentmem layers policy finmem`"
        )
    return json_of(policy_of(said))


def json_of(policy: LayerPolicy) -> dict[str, Any]:
    """A policy as JSON that can be edited, and given back."""
    return policy.model_dump(mode="json")


def item_of(memory: LayeredMemory, called: str) -> Record:
    """The item of an id, or of the id of the event that it is from.

    Raises:
        NotFound: it names none.
    """
    from agentmem.bank.sources import record_id
    from agentmem.stores.layered.standing import is_item

    named = (called, record_id(called, memory.shelf, 0))
    found = [one for one in memory.get(named) if one.store == memory.shelf and is_item(one)]
    if not found:
        raise NotFound(f"there is no item {called!r}", "take an id from `agentmem layers show`")
    return found[0]
