"""What one record, namespace, write and recall cost: straight lines through what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from agentmem.records import Value

VECTOR_TABLE, NAMESPACE_TABLES = "vector", ("namespace", "attached")


class Line(Value):
    """A cost that grows with the records of a namespace: `fixed + each * records`."""

    fixed: float
    each: float

    def at(self, records: float) -> float:
        """The cost at so many records."""
        return self.fixed + self.each * records


class Costs(Value):
    """The constants that a forecast is made of; seconds and bytes.

    Attributes:
        database: `sqlite` or `postgresql`.
        record_bytes: Of a record on disk, its event and its share of all indexes, without its vector.
        vector_bytes: Of its vector on disk.
        namespace_bytes: Of a namespace on disk, before its first event.
        writes: Single durable writes a second, by one after the other.
        together: Durable writes a second by several threads, that share commits.
        appended: Events a second in bulk.
        embedded: Texts a second of the real embedder.
        recall: Seconds of a recall, its index open, by records of the namespace.
        opening: Seconds that the first recall takes beyond that: the index is built.
        index: Bytes of an index in memory, by its own count.
        listing: Seconds that a list of all namespaces takes, of each.
        copied: Bytes a second of a copy of the bank; none: it is not copied by agentmem.
        rewritten: Bytes a second of a rewrite of all tables and indexes.
    """

    database: str
    record_bytes: float
    vector_bytes: float
    namespace_bytes: float
    writes: float
    together: float
    appended: float
    embedded: float
    recall: Line
    opening: Line
    index: Line
    listing: float
    copied: float | None
    rewritten: float

    @property
    def most_writes(self) -> float:
        """Durable writes a second, in the better of the two ways."""
        return max(self.writes, self.together)


def costs_of(measured: Mapping[str, Any]) -> Costs:
    """The constants of what was measured on one database."""
    last = measured["growth"][-1]
    tables: dict[str, float] = {}
    for part in last["parts"]:
        tables[part["table"]] = tables.get(part["table"], 0.0) + part["bytes"]
    vectors = tables.pop(VECTOR_TABLE, 0.0)
    named = sum(tables.pop(name, 0.0) for name in NAMESPACE_TABLES)
    idle = measured["idle"]
    recalls = measured["recall"]
    return Costs(
        database=measured["database"],
        record_bytes=(last["bytes"] - vectors - named) / last["records"],
        vector_bytes=vectors / last["records"],
        namespace_bytes=idle["bytes"] / idle["namespaces"],
        writes=1e3 / last["write_ms"]["p50"],
        together=measured["together"]["per_s"],
        appended=last["append_per_s"],
        embedded=measured["embedding"]["per_s"],
        recall=line([(one["records"], one["again_ms"]["p50"] / 1e3) for one in recalls]),
        opening=line(
            [(one["records"], (one["first_ms"]["p50"] - one["again_ms"]["p50"]) / 1e3) for one in recalls]
        ),
        index=line([(one["records"], one["index_bytes"]) for one in recalls]),
        listing=idle["listing_s"] / idle["namespaces"],
        copied=measured["copy"]["bytes_per_s"] if measured["copy"] else None,
        rewritten=measured["rewrite"]["bytes_per_s"],
    )


def line(points: Sequence[tuple[float, float]]) -> Line:
    """The line with the least relative errors, neither part of it below 0."""
    records, values = (np.array(column, np.float64) for column in zip(*points, strict=True))
    weights = 1 / np.maximum(values, 1e-12)
    columns = np.stack([np.ones_like(records), records], axis=1) * weights[:, None]
    fixed, each = np.linalg.lstsq(columns, values * weights, rcond=None)[0]
    if fixed < 0:
        fixed, each = 0.0, float(np.mean(values / records))
    if each < 0:
        fixed, each = float(np.mean(values)), 0.0
    return Line(fixed=float(fixed), each=float(each))
