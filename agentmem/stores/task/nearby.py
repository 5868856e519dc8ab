"""What a trim sees of the forest: the slots that an utterance may be about. Its size does not grow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from agentmem.bank.view import View
from agentmem.records import Event, Record
from agentmem.stores.task.content import content_of, node_of, stands
from agentmem.stores.task.edges import PARENT
from agentmem.stores.task.graph import Edge, load
from agentmem.stores.task.operations import PREFIX
from agentmem.stores.task.revisions import before, valued
from agentmem.stores.task.surroundings import BESIDE, active_in, lately
from agentmem.stores.task.trim import Slot

NEAREST = 6
"""Slots that are looked up by meaning, for each text."""
OPERATIONS = 24
"""Operations that are looked back on for what was spoken of lately."""
CHECK = PREFIX + "check"


class Nearby:
    """The `Forest` of one utterance.

    Args:
        view: What is read.
        said: The utterance.
    """

    def __init__(self, view: View, said: Event) -> None:
        self._view = view
        self._said = said

    def nearby(self, texts: Sequence[str]) -> list[Slot]:
        """Live slots that `texts` may be about: changed lately, beside the active one, or near in meaning."""
        view = self._view
        recent = [record for record in lately(view) if stands(record)]
        active = active_in(view, self._said.session)
        found = {record.id: record for record in recent}
        for text in dict.fromkeys(texts):
            found |= {record.id: record for record, _ in view.search(text, k=NEAREST) if stands(record)}
        beside = self._beside(active) if active is not None else []
        for record in view.get(id for id in beside if id not in found):
            if stands(record):
                found[record.id] = record
        records = sorted(found.values(), key=lambda record: content_of(record).by["made"])
        return self._slots(records, active)

    def _beside(self, active: str) -> list[str]:
        parents = [link.target for link in self._view.links([active], PARENT, "out")]
        return [active, *parents, *(link.source for link in self._view.links(parents, PARENT, "in", BESIDE))]

    def _slots(self, records: Sequence[Record], active: str | None) -> list[Slot]:
        ids = [record.id for record in records]
        graph = load(self._view, ids)
        parents, needs = _targets(graph.parents), _targets(graph.needs)
        touched, asked = self._lately_named()
        versions: dict[str, list[Record]] = {}
        for version in self._view.versions([record.id for record in records if record.version > 1]):
            versions.setdefault(version.id, []).append(version)
        moved = {record.id: max(record.from_seq, touched.get(record.id, 0)) for record in records}
        by_change = sorted(ids, key=moved.__getitem__, reverse=True)
        recency = {id: place for place, id in enumerate(by_change)}
        slots = []
        for record in records:
            node = node_of(record)
            values = valued(versions.get(record.id, ()))
            previous = before(record, values)
            past = dict.fromkeys(value for one in values if (value := content_of(one).value) is not None)
            slots.append(
                Slot(
                    id=record.id,
                    kind=node.kind,
                    slot=node.slot,
                    value=node.value,
                    past=tuple(value for value in past if value != node.value),
                    previous=None if previous is None else content_of(previous).value,
                    status=node.status,
                    is_stale=record.id in graph.stale,
                    depends_on=tuple(needs.get(record.id, ())),
                    parents=tuple(parents.get(record.id, ())),
                    recency=recency[record.id],
                    is_active=record.id == active,
                    asked=asked.get(record.id),
                )
            )
        return slots

    def _lately_named(self) -> tuple[dict[str, int], dict[str, int]]:
        """By id: when an operation last named a node, as a sequence number; how long ago a question did."""
        touched: dict[str, int] = {}
        asked: dict[str, int] = {}
        for place, event in enumerate(self._view.operations(limit=OPERATIONS)):
            for id in event.about:
                if event.type == CHECK:
                    asked.setdefault(id, place)
                elif id == event.about[0]:
                    touched.setdefault(id, event.seq)
        return touched, asked

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of texts, shape (n, d); zeros for a text without words."""
        return self._view.embed_all(texts)


def _targets(edges: Iterable[Edge]) -> dict[str, list[str]]:
    """What edges lead to, by where they come from."""
    found: dict[str, list[str]] = {}
    for edge in edges:
        found.setdefault(edge.source, []).append(edge.target)
    return found
