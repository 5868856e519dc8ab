"""Several stores as one memory: one question, one budget, every source event shown once. It only reads."""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar

from pydantic import JsonValue

from agentmem.bank.spec import MemorySpec
from agentmem.bank.view import ApplyView, View
from agentmem.db.names import decode
from agentmem.errors import InvalidInput
from agentmem.records import ChangeSet, Context, Event, Hit, Namespace, Query, Record
from agentmem.stores.base import MemoryStore
from agentmem.synthesis.tokens import MiniLMTokens

if TYPE_CHECKING:
    from agentmem.bank.bank import Bank


class CompositeStore(MemoryStore):
    """Joins the `members` of its spec, and the same over the namespaces that `shared` names.

    Options:
        weights: Shares of the budget, one for each member; by default what each store weighs (`share`).
            What one leaves flows on.
        shared: Further namespaces to read, as paths (`acme/shared`).
    """

    name: ClassVar[str] = "composite"
    options: ClassVar[Mapping[str, JsonValue]] = {"weights": [], "shared": []}

    def __init__(self, bank: Bank, namespace: Namespace, spec: MemorySpec | None = None) -> None:
        super().__init__(bank, namespace, spec or MemorySpec(store=self.name))
        specs = self.spec.members or (MemorySpec(store="episodic"),)
        weights = self.option("weights")
        if weights and (len(weights) != len(specs) or min(weights) <= 0):
            raise InvalidInput(
                f"composite has {len(specs)} members and the weights {weights}", "give one above 0 for each"
            )
        places = [self.namespace, *(decode(path) for path in self.option("shared"))]
        self.members = [bank.make_store(one, place) for place in places for one in specs]
        given = [float(weight) for _ in places for weight in weights]
        self.weights = given or [member.share for member in self.members]
        for letter, member in zip(string.ascii_lowercase, self.members, strict=False):
            member.label_prefix = letter

    @property
    def shelf(self) -> str:
        """What is put into a composite goes to its first member."""
        return self.members[0].shelf

    @property
    def places(self) -> list[Namespace]:
        """Its own namespace, and the shared ones."""
        return list(dict.fromkeys(member.namespace for member in self.members))

    def folding(self) -> list[MemoryStore]:
        """Its members in its own namespace are attached; those in shared ones are only read."""
        own = [member for member in self.members if member.namespace == self.namespace]
        return [part for member in own for part in member.folding()]

    def apply(self, event: Event, view: ApplyView) -> ChangeSet:
        """A composite keeps nothing."""
        return ChangeSet()

    def pinned(self, view: View) -> list[Record]:
        """What is pinned in any member."""
        asked = Query(text="", at=view.now)
        found = [one for member in self.members for one in member.pinned(self._view(member, asked, view))]
        return list({(one.namespace, one.id): one for one in found}.values())

    def retrieve(self, query: Query, view: View) -> list[Hit]:
        """The best of all members by score; what adds no new source event is left out."""
        found = [
            hit for member in self.members for hit in member.retrieve(query, self._view(member, query, view))
        ]
        seen: set[tuple[Namespace, str]] = set()
        hits: list[Hit] = []
        for hit in sorted(found, key=lambda hit: -hit.score):
            sources = {(hit.record.namespace, source) for source in hit.record.sources}
            if not sources <= seen:
                seen |= sources
                hits.append(hit)
        return hits[: query.k]

    def render(self, query: Query, hits: Sequence[Hit], view: View, budget: int) -> Context:
        """Each member renders its own hits in its share; what is left goes to those that had to leave out."""
        shares = [int(budget * weight / sum(self.weights)) for weight in self.weights]
        contexts = [
            self._part(member, query, hits, view, share)
            for member, share in zip(self.members, shares, strict=True)
        ]
        for place, member in enumerate(self.members):
            left = budget - sum(context.tokens for context in contexts)
            if left > 0 and "budget" in contexts[place].left_out.values():
                room = contexts[place].tokens + left
                contexts[place] = self._part(member, query, hits, view, room)
        return _joined(contexts, budget)

    def _part(
        self, member: MemoryStore, query: Query, hits: Sequence[Hit], view: View, budget: int
    ) -> Context:
        place = (member.shelf, member.namespace)
        first = next(one for one in self.members if (one.shelf, one.namespace) == place)
        own = [hit for hit in hits if member is first and (hit.record.store, hit.record.namespace) == place]
        return member.render(query, own, self._view(member, query, view), budget)

    def _view(self, member: MemoryStore, query: Query, view: View) -> View:
        return view.of_store(member.shelf) if member.namespace == self.namespace else member.view(query)


def _joined(contexts: Sequence[Context], budget: int) -> Context:
    """One context of several; parts are dropped from the end while the whole costs too much."""
    parts = [context for context in contexts if context.text]
    counter = MiniLMTokens()
    while parts:
        stable = "".join(part.stable for part in parts)
        recalled = "".join(part.recalled for part in parts)
        tokens = counter.count(stable + recalled)
        if tokens <= budget:
            break
        parts.pop()
    else:
        stable, recalled, tokens = "", "", 0
    items = tuple(item for part in parts for item in part.items)
    shown = {item.id for item in items}
    left_out = {id: why for context in contexts for id, why in context.left_out.items() if id not in shown}
    return Context(
        text=stable + recalled,
        stable=stable,
        recalled=recalled,
        tokens=tokens,
        budget=budget,
        tokenizer=counter.name,
        items=items,
        left_out=left_out,
    )
