"""The memory of one namespace, as the holder of a token may ask it: one method for each operation."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from typing import IO, TYPE_CHECKING, cast

from agentmem.bank.forgetting import scrubbed
from agentmem.bank.registry import spec_of
from agentmem.db.names import encode
from agentmem.errors import InvalidInput, NotFound, Refused
from agentmem.stores.lineage import returned, standing_again, successors
from agentmem.web.api import answered, asked, changing
from agentmem.web.api.paging import Cursor

if TYPE_CHECKING:
    from agentmem.bank import Bank
    from agentmem.bank.view import View
    from agentmem.stores import MemoryStore
    from agentmem.web.tokens import Holder

IN_MEMORY = 8_000_000
"""Bytes of an export that are held in memory; a larger one lies in a file without a name until it is sent."""
SCRUB_WAITS = 10.0
"""Seconds that a scrub waits for others who read the bank."""


class Memory:
    """What the holder of a token may ask. Safe for threads.

    Args:
        bank: The bank.
        holder: Whose namespace it is, and what they may do.
        stores: The memories that may be asked, as after `--store`; the first is asked where none is named.

    Raises:
        NotFound: there is no such store.
        InvalidInput: one is no sum of stores.
    """

    def __init__(self, bank: Bank, holder: Holder, stores: Sequence[str]) -> None:
        self._bank = bank
        self._holder = holder
        self._namespace = holder.namespace
        self._path = encode(holder.namespace)
        self._specs = {name: spec_of(name) for name in stores}

    # Observe

    def observe(self, given: asked.Observe) -> answered.Observed:
        """Keep what happened, verbatim. It can be recalled when this is answered."""
        for spec in self._specs.values():
            self._bank.store(spec, self._namespace)
        events = [one.event() for one in given.events]
        receipts = self._bank.append(self._namespace, events, wait=given.wait, embed=given.embed)
        return answered.Observed(namespace=self._path, receipts=receipts)

    def events(self, given: asked.Events) -> answered.EventPage:
        """List what was observed, newest first."""
        before = Cursor.read(given.cursor).seq if given.cursor else None
        found = self._view().events(given.session, before, given.limit + 1)
        shown = found[: given.limit]
        more = Cursor(shown[-1].seq) if len(found) > len(shown) else None
        return answered.EventPage(namespace=self._path, events=shown, next=more and str(more))

    def event(self, given: asked.Named) -> answered.OneEvent:
        """Get an event of the journal, be it an operation; a forgotten one is emptied."""
        for found in self._bank.events(self._namespace, [given.id]):
            return answered.OneEvent(namespace=self._path, event=found)
        raise NotFound(f"there is no event {given.id!r} in namespace {self._path!r}", "see /v1/events")

    # Ask

    def recall(self, given: asked.Recall) -> answered.Recalled:
        """Find what is relevant to a question, best first."""
        name, memory = self._asked(given)
        hits = memory.recall(given.query)
        return answered.Recalled(
            namespace=self._path, query=given.text, store=name, relevant=bool(hits), hits=hits
        )

    def explain(self, given: asked.Explain) -> answered.Explained:
        """Say why a record is recalled for a question, or which step drops it."""
        name, memory = self._asked(given)
        explanation = memory.explain(given.query, given.id)
        return answered.Explained(namespace=self._path, query=given.text, store=name, explanation=explanation)

    def context(self, given: asked.Synthesize) -> answered.Synthesized:
        """Write prompt text for a question, within a budget of tokens, with its sources."""
        name, memory = self._asked(given)
        context = memory.synthesize(given.query, given.budget)
        return answered.Synthesized(namespace=self._path, query=given.text, store=name, context=context)

    # Look

    def rights(self, given: asked.Nothing) -> answered.Rights:
        """Say what the token is for: namespace, rights, and the memories that may be asked."""
        return answered.Rights(
            namespace=self._path,
            write=self._holder.writes,
            prefix=self._holder.spans,
            stores=tuple(self._specs),
        )

    def records(self, given: asked.Records) -> answered.RecordPage:
        """List records, whatever their state, page by page as of one moment."""
        memory = self._store(given.store)[1]
        view = self._view(memory.shelf)
        at = Cursor.read(given.cursor) if given.cursor else Cursor(cast(int, view.seen))
        found = view.as_of(at.seq).select(given.filter or None, given.order, given.limit + 1, at.offset)
        shown = found[: given.limit]
        more = at.after(len(shown)) if len(found) > len(shown) else None
        return answered.RecordPage(
            namespace=self._path, store=memory.shelf, records=shown, next=more and str(more)
        )

    def record(self, given: asked.Named) -> answered.OneRecord:
        """Get a record, whatever its state."""
        for found in self._store()[1].get([given.id]):
            if found.state != "forgotten":
                return answered.OneRecord(namespace=self._path, record=found)
        raise NotFound(f"there is no record {given.id!r} in namespace {self._path!r}", "see /v1/records")

    def history(self, given: asked.Named) -> answered.History:
        """Get every version of a record, of what it replaced, and of what replaced it."""
        versions = self._store()[1].history(given.id)
        return answered.History(namespace=self._path, id=given.id, versions=versions)

    def changes(self, given: asked.Changes) -> answered.Changed:
        """List what left recall: superseded, retracted, faded. Newest first; `undo` brings it back."""
        changes = self._bank.changes(self._namespace, after=given.after, limit=given.limit)
        standing = standing_again(self._view(), changes)
        return answered.Changed(namespace=self._path, changes=changes, standing=standing)

    def pending(self, given: asked.OfStore) -> answered.StillPending:
        """List the events that a store has not interpreted yet."""
        return answered.StillPending(namespace=self._path, pending=self._store(given.store)[1].pending())

    def stats(self, given: asked.Nothing) -> answered.Counted:
        """Count what the namespace holds."""
        counts = answered.Counts()
        if self._bank.numbers(self._namespace):
            counted = self._bank.stats(self._namespace)
            counts = answered.Counts(
                **{name: getattr(counted, name) for name in answered.Counts.model_fields}
            )
        return answered.Counted(namespace=self._path, stats=counts)

    def export(self, given: asked.Nothing) -> IO[str]:
        """Get the journal as JSON lines, as `agentmem import` reads them."""
        # Whole before the first byte is sent: a client that reads slowly holds no state of the database.
        with ExitStack() as unless_it_is_whole:
            target = unless_it_is_whole.enter_context(
                tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="\n")
            )
            self._bank.export(target, self._namespace)
            target.seek(0)
            unless_it_is_whole.pop_all()
        return target

    # Change

    def put(self, given: changing.Put) -> answered.Done:
        """State a value under a key: the same key again replaces it, and its history is kept."""
        stated = {name: value for name, value in dict(given).items() if name not in ("store", "key")}
        receipt = self._store(given.store, writing=True)[1].put(given.key, **stated)
        return answered.Done(namespace=self._path, receipt=receipt)

    def correct(self, given: changing.Correct) -> answered.Corrected:
        """Replace what a record says. The old leaves recall, and stays in the history."""
        receipt = self._store()[1].correct(**dict(given))
        made, beside = successors(self._view(), given.id)
        return answered.Corrected(
            namespace=self._path, receipt=receipt, id=given.id, superseded_by=made, alternatives=beside
        )

    def retract(self, given: changing.Retract) -> answered.Retracted:
        """Take records out of recall. They stay in the history."""
        receipts = self._store()[1].retract(given.ids, given.why, trust=given.trust)
        return answered.Retracted(namespace=self._path, receipts=receipts, ids=given.ids)

    def undo(self, given: changing.Undo) -> answered.Undone:
        """Let a record that left recall stand again, as it was."""
        receipt = self._bank.undo(self._namespace, given.id, given.why, trust=given.trust)
        view = self._view()
        out, beside = returned(view, given.id, receipt.seq)
        return answered.Undone(
            namespace=self._path,
            receipt=receipt,
            id=given.id,
            record=view.get([given.id])[0],
            out_of_recall=out,
            alternatives=beside,
        )

    def feedback(self, given: changing.Feedback) -> answered.DoneByStore:
        """Say what became of records: used, helped, harmed. Their stores decide what follows."""
        memory = self._store()[1]
        receipts = memory.feedback(given.ids, given.kind, given.value, trust=given.trust, time=given.time)
        return answered.DoneByStore(namespace=self._path, receipts=receipts)

    def advance(self, given: changing.Advance) -> answered.DoneByStore:
        """Let time pass, for memories in which things fade or fall due."""
        receipts = self._store(given.store, writing=True)[1].advance(given.now)
        return answered.DoneByStore(namespace=self._path, receipts=receipts)

    def retry(self, given: asked.OfStore) -> answered.StillPending:
        """Interpret again what failed or waits; what is still pending."""
        return answered.StillPending(namespace=self._path, pending=self._store(given.store)[1].retry())

    def forget(self, given: changing.Forget) -> answered.Forgotten:
        """Forget events for good, with what came from them alone; in force when this is answered."""
        report = self._bank.forget(
            self._namespace,
            records=given.records,
            events=given.events,
            session=given.session,
            everything=given.everything,
        )
        if given.scrub:
            report = scrubbed(self._bank, report, SCRUB_WAITS)
        return answered.Forgotten(namespace=self._path, report=report)

    def _view(self, store: str = "episodic") -> View:
        return self._bank.view(self._namespace, store=store)

    def _asked(self, given: asked.Recall) -> tuple[str, MemoryStore]:
        """The memory that a question is for, and its name.

        Raises:
            Refused: the token may not read what the question is about.
        """
        if given.scope == "prefix" and not self._holder.spans:
            raise Refused(
                f"this token reads {self._path!r} alone, and none under it",
                "leave `scope` out, or have the token given `prefix: true`",
            )
        return self._store(given.store)

    def _store(self, name: str = "", *, writing: bool = False) -> tuple[str, MemoryStore]:
        """The memory of that name, or the first, with its name. To read makes no namespace.

        Raises:
            InvalidInput: this server has none of that name.
        """
        name = name or next(iter(self._specs))
        if name not in self._specs:
            raise InvalidInput(f"there is no memory {name!r} to ask", f"there are: {', '.join(self._specs)}")
        if writing or self._bank.numbers(self._namespace):
            return name, self._bank.store(self._specs[name], self._namespace)
        return name, self._bank.make_store(self._specs[name], self._namespace)
