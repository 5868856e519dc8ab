"""Indexes by id and key that lead to the current version at once, however many there were before."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

ENDS = sa.text("coalesce(to_seq, 9223372036854775807)")


def upgrade() -> None:
    """Make the indexes anew."""
    op.drop_index("record_by_key", "record")
    op.drop_index("record_by_id", "record")
    present = sa.text("key IS NOT NULL")
    op.create_index(
        "record_by_key",
        "record",
        ["namespace", "store", "key", ENDS],
        sqlite_where=present,
        postgresql_where=present,
    )
    op.create_index("record_by_id", "record", ["namespace", "id", ENDS])
