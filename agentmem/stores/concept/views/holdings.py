"""All that a concept memory holds at one moment, as plain lists: what is drawn, told and written to files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from agentmem.bank.view import View
from agentmem.records import ALTERNATIVE, Record, State, Text, Value
from agentmem.stores.concept.changes import SIMILAR_TO, USED_IN
from agentmem.stores.concept.content import CONCEPT, Content, content_of, stands
from agentmem.stores.concept.entry import Concept, concept_of
from agentmem.stores.concept.lookup import heirs
from agentmem.stores.concept.outcomes import counts_of
from agentmem.stores.concept.problems import PROBLEM, Problem, is_problem, problem_of

if TYPE_CHECKING:
    from agentmem.stores.base import MemoryStore


class Holdings(Value):
    """A concept memory at one moment.

    Attributes:
        concepts: Those that stand, oldest first.
        problems: All that it knows of, oldest first.
        uses: Ids of the problems that each concept is used in, by its id; those without any are left out.
        similar: Ids of concepts that may be one, each pair once.
        beside: Ids of a concept and of one that says otherwise and is trusted more, or less.
        outcomes: What became of concepts, by id and kind; those of which nothing was said are left out.
        contents: All that was said of each concept, by its id: its entry shows the most of it.
    """

    concepts: tuple[Concept, ...] = ()
    problems: tuple[Problem, ...] = ()
    uses: Mapping[str, tuple[Text, ...]] = {}
    similar: tuple[tuple[Text, Text], ...] = ()
    beside: tuple[tuple[Text, Text], ...] = ()
    outcomes: Mapping[str, Mapping[str, float]] = {}
    contents: Mapping[str, Content] = {}

    def used_by(self) -> dict[str, list[str]]:
        """Ids of the concepts that are used in each problem, by its id; those without any are left out."""
        found: dict[str, list[str]] = {}
        for one in self.concepts:
            for problem in self.uses.get(one.id, ()):
                found.setdefault(problem, []).append(one.id)
        return found


def holdings_of(store: MemoryStore) -> Holdings:
    """The memory as it is now; all parts of it of the same moment."""
    view = store.bank.view(store.namespace, store=store.shelf)
    with view.at_once():
        records = view.select(order="oldest")
        standing = [one for one in records if one.type == CONCEPT and stands(one)]
        contents = {one.id: content_of(one) for one in standing}
        concepts = [concept_of(one, contents[one.id]) for one in standing]
        problems = [problem_of(one) for one in records if one.type == PROBLEM and _is_told(one)]
        ids = [one.id for one in concepts]
        place = {one.id: at for at, one in enumerate(problems)}
        uses: dict[str, set[str]] = {}
        for link in view.links(ids, USED_IN, "out"):
            if link.target in place:
                uses.setdefault(link.source, set()).add(link.target)
        return Holdings(
            concepts=tuple(concepts),
            problems=tuple(problems),
            uses={id: tuple(sorted(uses[id], key=place.__getitem__)) for id in ids if id in uses},
            similar=_pairs(view, ids, SIMILAR_TO),
            beside=_pairs(view, ids, ALTERNATIVE),
            outcomes=counts_of(view, ids),
            contents=contents,
        )


def _is_told(record: Record) -> bool:
    """Whether a record is a problem whose trace stands: one that was taken back, or forgotten, is none."""
    return is_problem(record) and record.state is State.LIVE


def _pairs(view: View, ids: Iterable[str], type: str) -> tuple[tuple[str, str], ...]:
    """Pairs of concepts that stand and are linked, each once; what was merged counts as what it became."""
    standing = set(ids)
    found: dict[tuple[str, str], None] = {}
    for link in view.links(standing, type):
        ends = [one if one in standing else _heir(view, one, standing) for one in (link.source, link.target)]
        one, other = sorted(ends)
        if one and one != other:
            found[one, other] = None
    return tuple(sorted(found))


def _heir(view: View, id: str, standing: set[str]) -> str:
    return next((one for one in heirs(id, view) if one in standing), "")
