"""Memory around one call: what is recalled into its request, and what of it is new and kept."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from agentmem.agents.remembering import Remembering, chained
from openai_agentmem.said import Said, events, question
from openai_agentmem.wire import Request, Wire

MOST_HELD = 1_000
"""So many histories that a server holds are known, the newest."""
MOST_KEPT = 100_000
"""So many ids of events that are kept are known without a look at the journal."""


@dataclass(frozen=True)
class History:
    """What was said so far.

    Attributes:
        said: The messages.
        start: What stands before them in the chain of ids: the name of a history that is not known here.
        shown: Ids of records that were recalled into it, where the server keeps what it was sent.
    """

    said: tuple[Said, ...] = ()
    start: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()


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
        self._kept: OrderedDict[str, None] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, wire: Wire, request: Request) -> Turn:
        """The call with what memory knows for it; as it was given, where memory fails."""
        return self._tried("recall", lambda: self._begun(wire, request)) or Turn(dict(request))

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
        self._tried("observe", lambda: self._ended(wire, turn, answer(), answer_id, cut_off=cut_off))

    def end_whole(self, wire: Wire, turn: Turn, answer: Any) -> None:
        """`end`, of an answer that came at once."""
        self.end(wire, turn, lambda: wire.answer(answer), str(getattr(answer, "id", "") or ""))

    def _begun(self, wire: Wire, request: Request) -> Turn:
        before = self._history(wire.continues(request))
        said = (*before.said, *wire.read(request))
        sent, shown = dict(request), before.shown
        asked = question(said)
        if asked and (found := self.recall(asked, {*self._ids(said, before.start), *shown})) and found.text:
            sent = wire.placed(request, found.stable, found.recalled)
            shown |= {item.id for item in found.items}
        return Turn(sent, History(said, before.start, shown))

    def _ended(self, wire: Wire, turn: Turn, said: Sequence[Said], answer_id: str, *, cut_off: bool) -> None:
        history = History((*turn.history.said, *said), turn.history.start, turn.history.shown)
        ids = self._ids(history.said, history.start)
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

    def _ids(self, said: Sequence[Said], start: Sequence[str]) -> list[str]:
        return chained(self.session, [*start, *(one.canonical for one in said)])[len(start) :]

    def _history(self, name: str) -> History:
        """The history of a name; of one that is not known here, the name is the beginning."""
        with self._lock:
            return self._held.get(name) or History(start=(name,) if name else ())


def _shorten(known: OrderedDict[str, Any], most: int) -> None:
    while len(known) > most:
        known.popitem(last=False)
