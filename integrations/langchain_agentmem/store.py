"""A store of LangGraph on a bank: what agents keep across threads, with history, `forget`, exact search."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from langgraph.store.base import (
    BaseStore,
    GetOp,
    IndexConfig,
    Item,
    ListNamespacesOp,
    MatchCondition,
    Op,
    PutOp,
    Result,
    SearchItem,
    SearchOp,
    TTLConfig,
    get_text_at_path,
    tokenize_path,
)

from agentmem.errors import InvalidInput
from agentmem.filters import Filter
from agentmem.logs import fields, in_log, logger
from agentmem.records import Event, Namespace, Record, clean_namespace
from agentmem.stores.keyed import KeyedStore
from langchain_agentmem.expiry import Expiry
from langchain_agentmem.filters import ALL, LIVE, passes, sql_of

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.bank.view import View

log = logger(__name__)

KEYED = KeyedStore.name
WHOLE = "$"
"""The path of the whole value."""
CREATED = "created"
"""In an item's metadata: when it was put first."""


class AgentMemStore(BaseStore):
    """Items by namespace and key, as records of a bank. Safe for threads and processes.

    Where it differs from `InMemoryStore`: a search without a question lists by namespace and key;
    `created_at` is when a key was put first, and `updated_at` when its value changed last; a namespace
    without items is not listed; in filters `true` is no 1, and what is no number is neither more nor less
    than another (there it may raise); an item is on one page of a search (there those without a vector may
    come again).
    Deleting is `forget`: the value's history goes, too.

    Args:
        bank: The bank; closing it is up to whoever opened it.
        root: Under which namespace of the bank its namespaces stand.
        index: Which fields are searched by meaning (`fields`, default the whole value), by the bank's
            embedder. None: none; then a question plays no part in a search, as in LangGraph's own stores.
        ttl: Defaults of time to live; what has expired is out of reads at once.

    Raises:
        InvalidInput: `index` names an embedder other than the bank's.
    """

    supports_ttl = True
    __slots__ = ("_bank", "_expiry", "_paths", "_root", "_sweeper", "ttl_config")

    def __init__(
        self,
        bank: Bank,
        *,
        root: Namespace = ("store",),
        index: IndexConfig | Mapping[str, Any] | None = None,
        ttl: TTLConfig | None = None,
    ) -> None:
        self._bank = bank
        self._root = clean_namespace(root)
        self._paths = None if index is None else _paths(bank, index)
        self.ttl_config = ttl
        self._expiry = Expiry(bank, self._root)
        self._sweeper: tuple[threading.Thread, threading.Event] | None = None

    # What LangGraph calls

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Reads see what was there before the batch; of several puts of one key, the last one counts."""
        given = list(ops)
        results: list[Result] = [None] * len(given)
        self._get([(n, op) for n, op in enumerate(given) if isinstance(op, GetOp)], results)
        puts: dict[tuple[Namespace, str], PutOp] = {}
        for n, op in enumerate(given):
            if isinstance(op, SearchOp):
                results[n] = self._search(op)
            elif isinstance(op, ListNamespacesOp):
                results[n] = self._namespaces(op)
            elif isinstance(op, PutOp):
                puts[(tuple(op.namespace), op.key)] = op
            elif not isinstance(op, GetOp):
                raise InvalidInput(
                    f"a store has no operation {type(op).__name__}", "see `langgraph.store.base`"
                )
        self._put(puts)
        return results

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """See `batch`."""
        return await asyncio.to_thread(self.batch, list(ops))

    def sweep_ttl(self) -> int:
        """Forget what has expired; how many items."""
        gone = self._expiry.expired()
        items = {place: self._item(place) for place in gone}
        # What was put since lives on, though it is not yet noted that it does.
        over = {place for place, item in items.items() if item is None or not _is_newer(item, gone[place])}
        self._delete(place for place in over if items[place] is not None)
        self._expiry.drop(over)
        return len(over)

    def start_ttl_sweeper(self, sweep_interval_minutes: float | None = None) -> threading.Event:
        """Sweep now and then in a thread, until the event that is returned is set."""
        minutes = sweep_interval_minutes or (self.ttl_config or {}).get("sweep_interval_minutes") or 5
        stop = threading.Event()

        def sweep() -> None:
            while not stop.wait(60 * minutes):
                try:
                    self.sweep_ttl()
                except Exception as error:  # the next sweep may find the bank as it should be
                    log.warning("items that expired are not swept: %s", in_log(error), extra=fields(error))

        thread = threading.Thread(target=sweep, name="agentmem-ttl", daemon=True)
        self._sweeper = (thread, stop)
        thread.start()
        return stop

    def stop_ttl_sweeper(self, timeout: float | None = None) -> bool:
        """Stop sweeping; whether it has ended."""
        if self._sweeper is None:
            return True
        thread, stop = self._sweeper
        stop.set()
        thread.join(timeout)
        return not thread.is_alive()

    # Reading

    def _view(self, namespace: Namespace, scope: str = "own") -> View:
        return self._bank.view((*self._root, *namespace), store=KEYED, scope=scope)

    def _item(self, place: tuple[Namespace, str]) -> Record | None:
        return next(iter(self._view(place[0]).standing(place[1])), None)

    def _get(self, ops: Sequence[tuple[int, GetOp]], results: list[Result]) -> None:
        if not ops:
            return
        expired = self._expiry.expired()
        found: dict[tuple[Namespace, str], Record] = {}
        keys: dict[Namespace, list[str]] = {}
        for _, op in ops:
            keys.setdefault(tuple(op.namespace), []).append(op.key)
        for namespace, wanted in keys.items():
            for key, records in self._view(namespace).standing_each(wanted).items():
                if records and (namespace, key) not in expired:
                    found[(namespace, key)] = records[0]
        for n, op in ops:
            record = found.get((tuple(op.namespace), op.key))
            results[n] = None if record is None else Item(**self._fields(record))
        self._expiry.refresh({(tuple(op.namespace), op.key) for _, op in ops if op.refresh_ttl} & set(found))

    def _search(self, op: SearchOp) -> list[SearchItem]:
        prefix = tuple(op.namespace_prefix)
        filter, check = sql_of(op.filter)
        view = self._view(prefix, "prefix")
        expired = self._expiry.expired()
        wanted = op.offset + op.limit
        most = ALL if check else wanted + len(expired)
        scored: list[tuple[Record, float | None]] = []
        if op.query and self._paths is not None:
            scored += self._by_meaning(view, op.query, most, filter if op.filter else None)
        if len(scored) < most:
            known = {record.id for record, _ in scored}
            listed = view.select(filter, "place", limit=most)
            scored += [(record, None) for record in listed if record.id not in known]
        items = [
            SearchItem(**self._fields(record), score=score)
            for record, score in scored
            if self._place(record) not in expired and (not check or passes(record.payload, op.filter))
        ][op.offset : wanted]
        if op.refresh_ttl:
            self._expiry.refresh({(item.namespace, item.key) for item in items})
        return items

    def _by_meaning(
        self, view: View, question: str, k: int, filter: Filter | None
    ) -> list[tuple[Record, float | None]]:
        """The best items: each by that of its fields which is nearest."""
        best: dict[str, tuple[Record, float]] = {}
        for field in list(view.shelf().fields):
            for record, score in view.search(question, field, k, filter):
                if record.id not in best or score > best[record.id][1]:
                    best[record.id] = (record, score)
        return cast("list[tuple[Record, float | None]]", sorted(best.values(), key=lambda one: -one[1])[:k])

    def _namespaces(self, op: ListNamespacesOp) -> list[Namespace]:
        held = {namespace[len(self._root) :] for namespace in self._view((), "prefix").holding()}
        over = Counter(namespace for namespace, _ in self._expiry.expired())
        held -= {
            namespace
            for namespace, n in over.items()
            if len(self._view(namespace).select(LIVE, limit=n + 1)) <= n
        }
        found = {
            namespace[: op.max_depth] if op.max_depth is not None else namespace
            for namespace in held
            if all(_fits(condition, namespace) for condition in op.match_conditions or ())
        }
        return sorted(found)[op.offset : op.offset + op.limit]

    def _place(self, record: Record) -> tuple[Namespace, str]:
        return record.namespace[len(self._root) :], record.key or ""

    def _fields(self, record: Record) -> dict[str, Any]:
        namespace, key = self._place(record)
        return {
            "value": record.payload,
            "key": key,
            "namespace": namespace,
            "created_at": record.metadata.get(CREATED) or record.time,
            "updated_at": record.time,
        }

    # Writing

    def _put(self, puts: Mapping[tuple[Namespace, str], PutOp]) -> None:
        self._delete({place for place, op in puts.items() if op.value is None})
        stated: dict[Namespace, list[PutOp]] = {}
        for (namespace, _), op in puts.items():
            if op.value is not None:
                stated.setdefault(namespace, []).append(op)
        for namespace, ops in stated.items():
            known = self._view(namespace).standing_each([op.key for op in ops])
            now = self._bank.clock()
            created = {
                key: records[0].metadata.get(CREATED, now.isoformat()) if records else now.isoformat()
                for key, records in known.items()
            }
            events = [self._event(op, created[op.key]) for op in ops]
            self._bank.store(KEYED, (*self._root, *namespace)).observe(*events, embed=False)
        if stated and self._paths is not None:
            self._bank.embed_later()
        self._expiry.set({place: op.ttl for place, op in puts.items()})

    def _event(self, op: PutOp, created: Any) -> Event:
        value = dict(op.value or {})
        data = {
            "key": op.key,
            "type": "item",
            "payload": value,
            "metadata": {CREATED: created},
            "index": self._texts(value, op.index) or False,
        }
        return Event(type="put", store=KEYED, data=data)

    def _texts(self, value: dict[str, Any], index: Any) -> dict[str, str]:
        """What is indexed of a value, by field: a path, and its place where there are several texts."""
        if self._paths is None or index is False:
            return {}
        paths = self._paths if index is None else [_tokens(path) for path in index]
        texts: dict[str, str] = {}
        for path, tokens in paths:
            found = get_text_at_path(value, tokens)
            names = [path] if len(found) == 1 else [f"{path}.{n}" for n in range(len(found))]
            texts |= zip(names, found, strict=True)
        return texts

    def _delete(self, places: Iterable[tuple[Namespace, str]]) -> None:
        by_namespace: dict[Namespace, list[str]] = {}
        for namespace, key in places:
            by_namespace.setdefault(namespace, []).append(key)
        for namespace, keys in by_namespace.items():
            records = [one.id for some in self._view(namespace).standing_each(keys).values() for one in some]
            if records:
                self._bank.forget((*self._root, *namespace), records=records)


def _is_newer(item: Record, moment: datetime) -> bool:
    return item.time is not None and item.time > moment


def _paths(bank: Bank, index: IndexConfig | Mapping[str, Any]) -> list[tuple[str, Any]]:
    given = index.get("embed")
    if given is not None and getattr(given, "bank", None) is not bank:
        raise InvalidInput(
            "a store searches by its bank's embedder, and `index` names another",
            "open the bank with it: Bank(embedder=LangChainEmbedder(embed)); then leave `embed` out",
        )
    return [_tokens(path) for path in index.get("fields") or [WHOLE]]


def _tokens(path: str) -> tuple[str, Any]:
    return path, path if path == WHOLE else tokenize_path(path)


def _fits(condition: MatchCondition, namespace: Namespace) -> bool:
    path = condition.path
    if len(namespace) < len(path):
        return False
    part = (
        namespace[: len(path)]
        if condition.match_type == "prefix"
        else namespace[len(namespace) - len(path) :]
    )
    return all(wanted in ("*", label) for wanted, label in zip(path, part, strict=True))
