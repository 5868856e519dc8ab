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
        """The concepts of these titles or aliases, by the title asked for; unknown ones are left out.

        Of a type and another concept of one name, it is the other one.
        """
        keys = {title: [name_key(form, title, kind) for kind in ("", "type")] for title in titles}
        standing = self._view.standing_each(key for some in keys.values() for key in some)
        found: dict[str, Concept] = {}
        for title, some in keys.items():
            of_title = [one for key in some for one in of_names(form, {key: standing[key]}, self._view)]
            if of_title:
                found[title] = concept_of(of_title[0])
        return found

    def shortlist(self, text: str, most: int) -> list[Concept]:
        """The concepts that are most likely to matter to a problem, best first."""
        method = str(self._store.option("select"))
        hits = retrieve(Query(text=text, k=most, floor=False), self._view, self._store.bank, method)
        return [concept_of(hit.record) for hit in hits if is_concept(hit.record)]

    def near(self, text: str, most: int) -> list[tuple[Concept, float]]:
        """The concepts that are nearest in meaning to a text, with their cosine, best first."""
        found = self._view.search(text, k=most)
        return [(concept_of(record), cosine) for record, cosine in found if is_concept(record)]
