"""Clients that remember: the client's own calls, with a recall before each and an observation after it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import update_wrapper
from os import PathLike
from typing import Any, Self, TypeVar, cast

from agentmem.bank import Bank
from agentmem.bank.spec import MemorySpec
from agentmem.errors import InvalidInput
from agentmem.records import Namespace
from openai_agentmem.conversation import Conversation, Turn
from openai_agentmem.streams import Unparsed, Watch, WatchedManager, watched, watched_inside
from openai_agentmem.wire import WIRES, Wire

C = TypeVar("C")
CALLS = ("create", "parse")
"""Methods of an interface that answer, or stream where they are asked to."""
RAW, BY_BODY = FORMS = ("with_raw_response", "with_streaming_response")
"""Attributes under which the methods give the answer of HTTP: read, or to be read in a `with`."""
COPIES = ("copy", "with_options")
"""Methods of a client that give another one."""
ASYNC = ("AsyncOpenAI", "AsyncAnthropic", "AsyncAPIClient")


def remembering(
    client: C,
    *,
    namespace: Namespace,
    bank: Bank | str | PathLike[str] | None = None,
    store: MemorySpec | str = "episodic",
    budget: int = 1_000,
    session: str | None = None,
    strict: bool = False,
) -> C:
    """`client` with a memory: of `openai` (chat, responses) or `anthropic` (messages), awaited or not.

    Before a call, what is relevant to the last words of the user's is put into the request; after it, what
    is new in it is kept. All else is as the client does it. `client.memory` is the `Conversation`.

    Args:
        client: The client.
        namespace: Whose memory it is.
        bank: A bank, or the path of one, which is closed with the client; none: that of the settings.
        store: The store that recalls.
        budget: Tokens of what is recalled.
        session: The session of what is kept; none: a new one.
        strict: Let errors of memory reach the caller. Else they are logged, counted, and stop nothing.

    Raises:
        InvalidInput: `client` has none of these interfaces, or the namespace cannot be one.
        NotFound: no store of that name is installed.
    """
    if not any(hasattr(client, path.partition(".")[0]) for path in WIRES):
        raise InvalidInput(
            f"a {type(client).__name__} is no client of openai or anthropic", "give one of theirs"
        )
    opened = bank if isinstance(bank, Bank) else Bank(None if bank is None else str(bank))
    name = opened.new_id(opened.clock()) if session is None else session
    memory = Conversation(opened, namespace, store, session=name, budget=budget, strict=strict)
    own = None if isinstance(bank, Bank) else opened
    try:
        memory.memory  # noqa: B018 (what is wrong with the set-up is said now, not swallowed at each call)
    except BaseException:
        if own is not None:
            own.close()
        raise
    return cast(C, _client(client, memory, own))


def _client(client: Any, memory: Conversation, own: Bank | None) -> Through:
    awaited = any(kind.__name__ in ASYNC for kind in type(client).__mro__)
    return AsyncClient(client, memory, own) if awaited else Client(client, memory, own)


class Through:
    """An object of a client's, looked through: what leads to an interface is wrapped, all else is its own.

    Args:
        target: The object.
        memory: The session.
        path: The attributes that lead to it from the client.
        awaited: Whether its calls are awaited.
    """

    _target: Any
    _memory: Conversation
    _path: str
    _awaited: bool

    def __init__(self, target: Any, memory: Conversation, path: str, awaited: bool) -> None:
        self.__dict__.update(_target=target, _memory=memory, _path=path, _awaited=awaited)

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._target, name)
        steps = self._path.split(".")
        wire = WIRES.get(_interface(self._path))
        if wire is not None and name in CALLS and BY_BODY in steps:
            return _by_body(value, self._memory, wire)
        if wire is not None and name in CALLS:
            return (_awaited_call if self._awaited else _call)(value, self._memory, wire, RAW in steps)
        if wire is not None and name == "stream":
            return _stream(value, self._memory, wire)
        path = f"{self._path}.{name}".lstrip(".")
        if name in FORMS or any(f"{known}.".startswith(f"{_interface(path)}.") for known in WIRES):
            return Through(value, self._memory, path, self._awaited)
        return value

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._target, name, value)

    def __dir__(self) -> list[str]:
        return dir(self._target)

    def __repr__(self) -> str:
        return f"remembering({self._target!r})"

    @property
    def __class__(self) -> type:
        """The object's class, for whoever asks what it is."""
        return type(self._target)

    @__class__.setter
    def __class__(self, kind: type) -> None:
        raise TypeError("the class of what is looked through is its own")


class _Root(Through):
    """A client.

    Attributes:
        memory: The session that it remembers in.
    """

    _own: Bank | None

    def __init__(self, client: Any, memory: Conversation, own: Bank | None, awaited: bool) -> None:
        super().__init__(client, memory, "", awaited)
        self.__dict__.update(_own=own, memory=memory)

    def __getattr__(self, name: str) -> Any:
        value = super().__getattr__(name)
        if name not in COPIES:
            return value
        return _like(value, lambda *args, **kwargs: _client(value(*args, **kwargs), self._memory, None))

    def _close_bank(self) -> None:
        if self._own is not None:
            self._own.close()


class Client(_Root):
    """A client whose calls return."""

    def __init__(self, client: Any, memory: Conversation, own: Bank | None) -> None:
        super().__init__(client, memory, own, awaited=False)

    def __enter__(self) -> Self:
        self._target.__enter__()
        return self

    def __exit__(self, *raised: Any) -> Any:
        try:
            return self._target.__exit__(*raised)
        finally:
            self._close_bank()

    def close(self) -> None:
        """Close the client, and the bank where it was opened for it."""
        try:
            self._target.close()
        finally:
            self._close_bank()


class AsyncClient(_Root):
    """A client whose calls are awaited."""

    def __init__(self, client: Any, memory: Conversation, own: Bank | None) -> None:
        super().__init__(client, memory, own, awaited=True)

    async def __aenter__(self) -> Self:
        await self._target.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> Any:
        try:
            return await self._target.__aexit__(*raised)
        finally:
            self._close_bank()

    async def close(self) -> None:
        """Close the client, and the bank where it was opened for it."""
        try:
            await self._target.close()
        finally:
            self._close_bank()


def _interface(path: str) -> str:
    """The attributes that lead to an interface, whichever form of answers was asked for on the way."""
    return ".".join(step for step in path.split(".") if step not in FORMS)


def _call(method: Callable[..., Any], memory: Conversation, wire: Wire, raw: bool) -> Callable[..., Any]:
    def call(*args: Any, **request: Any) -> Any:
        turn = _begun(memory, wire, request)
        answer, watch = method(*args, **turn.request), Watch(memory, wire, turn)
        streamed = request.get("stream") is True
        if raw:
            return Unparsed(answer, watch, streamed)
        if streamed:
            return watched(answer, watch)
        watch.settle_whole(answer)
        return answer

    return _like(method, call)


def _awaited_call(
    method: Callable[..., Any], memory: Conversation, wire: Wire, raw: bool
) -> Callable[..., Any]:
    async def call(*args: Any, **request: Any) -> Any:
        turn = await asyncio.to_thread(_begun, memory, wire, request)
        answer, watch = await method(*args, **turn.request), Watch(memory, wire, turn)
        streamed = request.get("stream") is True
        if raw:
            return Unparsed(answer, watch, streamed)
        if streamed:
            return watched(answer, watch)
        await asyncio.to_thread(watch.settle_whole, answer)
        return answer

    return _like(method, call)


def _by_body(method: Callable[..., Any], memory: Conversation, wire: Wire) -> Callable[..., Any]:
    def call(*args: Any, **request: Any) -> Any:
        streamed = request.get("stream") is True

        def watching(response: Any, watch: Watch) -> Any:
            return Unparsed(response, watch, streamed)

        return WatchedManager(memory, wire, lambda: _begun(memory, wire, request), method, watching)

    return _like(method, call)


def _stream(method: Callable[..., Any], memory: Conversation, wire: Wire) -> Callable[..., Any]:
    def stream(*args: Any, **request: Any) -> Any:
        if isinstance(request.get("response_id"), str):  # an answer that is under way: its call was seen
            return method(*args, **request)
        return WatchedManager(memory, wire, lambda: _begun(memory, wire, request), method, watched_inside)

    return _like(method, stream)


def _begun(memory: Conversation, wire: Wire, request: dict[str, Any]) -> Turn:
    """Recall for a call. What can be read but once is read once."""
    for name in ("messages", "input"):
        given = request.get(name)
        if hasattr(given, "__next__"):
            request[name] = list(cast(Any, given))
    return memory.begin(wire, request)


def _like(method: Callable[..., Any], other: Callable[..., Any]) -> Callable[..., Any]:
    """`other` with the name and the documentation of `method`."""
    return update_wrapper(other, method, updated=())
