"""Memory around one call: what is recalled into its request, and what of it is new and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from agentmem.agents.remembering import Remembering, chained
from openai_agentmem.said import Said, events, question
from openai_agentmem.wire import Request, Wire

MOST_HELD = 1_000
"""So many histories that a server holds are known, the newest."""
MOST_RECENT = 200
"""So many conversations are known by their last words, to be gone on with where their beginning is cut."""
LAST = 2
"""By so many last messages a conversation is known again: a question and its answer."""
MOST_KEPT = 100_000
"""So many ids of events that are kept are known without a look at the journal."""


@dataclass(frozen=True)
class History:
    """What was said so far.

    Attributes:
        said: The messages.
        start: What stands before them in the chain of ids: the name of a history that is not known here.
        shown: Ids of records that were recalled into it, where the server keeps what it was sent.
        cut: How many of the messages, from the first, the application sends no more.
    """

    said: tuple[Said, ...] = ()
    start: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    cut: int = 0


@dataclass(frozen=True)
class Turn:
    """One call.

    Attributes:
        request: What is sent.
        history: What was said up to it.
    """

    request: dict[str, Any]
    history: History = field(default_factory=History)


class Conversation(Remembering):
    """One session, through calls that send their whole history again, or name one that the server holds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._held: OrderedDict[str, History] = OrderedDict()
        self._recent: OrderedDict[tuple[Said, ...], tuple[Said, ...]] = OrderedDict()
        self._kept: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, wire: Wire, request: Request) -> Turn:
        """The call with what memory knows for it; as it was given, where memory fails."""
        return self.tried("recall", lambda: self._begun(wire, request)) or Turn(dict(request))

    def end(
        self,
        wire: Wire,
        turn: Turn,
        answer: Callable[[], Sequence[Said]],
        answer_id: str = "",
        *,
        cut_off: bool = False,
    ) -> None:
        """Keep what the call said that is new, and its answer.

        Args:
            wire: The interface.
            turn: The call.
            answer: Reads the answer.
            answer_id: Its id.
            cut_off: Whether it did not come to its end.
        """
        self.tried("observe", lambda: self._ended(wire, turn, answer(), answer_id, cut_off=cut_off))

    def end_whole(self, wire: Wire, turn: Turn, answer: Any) -> None:
        """`end`, of an answer that came at once."""
        self.end(wire, turn, lambda: wire.answer(answer), str(getattr(answer, "id", "") or ""))

    def _begun(self, wire: Wire, request: Request) -> Turn:
        history = self._history(wire.continues(request), tuple(wire.read(request)))
        sent, asked = dict(request), question(history.said)
        visible = {*self._ids(history)[history.cut :], *history.shown}
        if asked and (found := self.recall(asked, visible)) and found.text:
            sent = wire.placed(request, found.stable, found.recalled)
            history = replace(history, shown=history.shown | {item.id for item in found.items})
        return Turn(sent, history)

    def _ended(self, wire: Wire, turn: Turn, said: Sequence[Said], answer_id: str, *, cut_off: bool) -> None:
        history = replace(turn.history, said=(*turn.history.said, *said))
        ids = self._ids(history)
        with self._lock:
            unsure = [id for id in ids if id not in self._kept]
        known = {event.id for event in self.bank.events(self.namespace, unsure)}
        wanted = [id for id in unsure if id not in known]
        partly = ids[-1] if cut_off and said else ""
        receipts = self.observe(list(events(history.said, ids, self.session, wanted, partly)))
        with self._lock:
            self._kept.update(dict.fromkeys([*known, *(one.event_id for one in receipts)]))
            _shorten(self._kept, MOST_KEPT)
            if name := wire.held_as(turn.request, answer_id):
                self._held[name] = history
                self._held.move_to_end(name)
                _shorten(self._held, MOST_HELD)
            if len(history.said) >= LAST and not wire.continues(turn.request):
                self._recent[history.said[-LAST:]] = history.said
                self._recent.move_to_end(history.said[-LAST:])
                _shorten(self._recent, MOST_RECENT)

    def _ids(self, history: History) -> list[str]:
        canonical = [one.canonical for one in history.said]
        return chained(self.session, [*history.start, *canonical])[len(history.start) :]

    def _history(self, name: str, said: tuple[Said, ...]) -> History:
        """What was said up to a request that says `said`.

        Of a history that the server holds and that is not known here, the name is the beginning. Where an
        application cuts the beginning of a history, what follows is known by the end that it has kept.
        """
        with self._lock:
            if name:
                held = self._held.get(name, History(start=(name,)))
                return replace(held, said=(*held.said, *said))
            for end in range(len(said), LAST - 1, -1):
                whole = self._recent.get(said[end - LAST : end], ())
                if len(whole) > end and whole[-end:] == said[:end]:
                    return History((*whole, *said[end:]), cut=len(whole) - end)
        return History(said)


def _shorten(known: OrderedDict[Any, Any], most: int) -> None:
    while len(known) > most:
        known.popitem(last=False)
