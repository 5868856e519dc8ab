"""The interface of all memories: four methods that a store's author writes, and what every caller gets."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, final

from pydantic import JsonValue

from agentmem.bank import derive, journal
from agentmem.bank.spec import MemorySpec
from agentmem.bank.view import ApplyView, View
from agentmem.db.versions import Order
from agentmem.errors import InvalidInput, NotFound
from agentmem.faults import first_fault
from agentmem.filters import Filter
from agentmem.records import (
    ChangeSet,
    Context,
    Event,
    Explanation,
    Hit,
    Later,
    Namespace,
    Pending,
    Query,
    Receipt,
    Record,
    Trust,
    Version,
    clean_namespace,
)
from agentmem.retrieval import pipeline
from agentmem.stores import lineage
from agentmem.stores.offload import offloaded
from agentmem.stores.operations import STOOD, correct, put, retract, stood
from agentmem.stores.undoing import undo, undoing_of
from agentmem.synthesis.pack import pack
from agentmem.synthesis.policy import PackPolicy
from agentmem.telemetry import operation, part

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank

DEFAULT_BUDGET = 1_000
"""Tokens of a context where the caller names no budget."""
SHARED: Mapping[str, Callable[[Event, ApplyView], ChangeSet]] = {
    "put": put,
    "correct": correct,
    "retract": retract,
    "undo": undo,
}
"""The operations that mean the same in all stores, by type."""


class MemoryStore(ABC):
    """One kind of memory over one namespace. Holds no state but where it reads and writes.

    An author sets `name` and writes `apply`; `interpret`, `retrieve` and `render` have defaults.

    Args:
        bank: The bank it stands on.
        namespace: The namespace whose memory it is.
        spec: Its name and options.

    Raises:
        InvalidInput: an option that the store does not take.
    """

    name: ClassVar[str]
    options: ClassVar[Mapping[str, JsonValue]] = {}
    """The options the store takes, with their defaults."""
    read_options: ClassVar[Collection[str]] = ()
    """Those that play no part in `interpret` and `apply`: each who opens the store may choose them."""
    separate: ClassVar[bool] = False
    """Whether no record of it hangs on another: where all that made a record is forgotten, others stay."""
    label_prefix: str = ""
    """What stands before the number in this store's labels: a composite tells its members apart by it."""

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | None = None) -> None:
        self.bank = bank
        self.namespace = clean_namespace(namespace)
        self.spec = spec or MemorySpec(store=self.name)
        unknown = set(self.spec.options) - set(self.options)
        if unknown:
            raise InvalidInput(
                f"store {self.name!r} takes no option {sorted(unknown)[0]!r}",
                f"it takes: {', '.join(self.options) or 'none'}",
            )

    # What an author writes

    def interpret(self, events: Sequence[Event], view: View) -> list[Event] | Later:
        """Operations that `events` mean; may ask a model, search, and take its time.

        Runs outside any transaction. An exception leaves the events pending, visible and retryable.
        """
        return []

    @abstractmethod
    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """What an observation, or an operation on this store, changes.

        Deterministic: no model, no embedder, no clock, no randomness; ids from `view.new_id()`.

        Raises:
            NotApplicable: the operation is about an id that no longer stands.
        """

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """The best hits, best first; by default the hybrid pipeline over this store's records."""
        return pipeline.retrieve(query, view, aliases=self.aliases())

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        """Prompt text of `hits` within `budget` tokens; by default the hits, packed and fenced."""
        pinned = self.pinned(view) if query.text.strip() else []
        return pack(hits, budget, policy=self.packing(), pinned=pinned)

    def account(self, query: Query, view: View, id: str) -> Explanation | None:
        """Why a record is not among the hits of a `retrieve` of the store's own.

        By default none: the filter that drops it is told, or that it was not chosen.

        Raises:
            NotFound: there is no record `id` in the view.
        """
        return None

    def packing(self) -> PackPolicy:
        """How hits are packed; by default as `PackPolicy` says."""
        return PackPolicy(label_prefix=self.label_prefix)

    def adapt(self, event: Event, changes: ChangeSet, view: ApplyView) -> ChangeSet:
        """What a shared operation (`put`, `correct`, …) changes; by default `changes`, as it is.

        A store whose records hang together adds what follows for them. Deterministic, as `apply` is.
        """
        return changes

    def restated(self, record: Record) -> dict[str, JsonValue]:
        """The payload that a correction of a record goes on with; by default all of it.

        The correction outlives what the record rests on: words of other events do not belong into it.
        """
        return dict(record.payload)

    share: ClassVar[float] = 1.0
    """What its part of a composite's budget weighs, where no weights are named."""

    # What the bank drives

    at_once: ClassVar[int] = derive.AT_ONCE
    """How many pending events one `interpret` gets; 1 where each must see what the last one changed."""

    @property
    def shelf(self) -> str:
        """The name under which its records are kept."""
        return self.name

    @property
    def interprets(self) -> bool:
        """Whether observations are pending until `interpret` has seen them."""
        return type(self).interpret is not MemoryStore.interpret

    def awaits(self, event: Event) -> bool:
        """Whether an observation, or an operation on this store, is pending until `interpret` has seen it.

        By default observations are. Asked where the store `interprets`.
        """
        return not event.store

    @property
    def places(self) -> list[Namespace]:
        """The namespaces that it reads, but for those under them: its own."""
        return [self.namespace]

    def folding(self) -> list[MemoryStore]:
        """The stores that must be attached for this one to work: itself."""
        return [self]

    def option(self, name: str) -> Any:
        """The value of an option, or its default."""
        return self.spec.options.get(name, self.options[name])

    @final
    def fold(self, event: Event, view: ApplyView) -> ChangeSet:
        """Apply an event: the shared operations alike for all stores, all else by the author's `apply`."""
        shared = SHARED.get(event.type) if event.store else None
        return self.adapt(event, shared(event, view), view) if shared is not None else self.apply(event, view)

    # What every caller gets

    @final
    def observe(self, *observed: Event | str, wait: bool = True, embed: bool = True) -> list[Receipt]:
        """Keep what happened, verbatim; then let every attached store make of it what it can.

        Args:
            observed: Events; a text alone is a message of the user's.
            wait: Whether to wait for stores that interpret; else they do it in the background.
            embed: Whether vectors are made now, or before the next search.

        Raises:
            Conflict: an event's id is known with another content; nothing of the call is kept.
        """
        given = [Event(text=one) if isinstance(one, str) else one for one in observed]
        return self.bank.append(self.namespace, given, wait=wait, embed=embed)

    aobserve = offloaded(observe)

    @final
    def recall(self, query: Query | str, /, **changes: Any) -> list[Hit]:
        """The best hits for a question, best first; none where nothing is relevant.

        Args:
            query: A `Query`, or the text of one.
            changes: Fields of the query (`k=5`, `filter=…`, `at=…`).
        """
        asked = self._asked(query, changes)
        with operation("recall", limit=self.bank.settings.slow_recall, **self._told(asked)) as work:
            hits = self.retrieve(asked, self.view(asked))
            work.set(hits=len(hits))
        return hits

    arecall = offloaded(recall)

    @final
    def explain(self, query: Query | str, id: str, /, **changes: Any) -> Explanation:
        """Why the record `id` is recalled for a question, or which step or quarantine keeps it out.

        Raises:
            NotFound: there is no such record.
        """
        asked = self._asked(query, changes)
        own = type(self).retrieve is not MemoryStore.retrieve
        with operation("explain", **self._told(asked)):
            view = self.view(asked)
            hits = self.retrieve(asked, view) if own else None
            try:
                return lineage.explain(asked, view, id, hits, self)
            except NotFound:
                if (apart := lineage.quarantined(self.bank, self.places, asked.scope, id)) is None:
                    raise
                return apart

    aexplain = offloaded(explain)

    @final
    def synthesize(self, query: Query | str, /, budget: int = DEFAULT_BUDGET, **changes: Any) -> Context:
        """Prompt text for a question, within `budget` tokens, with its sources."""
        asked = self._asked(query, changes)
        with operation("synthesize", limit=self.bank.settings.slow_recall, **self._told(asked)) as work:
            view = self.view(asked)
            hits = self.retrieve(asked, view)
            with part("render"):
                context = self.render(asked, hits, view, budget)
            work.set(hits=len(hits), budget=budget, tokens=context.tokens)
        return context

    asynthesize = offloaded(synthesize)

    @final
    def feedback(
        self,
        ids: Sequence[str],
        kind: str,
        value: float = 1.0,
        *,
        trust: Trust = Trust.USER,
        time: datetime | None = None,
    ) -> list[Receipt]:
        """Say what became of records: used, helped, harmed, a profit. Their stores decide what follows.

        Args:
            ids: The records.
            kind: What became of them.
            value: How much.
            trust: Who says so.
            time: When it was so; none: now.

        Returns:
            One receipt for each store that holds any of them.

        Raises:
            NotFound: an id is not there.
        """
        data: dict[str, JsonValue] = {"kind": kind, "value": value}
        return [
            self._operate(
                Event(
                    type="feedback",
                    store=store,
                    about=tuple(record.id for record in records),
                    data=data,
                    trust=trust,
                    time=time,
                )
            )
            for store, records in self._by_store(ids).items()
        ]

    afeedback = offloaded(feedback)

    @final
    def advance(self, now: datetime) -> list[Receipt]:
        """Let time pass up to `now`: one receipt for each store that this memory is made of."""
        data: dict[str, JsonValue] = {"now": now.isoformat()}
        return [
            self._operate(Event(type="advance", store=shelf, data=data, time=now))
            for shelf in self._shelves()
        ]

    aadvance = offloaded(advance)

    @final
    def get(self, ids: Iterable[str]) -> list[Record]:
        """The current versions of `ids`, in that order; unknown ids are left out."""
        return self._now().get(ids)

    aget = offloaded(get)

    @final
    def select(
        self,
        filter: Filter | str | None = None,
        order: Order = "oldest",
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Record]:
        """The store's current records that pass `filter`, whatever their state, a page at a time."""
        return self._now().select(filter, order, limit, offset)

    aselect = offloaded(select)

    @final
    def put(
        self,
        key: str,
        text: str = "",
        *,
        payload: Mapping[str, JsonValue] | None = None,
        type: str = "record",
        since: datetime | None = None,
        due_at: datetime | None = None,
        expires_at: datetime | None = None,
        pinned: bool = False,
        metadata: Mapping[str, JsonValue] | None = None,
        index: bool | Mapping[str, str] = True,
        trust: Trust = Trust.USER,
        time: datetime | None = None,
    ) -> Receipt:
        """State a value under a key: the same key again replaces it, and its history is kept.

        Args:
            key: The key.
            text: What is said; indexed as the field `text` unless `index` says otherwise.
            payload: Typed content.
            type: The record's type.
            since: Since when it is true: the old value stays true for the time before.
            due_at: When it falls due.
            expires_at: When it leaves recall by itself.
            pinned: Whether it stands in every context.
            metadata: What filters can ask for.
            index: Whether, or what, is indexed: `{field: text}`.
            trust: Who says so; less trust never replaces more.
            time: When it was said; none: now.
        """
        data: dict[str, JsonValue] = {
            "key": key,
            "type": type,
            "payload": dict(payload or {}),
            "since": since.isoformat() if since else None,
            "due_at": due_at.isoformat() if due_at else None,
            "expires_at": expires_at.isoformat() if expires_at else None,
            "pinned": pinned,
            "metadata": dict(metadata or {}),
            "index": index if isinstance(index, bool) else dict(index),
        }
        given = {name: value for name, value in data.items() if value not in (None, {}, False, "record")}
        if index is False:
            given["index"] = False
        return self._operate(
            Event(type="put", store=self.shelf, text=text, data=given, trust=trust, time=time)
        )

    aput = offloaded(put)

    @final
    def correct(
        self,
        id: str,
        text: str = "",
        why: str = "",
        since: datetime | None = None,
        *,
        by: str | None = None,
        actor: str = "",
        trust: Trust = Trust.USER,
        time: datetime | None = None,
    ) -> Receipt:
        """Replace what a record says. The old record leaves recall and stays in the history.

        The new record is like the old one but for what it says: key, type, payload (see `restated`), due
        date, expiry, pin and metadata stay.

        Args:
            id: The record that is wrong, or out of date.
            text: What is right; left out with `by`.
            why: The reason.
            since: Since when the new text is true; none: the old one was never so.
            by: A record that says what is right already.
            actor: Who corrects; none: who said it.
            trust: Less trust than the record's never retires it: both stand as alternatives.
            time: When it was said; none: now.

        Raises:
            NotFound: there is no such record.
            NotApplicable: it does not stand any more.
        """
        if bool(text) == (by is not None):
            raise InvalidInput(
                "a correction takes a text, or the id of a record that says it", "give one of the two"
            )
        record, *others = self._require([id, *([by] if by is not None else [])])
        data: dict[str, JsonValue] = {
            "why": why,
            "since": since.isoformat() if since else None,
            "by": by,
            "type": record.type,
            "key": record.key,
            "pinned": record.pinned,
            "metadata": record.metadata,
            "payload": self.restated(record),
            "due_at": record.due_at.isoformat() if record.due_at else None,
            "expires_at": record.expires_at.isoformat() if record.expires_at else None,
            STOOD: stood([record, *others]),
        }
        given = {name: value for name, value in data.items() if value}
        return self._operate(
            Event(
                type="correct",
                store=record.store,
                about=(id,),
                text=text,
                data=given,
                actor=actor or record.actor,
                trust=trust,
                time=time,
            )
        )

    acorrect = offloaded(correct)

    @final
    def retract(self, ids: Sequence[str], why: str = "", *, trust: Trust = Trust.USER) -> list[Receipt]:
        """Take records out of recall; they stay in the history.

        Raises:
            NotFound: an id is not there.
            Refused: a record is trusted more than `trust`.
        """
        receipts = []
        for store, records in self._by_store(ids).items():
            given: dict[str, JsonValue] = {"why": why, STOOD: stood(records)}
            data = {name: value for name, value in given.items() if value}
            about = tuple(record.id for record in records)
            receipts.append(
                self._operate(Event(type="retract", store=store, about=about, data=data, trust=trust))
            )
        return receipts

    aretract = offloaded(retract)

    @final
    def undo(self, id: str, why: str = "", *, trust: Trust = Trust.USER) -> Receipt:
        """Let a record that left recall stand again as it was: superseded, replaced, retracted or faded.

        What the operation that retired it made to take its place is retracted, which can be undone in
        turn; what stands all the same is named as an alternative.

        Args:
            id: The record, as `bank.changes` lists it.
            why: The reason.
            trust: Less trust never undoes what more trust did.

        Raises:
            NotFound: there is no such record.
            NotApplicable: it stands, so that there is nothing to undo.
            Refused: what retired it is trusted more than `trust`.
        """
        record = self._require([id])[0]
        undoing = undoing_of(record, self._now().of_store(record.store))
        made = [one.id for one in undoing.retired]  # by name: should the record be forgotten, they stay out
        return self._operate(
            Event(type="undo", store=record.store, about=(id, *made), data={"why": why}, trust=trust)
        )

    aundo = offloaded(undo)

    @final
    def history(self, id: str) -> list[Version]:
        """Every version of a record, of what it superseded and of what superseded it, oldest first.

        Raises:
            NotFound: there is no such record.
        """
        return lineage.history(self._now(), id)

    ahistory = offloaded(history)

    @final
    def pending(self) -> list[Pending]:
        """The events that this store, or one of its members, has not interpreted yet."""
        shelves = self._shelves()
        return [item for item in self.bank.pending(self.namespace) if item.store in shelves]

    apending = offloaded(pending)

    @final
    def retry(self) -> list[Pending]:
        """Interpret anew what failed, and what waits; what is still pending afterwards."""
        return [item for shelf in self._shelves() for item in self.bank.retry(self.namespace, shelf)]

    aretry = offloaded(retry)

    # For authors

    def aliases(self) -> Mapping[str, Sequence[str]]:
        """Further names of actors, by which a question may name them; none by default."""
        return {}

    def pinned(self, view: View) -> list[Record]:
        """The records that stand in every context, by id: live, true and not expired at the view's time."""
        return [record for record in view.pinned() if record.holds(view.now)]

    def view(self, query: Query) -> View:
        """The view that a query asks for."""
        return self.bank.view(
            self.namespace, store=self.shelf, scope=query.scope, known_at=query.known_at, at=query.at
        )

    def _asked(self, query: Query | str, changes: Mapping[str, Any]) -> Query:
        """The query that is meant: an entity as a filter, and what reranks it, as the settings say."""
        asked = as_query(query, changes)
        if asked.entity is not None:
            from agentmem.stores.entities.asking import of_entity

            asked = of_entity(asked, self.bank, self.places)
        if not asked.rerank:
            return asked
        settings = self.bank.settings
        usual: dict[str, JsonValue] = {"rerank_device": settings.device}
        if settings.reranker is not None:
            usual["reranker"] = str(settings.reranker)
        return asked.model_copy(update={"options": usual | asked.options})

    def _told(self, asked: Query) -> dict[str, Any]:
        """What is told of a question: nothing that it says."""
        return {
            "store": self.name,
            "k": asked.k,
            "query_length": len(asked.text),
            "namespace": self.bank.told_namespace(self.namespace),
        }

    def _now(self) -> View:
        return self.bank.view(self.namespace, store=self.shelf)

    def _shelves(self) -> list[str]:
        """The names under which this memory, or its members, keep records."""
        return list(dict.fromkeys(part.shelf for part in self.folding()))

    def _by_store(self, ids: Sequence[str]) -> dict[str, list[Record]]:
        by_store: dict[str, list[Record]] = {}
        for record in self._require(ids):
            by_store.setdefault(record.store, []).append(record)
        return by_store

    def _require(self, ids: Sequence[str]) -> list[Record]:
        found = {record.id: record for record in self.get(ids) if record.state != "forgotten"}
        for id in ids:
            if id not in found:
                raise NotFound(
                    f"there is no record {id!r} in namespace {'/'.join(self.namespace)!r}",
                    "take an id from `recall` or `select`",
                )
        return [found[id] for id in ids]

    def _operate(self, operation: Event) -> Receipt:
        receipts = self.observe(operation)
        journal.require_stored(receipts)
        return receipts[0]


def as_query(query: Query | str, changes: Mapping[str, Any]) -> Query:
    """`query`, or one of that text, with `changes`, validated.

    Raises:
        InvalidInput: a change names no field of a query, or has a value that it cannot have.
    """
    from pydantic import ValidationError

    if isinstance(query, Query) and not changes:
        return query
    fields = {"text": query} if isinstance(query, str) else dict(query)
    try:
        return Query(**{**fields, **changes})
    except ValidationError as error:
        fault = first_fault(error)
        raise InvalidInput(
            f"query: {fault.where}: {fault.message}", f"a query takes {', '.join(Query.model_fields)}"
        ) from error
