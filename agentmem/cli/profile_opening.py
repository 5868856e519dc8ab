"""A profile behind the command line: opened, with all read that was said before it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from agentmem.cli import memory_opening

if TYPE_CHECKING:
    from agentmem.cli.memory_opening import Where
    from agentmem.cli.opening import Opened
    from agentmem.cli.rendering import Page
    from agentmem.records import Pending
    from agentmem.stores.profile.store import ProfileStore

NOTHING = "nothing is known of the user yet; what they say is read: agentmem remember TEXT"
Reader = Literal["cues", "model"]


@contextmanager
def profile_of(where: Where, reader: Reader | None = None) -> Iterator[tuple[ProfileStore, Opened]]:
    """The profile of a namespace that was written to; one that has none gets it now.

    Args:
        where: Which namespace, as typed.
        reader: Who reads what is said; chosen when the profile begins.

    Raises:
        NotFound: nothing was ever written to the namespace.
        InvalidInput: the profile is there with another reader.
    """
    from agentmem.stores.profile.store import ProfileStore

    options = {} if reader is None else {"reader": reader}
    with memory_opening.changing(ProfileStore, where, options) as (memory, opened):
        if any(one.state == "waiting" for one in memory.pending()):
            memory.retry()  # said before there was a profile: nobody has read it yet
        yield memory, opened


def tell_unread(page: Page, pending: list[Pending]) -> None:
    """Say what could not be read, and what to do about it."""
    if pending:
        told = next((one.error for one in pending if one.error), None) or "it waits"
        page.line(f"{len(pending):,} not read yet: {told}; try again: agentmem retry", style="yellow")
