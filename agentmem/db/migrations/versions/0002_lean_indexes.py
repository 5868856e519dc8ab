"""Indexes that hold only what is asked of them, and one of the stores that were made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the indexes anew."""
    for name, column in {"record_by_key": "key", "record_by_due": "due_at"}.items():
        present = sa.text(f"{column} IS NOT NULL")
        op.drop_index(name, "record")
        op.create_index(
            name,
            "record",
            ["namespace", "store", column],
            sqlite_where=present,
            postgresql_where=present,
        )
    op.create_index("attached_by_generation", "attached", ["generation", "namespace"])
