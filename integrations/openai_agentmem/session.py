"""A session of the OpenAI Agents SDK in a bank: what was said stays after a restart, and is recalled."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import fields
from importlib import import_module
from os import PathLike
from typing import Any, Self, cast

from agentmem.bank import Bank
from agentmem.errors import InvalidInput, NotApplicable, Refused
from agentmem.records import Event, Namespace, State, clean_namespace
from agentmem.stores.offload import offloaded
from openai_agentmem.items import event_of, item_of

POPPED = "popped from its session"
"""Why an item that was popped is out of recall."""
PAGE = 64
"""Events that are read at once where only the newest items are wanted."""


class AgentMemSession:
    """The items of one conversation, kept verbatim as events of a namespace, in the order in which they came.

    It is a `Session` of the package `agents`, safe for tasks, threads and processes at once. Stores of the
    namespace recall what is said in it, also for other sessions; items are those of this session alone.

    Args:
        bank_or_path: A bank, or the path of one, which `close` closes.
        session_id: Which conversation it is.
        namespace: Whose memory it is part of.
        session_settings: `SessionSettings` of the package `agents`, or a dictionary of them.

    Raises:
        InvalidInput: there is no setting of that name.
    """

    def __init__(
        self,
        bank_or_path: Bank | str | PathLike[str],
        session_id: str,
        namespace: Namespace = ("default",),
        session_settings: Any = None,
    ) -> None:
        self.session_id = session_id
        self.namespace = clean_namespace(namespace)
        self.session_settings = _settings(session_settings)
        self._own = None if isinstance(bank_or_path, Bank) else Bank(str(bank_or_path))
        self.bank = bank_or_path if isinstance(bank_or_path, Bank) else cast(Bank, self._own)

    async def get_items(self, limit: int | None = None) -> list[Any]:
        """The items, oldest first: the newest `limit`; none: as the settings say, or all.

        An item whose record was retracted is left out. One that was corrected is as it was said.
        """
        return await asyncio.to_thread(self._items, limit)

    async def add_items(self, items: Sequence[Any]) -> None:
        """Keep items, all or none, on disk when this returns. The same item twice is two items.

        Credentials are masked first, as the bank's screen says.

        Raises:
            Refused: the screen refused one.
        """
        await _whole(lambda: self._add(items))

    async def pop_item(self) -> Any | None:
        """Take the newest item out; none: there is none. Of several at once, each takes another one.

        A pop is a rewind: the item is retracted, so that it comes back neither here nor in a recall, but
        stays in the journal. `clear_session` deletes it for good.
        """
        return await _whole(self._pop)

    async def clear_session(self) -> None:
        """Delete all items, popped ones too, for good: it is the owner's wish, so they are forgotten.

        With them goes what memory derived from them alone. What others observed in the session stays.
        """
        await _whole(self._clear)

    def close(self) -> None:
        """Close the bank, where it was opened for this session."""
        if self._own is not None:
            self._own.close()

    aclose = offloaded(close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def _items(self, limit: int | None) -> list[Any]:
        most = _limit(self.session_settings) if limit is None else limit
        if most is None or most < 0:
            found = [item for _, item in self._newest_first(None)]
        else:
            newest = self._newest_first(max(PAGE, most))
            found = [item for _, (_, item) in zip(range(most), newest, strict=False)]
        return found[::-1]

    def _newest_first(self, page: int | None) -> Iterator[tuple[Event, Any]]:
        """The items that are in the session, with their events; read `page` by `page`, or all at once."""
        view = self.bank.view(self.namespace)
        before: int | None = None
        while read := view.events(self.session_id, before=before, limit=page):
            held = [(event, item) for event in read if (item := item_of(event)) is not None]
            records = view.get([event.id for event, _ in held])
            out = {record.id for record in records if record.state is State.RETRACTED}
            yield from ((event, item[0]) for event, item in held if event.id not in out)
            if page is None or len(read) < page:
                return
            before = read[-1].seq

    def _add(self, items: Sequence[Any]) -> None:
        if not items:
            return
        events = [event_of(item, self.session_id) for item in items]
        if self.bank.settings.screen == "refuse":
            for event in events:
                if reason := self.bank.draft(event, self.namespace).refused:
                    raise Refused(f"an item was not kept: it {reason}", "remove the credential")
        self.bank.append(self.namespace, events)

    def _pop(self) -> Any | None:
        for event, item in self._newest_first(PAGE):
            # The same id for whoever pops this item: the journal takes it once, so one of them has it.
            taking = Event(
                id=f"{event.id}/popped",
                type="retract",
                store="episodic",
                session=self.session_id,
                about=(event.id,),
                data={"why": POPPED},
            )
            try:
                receipt = self.bank.append(self.namespace, [taking])[0]
            except NotApplicable:  # it was forgotten since it was read
                continue
            if receipt.status == "stored":
                return item
        return None

    def _clear(self) -> None:
        events = self.bank.view(self.namespace).events(self.session_id)
        ids = [event.id for event in events if item_of(event) is not None]
        if ids:
            self.bank.forget(self.namespace, events=ids)


async def _whole(work: Callable[[], Any]) -> Any:
    """`work` in a thread, to its end: who is cancelled meanwhile is told so when it is done."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        task.exception()
        raise cancelled
    return task.result()


def _settings(given: Any) -> Any:
    """Settings as the package `agents` has them; none: those by default, where it is installed.

    Raises:
        InvalidInput: it knows no setting of that name.
    """
    if given is not None and not isinstance(given, Mapping):
        return given
    try:
        kind = import_module("agents.memory").SessionSettings
    except ImportError:
        return dict(given) if given is not None else None
    known = [field.name for field in fields(kind)]
    if unknown := sorted(set(given or {}) - set(known)):
        raise InvalidInput(f"a session has no setting {unknown[0]!r}", f"it has: {', '.join(known)}")
    return kind(**(given or {}))


def _limit(settings: Any) -> int | None:
    if isinstance(settings, Mapping):
        return settings.get("limit")
    return getattr(settings, "limit", None)
