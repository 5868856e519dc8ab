"""What became of concepts: how often each was selected, cited, and helped or harmed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agentmem.bank.view import ApplyView, View
from agentmem.records import Event, Record

OUTCOME = "outcome"
"""The type of the record that counts; it stands beside its concept, whose versions are about what it says."""
VOTES = "votes"
"""The count of a rule's votes beyond those that it begins with."""
BEGINS_AT = 2
"""Votes that a rule begins with (ExpeL: a new rule has an importance of 2, and leaves at 0)."""


def outcome_key(id: str) -> str:
    """The key of the record that counts for a concept."""
    return f"{OUTCOME}:{id}"


def counts_in(record: Record) -> dict[str, float]:
    """The counts of an outcome's record, by kind."""
    held = record.payload.get("counts")
    return (
        {k: float(v) for k, v in held.items() if isinstance(v, int | float)} if isinstance(held, dict) else {}
    )


def counts_of(view: View, ids: Iterable[str]) -> dict[str, dict[str, float]]:
    """The counts of concepts, by id and kind; those of which nothing was said are left out."""
    by_key = {outcome_key(id): id for id in ids}
    standing = view.standing_each(by_key)
    return {by_key[key]: counts_in(some[0]) for key, some in standing.items() if some}


def counted(
    ids: Iterable[str],
    kind: str,
    value: float,
    event: Event,
    view: ApplyView,
    further: Mapping[str, float] | None = None,
) -> list[Record]:
    """The records of outcomes with `value` more of `kind` (none for ""), and with `further` counts."""
    by_key = {outcome_key(id): id for id in ids}
    standing = view.standing_each(by_key)
    more = {**(further or {})}
    if kind:
        more[kind] = more.get(kind, 0.0) + value
    made = []
    for key, id in by_key.items():
        old = standing[key][0] if standing[key] else None
        counts = counts_in(old) if old else {}
        counts |= {name: counts.get(name, 0.0) + added for name, added in more.items()}
        made.append(
            Record(
                id=old.id if old else view.new_id(),
                type=OUTCOME,
                key=key,
                payload={"concept": id, "counts": dict(sorted(counts.items()))},
                sources=(event.id,),
                time=event.time,
            )
        )
    return made
