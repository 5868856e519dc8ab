"""The tables, as SQLAlchemy Core: plain columns that any SQL database has.

Times are microseconds since 1970 in UTC. `seq` numbers come from the locked `counter` row, so that
commit order is number order. `touched` is the number of the last change of a row: what caches read.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    and_,
    func,
    literal_column,
    text,
)

metadata = MetaData()
Micros = BigInteger
RowId = BigInteger().with_variant(Integer, "sqlite")
Label = String().with_variant(Text(collation="C"), "postgresql")
Words = Text().with_variant(Text(collation="C"), "postgresql")
"""Short text, and text of any length, in the order of its code points in every database."""


def partial(where: Any) -> dict[str, Any]:
    """What makes an index one of the rows that pass `where` alone."""
    return {"sqlite_where": where, "postgresql_where": where}


meta = Table(
    "meta", metadata, Column("name", Label, primary_key=True), Column("value", Words, nullable=False)
)

counter = Table(
    "counter",
    metadata,
    Column("name", Label, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

namespace = Table(
    "namespace",
    metadata,
    Column("id", RowId, primary_key=True),
    Column("path", Words, nullable=False, unique=True),
)

event = Table(
    "event",
    metadata,
    Column("seq", RowId, primary_key=True, autoincrement=False),
    Column("namespace", ForeignKey("namespace.id"), nullable=False),
    Column("id", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("store", Words, nullable=False),
    Column("actor", Words, nullable=False),
    Column("trust", Label, nullable=False),
    Column("session", Words, nullable=False),
    Column("time", Micros, nullable=False),
    Column("recorded_at", Micros, nullable=False),
    Column("text", Words, nullable=False),
    Column("data", Words),
    Column("digest", LargeBinary),
    Column("state", Label, nullable=False),
    UniqueConstraint("namespace", "id"),
    Index("event_by_namespace", "namespace", "seq"),
    Index("event_by_recorded", "namespace", "recorded_at"),
    Index("event_by_session", "namespace", "session", "time"),
)

reference = Table(
    "reference",
    metadata,
    Column("seq", ForeignKey("event.seq"), nullable=False),
    Column("kind", Label, nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("target", Words, nullable=False),
    Column("namespace", ForeignKey("namespace.id"), nullable=False),
    PrimaryKeyConstraint("seq", "kind", "ordinal"),
    Index("reference_by_target", "namespace", "target"),
)
"""What an event names: the events that `cause` it, the records it is `about`."""

record = Table(
    "record",
    metadata,
    Column("row", RowId, primary_key=True),
    Column("namespace", ForeignKey("namespace.id"), nullable=False),
    Column("store", Words, nullable=False),
    Column("id", Words, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Words, nullable=False),
    Column("key", Words),
    Column("event_seq", ForeignKey("event.seq")),
    Column("text", Words),
    Column("payload", Words),
    Column("metadata", Words),
    Column("state", Label, nullable=False),
    Column("time", Micros),
    Column("actor", Words, nullable=False),
    Column("session", Words, nullable=False),
    Column("valid_from", Micros),
    Column("valid_to", Micros),
    Column("due_at", Micros),
    Column("expires_at", Micros),
    Column("pinned", Boolean, nullable=False),
    Column("trust", Label, nullable=False),
    Column("why", Words, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("to_seq", BigInteger),
    Column("touched", BigInteger, nullable=False),
    UniqueConstraint("namespace", "store", "id", "version"),
    Index("record_by_touched", "namespace", "store", "touched"),
    Index("record_by_event", "event_seq"),
    Index("record_by_seq", "namespace", "from_seq"),
    sqlite_autoincrement=True,
)
"""Record versions. A null text or payload is that of the event `event_seq`: text is stored once."""
ENDS: ColumnElement[int] = func.coalesce(record.c.to_seq, literal_column("9223372036854775807", BigInteger))
"""Where a version of a record ends, as the indexes have it: one that stands ends never."""
Index(
    "record_by_key",
    record.c.namespace,
    record.c.store,
    record.c.key,
    ENDS,
    **partial(record.c.key.is_not(None)),
)
Index("record_by_id", record.c.namespace, record.c.id, ENDS)
RETIRED = text("(state != 'live' OR valid_to IS NOT NULL)")
"""Whether a version of a record says that it does not stand, in the words of its index."""
Index(
    "record_retired", record.c.namespace, record.c.store, record.c.id, record.c.from_seq, **partial(RETIRED)
)
Index(
    "record_by_due",
    record.c.namespace,
    record.c.store,
    record.c.due_at,
    **partial(and_(record.c.to_seq.is_(None), record.c.due_at.is_not(None))),
)
Index(
    "record_pinned",
    record.c.namespace,
    record.c.store,
    record.c.id,
    **partial(record.c.pinned.is_(True)),
)

source = Table(
    "source",
    metadata,
    Column("row", ForeignKey("record.row"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("event_id", Words, nullable=False),
    Column("namespace", ForeignKey("namespace.id"), nullable=False),
    PrimaryKeyConstraint("row", "ordinal"),
    Index("source_by_event", "namespace", "event_id"),
)

field = Table(
    "field",
    metadata,
    Column("row", ForeignKey("record.row"), nullable=False),
    Column("name", Words, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("text", Words),
    Column("waiting", Boolean, nullable=False),
    PrimaryKeyConstraint("row", "name"),
    Index("field_by_digest", "digest"),
)
Index(
    "field_waiting",
    field.c.row,
    **partial(field.c.waiting.is_(True)),
)
"""What is indexed of a version, `waiting` for a vector or not. A null text is `Speaker: text`."""

link = Table(
    "link",
    metadata,
    Column("row", RowId, primary_key=True),
    Column("namespace", ForeignKey("namespace.id"), nullable=False),
    Column("store", Words, nullable=False),
    Column("source", Words, nullable=False),
    Column("type", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("to_seq", BigInteger),
    Index("link_by_source", "namespace", "source", "type", "target"),
    Index("link_by_target", "namespace", "target", "type"),
    sqlite_autoincrement=True,
)

vector = Table(
    "vector",
    metadata,
    Column("digest", LargeBinary, nullable=False),
    Column("embedder", Words, nullable=False),
    Column("part", Integer, nullable=False),
    Column("data", LargeBinary, nullable=False),
    PrimaryKeyConstraint("digest", "embedder", "part"),
)
"""Vectors by content hash: float16, little endian, normalised. Part -1 marks a text without words."""

pending = Table(
    "pending",
    metadata,
    Column("seq", ForeignKey("event.seq"), nullable=False),
    Column("store", Words, nullable=False),
    Column("namespace", ForeignKey("namespace.id"), nullable=False),
    Column("state", Label, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Micros),
    Column("lease_owner", Words),
    Column("error", Words, nullable=False),
    PrimaryKeyConstraint("seq", "store"),
    Index("pending_by_store", "namespace", "store", "state"),
)

attached = Table(
    "attached",
    metadata,
    Column("namespace", ForeignKey("namespace.id"), nullable=False),
    Column("store", Words, nullable=False),
    Column("spec", Words, nullable=False),
    Column("generation", BigInteger, nullable=False),
    PrimaryKeyConstraint("namespace", "store"),
    Index("attached_by_generation", "generation", "namespace"),
)

spend = Table(
    "spend",
    metadata,
    Column("namespace", ForeignKey("namespace.id"), nullable=False),
    Column("store", Words, nullable=False),
    Column("model", Words, nullable=False),
    Column("hour", Micros, nullable=False),
    Column("calls", BigInteger, nullable=False),
    Column("prompt_tokens", BigInteger, nullable=False),
    Column("completion_tokens", BigInteger, nullable=False),
    Column("price_micros", BigInteger, nullable=False),
    Column("unpriced_tokens", BigInteger, nullable=False),
    PrimaryKeyConstraint("namespace", "store", "model", "hour"),
    Index("spend_by_hour", "hour"),
)
"""What stores spent on language models in the hour that began at `hour`, outside the journal."""

blob = Table(
    "blob",
    metadata,
    Column("owner", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("value", LargeBinary, nullable=False),
    Column("expires_at", Micros),
    PrimaryKeyConstraint("owner", "key"),
)
"""Caches and byte stores, outside the journal."""
Index("blob_by_expiry", blob.c.owner, blob.c.expires_at, **partial(blob.c.expires_at.is_not(None)))
