"""Streams that are watched: the same chunks, attributes, errors and ends, and the answer kept at the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from inspect import isawaitable
from typing import Any, Self

from agentmem.logs import fields, in_log, logger
from openai_agentmem.conversation import Conversation, Turn
from openai_agentmem.wire import Wire

log = logger(__name__)


class Watch:
    """What is gathered from one stream, kept once: when it ends, is closed, fails, or is left.

    Args:
        conversation: The session that keeps it.
        wire: The interface.
        turn: The call.
    """

    def __init__(self, conversation: Conversation, wire: Wire, turn: Turn) -> None:
        self._conversation = conversation
        self._wire = wire
        self._turn = turn
        self._gathered = wire.gathering()
        self._settled = False

    def see(self, chunk: Any) -> None:
        """Take a chunk; one that cannot be read is no reason to break the stream."""
        try:
            self._gathered.add(chunk)
        except Exception as error:  # whatever a server sends, it goes on to the caller
            log.warning("a chunk of a stream could not be read: %s", in_log(error), extra=fields(error))

    def settle(self, ended: bool) -> None:
        """Keep what came, whether it is all or not."""
        if not self._settled:
            self._settled = True
            self.leave(ended)

    def leave(self, ended: bool = False) -> None:
        """Keep what came of a stream that may be read further: should more come, that is kept too."""
        cut_off = not (ended or self._gathered.finished)
        answer, id = self._gathered.answer, self._gathered.id
        self._conversation.end(self._wire, self._turn, answer, id, cut_off=cut_off)

    def settle_whole(self, answer: Any) -> None:
        """Keep an answer that came at once."""
        if not self._settled:
            self._settled = True
            self._conversation.end_whole(self._wire, self._turn, answer)

    async def asettle(self, ended: bool) -> None:
        """`settle` in a thread."""
        if not self._settled:
            await asyncio.to_thread(self.settle, ended)


class Watched:
    """A stream of either kind, watched; what is not defined here is the stream's own."""

    def __init__(self, stream: Any, watch: Watch) -> None:
        self._watched_stream = stream
        self._watch = watch

    def __getattr__(self, name: str) -> Any:
        return getattr(self._watched_stream, name)

    @property
    def __class__(self) -> type:
        """The stream's class, for whoever asks what it is."""
        return type(self._watched_stream)

    @__class__.setter
    def __class__(self, kind: type) -> None:
        raise TypeError("the class of a watched stream is the stream's")


class WatchedStream(Watched):
    """A watched stream that is read in this thread."""

    def __iter__(self) -> Iterator[Any]:
        try:
            for chunk in self._watched_stream:
                self._watch.see(chunk)
                yield chunk
        except GeneratorExit:
            self._watch.leave()
            raise
        except BaseException:
            self._watch.settle(ended=False)
            raise
        self._watch.settle(ended=True)

    def __next__(self) -> Any:
        try:
            chunk = next(self._watched_stream)
        except BaseException as error:
            self._watch.settle(isinstance(error, StopIteration))
            raise
        self._watch.see(chunk)
        return chunk

    def __enter__(self) -> Self:
        self._watched_stream.__enter__()
        return self

    def __exit__(self, *raised: Any) -> Any:
        try:
            return self._watched_stream.__exit__(*raised)
        finally:
            self._watch.settle(ended=False)

    def close(self) -> None:
        """Close the stream; what came is kept."""
        try:
            self._watched_stream.close()
        finally:
            self._watch.settle(ended=False)


class AsyncWatchedStream(Watched):
    """A watched stream that is awaited."""

    async def __aiter__(self) -> AsyncIterator[Any]:
        try:
            async for chunk in self._watched_stream:
                self._watch.see(chunk)
                yield chunk
        except GeneratorExit:
            await asyncio.to_thread(self._watch.leave)
            raise
        except BaseException:
            await self._watch.asettle(ended=False)
            raise
        await self._watch.asettle(ended=True)

    async def __anext__(self) -> Any:
        try:
            chunk = await self._watched_stream.__anext__()
        except BaseException as error:
            await self._watch.asettle(isinstance(error, StopAsyncIteration))
            raise
        self._watch.see(chunk)
        return chunk

    async def __aenter__(self) -> Self:
        await self._watched_stream.__aenter__()
        return self

    async def __aexit__(self, *raised: Any) -> Any:
        try:
            return await self._watched_stream.__aexit__(*raised)
        finally:
            await self._watch.asettle(ended=False)

    async def close(self) -> None:
        """Close the stream; what came is kept."""
        try:
            await self._watched_stream.close()
        finally:
            await self._watch.asettle(ended=False)


class Unparsed(Watched):
    """An answer of HTTP that the caller parses: what `parse` gives is watched, or kept.

    Args:
        response: The client's own.
        watch: Of its call.
        streamed: Whether what is parsed is a stream.
    """

    def __init__(self, response: Any, watch: Watch, streamed: bool) -> None:
        super().__init__(response, watch)
        self._streamed = streamed

    def parse(self, **given: Any) -> Any:
        """What the client's own gives: an answer or a stream, to be awaited where that is."""
        parsed = self._watched_stream.parse(**given)
        return self._awaited(parsed) if isawaitable(parsed) else self._seen(parsed)

    async def _awaited(self, parsing: Awaitable[Any]) -> Any:
        parsed = await parsing
        return self._seen(parsed) if self._streamed else await asyncio.to_thread(self._seen, parsed)

    def _seen(self, parsed: Any) -> Any:
        if self._streamed:
            return watched(parsed, self._watch)
        self._watch.settle_whole(parsed)
        return parsed


def watched(stream: Any, watch: Watch) -> Watched:
    """A stream, watched: awaited where it is."""
    return (AsyncWatchedStream if hasattr(stream, "__anext__") else WatchedStream)(stream, watch)


RAW = "_raw_stream"
"""Where the clients' own stream helpers have the stream that they read: it is watched there."""


def watched_inside(helper: Any, watch: Watch) -> Any:
    """A client's own stream helper, whose stream is watched."""
    setattr(helper, RAW, watched(getattr(helper, RAW), watch))
    return helper


class WatchedManager:
    """What a client's `stream(...)` returns, or `with_streaming_response`: entered, it recalls and calls.

    Args:
        conversation: The session.
        wire: The interface.
        begin: Recalls for the call.
        call: Makes the client's own manager of a request.
        watching: What is entered, watched.
    """

    def __init__(
        self,
        conversation: Conversation,
        wire: Wire,
        begin: Callable[[], Turn],
        call: Callable[..., Any],
        watching: Callable[[Any, Watch], Any],
    ) -> None:
        self._conversation = conversation
        self._wire = wire
        self._begin = begin
        self._call = call
        self._watching = watching
        self._manager: Any = None
        self._watch: Watch | None = None

    def __enter__(self) -> Any:
        turn = self._begin()
        self._manager = self._call(**turn.request)
        return self._entered(self._manager.__enter__(), turn)

    def __exit__(self, *raised: Any) -> Any:
        try:
            return self._manager.__exit__(*raised)
        finally:
            if self._watch is not None:
                self._watch.settle(ended=False)

    async def __aenter__(self) -> Any:
        turn = await asyncio.to_thread(self._begin)
        self._manager = self._call(**turn.request)
        return self._entered(await self._manager.__aenter__(), turn)

    async def __aexit__(self, *raised: Any) -> Any:
        try:
            return await self._manager.__aexit__(*raised)
        finally:
            if self._watch is not None:
                await self._watch.asettle(ended=False)

    def _entered(self, entered: Any, turn: Turn) -> Any:
        self._watch = Watch(self._conversation, self._wire, turn)
        return self._watching(entered, self._watch)
