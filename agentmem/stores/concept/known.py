"""What an abstractor sees of the memory: one state of it, by name and by likeness to a problem."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from agentmem.bank.view import View
from agentmem.records import Query
from agentmem.stores.concept.content import Form, is_concept
from agentmem.stores.concept.entry import Concept, concept_of
from agentmem.stores.concept.lookup import name_key, of_names
from agentmem.stores.concept.reading import retrieve

if TYPE_CHECKING:
    from agentmem.stores.base import MemoryStore


class Known:
    """The memory as of a view.

    Args:
        store: The concept memory.
        view: The state of it.
    """

    def __init__(self, store: MemoryStore, view: View) -> None:
        self._store = store
        self._view = view

    def named(self, titles: Sequence[str], form: Form = "ps") -> dict[str, Concept]:
        """The concepts of these titles or aliases, by the title asked for; unknown ones are left out."""
        keys = {title: name_key(form, title) for title in titles}
        found = of_names(form, self._view.standing_each(keys.values()), self._view)
        by_key = {
            name_key(form, text): concept
            for concept in map(concept_of, found)
            for text in (*concept.aliases, concept.title)
        }
        return {title: by_key[key] for title, key in keys.items() if key in by_key}

    def shortlist(self, text: str, most: int) -> list[Concept]:
        """The concepts that are most likely to matter to a problem, best first."""
        method = str(self._store.option("select"))
        hits = retrieve(Query(text=text, k=most, floor=False), self._view, self._store.bank, method)
        return [concept_of(hit.record) for hit in hits if is_concept(hit.record)]

    def near(self, text: str, most: int) -> list[tuple[Concept, float]]:
        """The concepts that are nearest in meaning to a text, with their cosine, best first."""
        found = self._view.search(text, k=most)
        return [(concept_of(record), cosine) for record, cosine in found if is_concept(record)]
