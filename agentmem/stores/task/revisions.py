"""The values that a node had: versions of its record in which the value was set."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from agentmem.bank.view import View
from agentmem.records import SUPERSEDES, Record
from agentmem.stores.task.content import content_of, is_node
from agentmem.stores.task.node import Revision

_DAWN = datetime.min.replace(tzinfo=UTC)


def same(one: str | None, other: str | None) -> bool:
    """Whether two values are the same but for case and spaces."""
    if one is None or other is None:
        return one is other
    return one.casefold().split() == other.casefold().split()


def valued(versions: Iterable[Record]) -> list[Record]:
    """Of the versions of one node, those in which its value was set, in the order they were made."""
    found: dict[str, Record] = {}
    for version in versions:
        if is_node(version) and (by := content_of(version).by.get("value")):
            found.setdefault(by, version)
    return list(found.values())


def lineage(view: View, id: str) -> list[Record]:
    """The versions in which the value of a node, or of what it took the place of, was set, oldest first."""
    ids = view.reach([id], SUPERSEDES, "out") if view.links([id], SUPERSEDES, "out", 1) else [id]
    return valued(view.versions(ids))


def revisions(view: View, record: Record) -> list[Revision]:
    """The values of a node, in the order in which they were said."""
    now = content_of(record).by.get("value")
    told = [(content_of(version), version.why) for version in lineage(view, record.id)]
    told.sort(key=lambda one: one[0].set_at or _DAWN)
    return [
        Revision(
            value=content.value,
            time=content.set_at,
            event_id=content.by["value"],
            why=why,
            current=content.by["value"] == now,
        )
        for content, why in told
    ]


def before(record: Record, versions: Sequence[Record]) -> Record | None:
    """The version that held the value before the present one; none where there was none."""
    previous = content_of(record).previous
    if previous is None:
        return None
    return next((one for one in versions if (one.id, content_of(one).version) == previous), None)
