"""Indexes that lead to one link at once, however many its source has, and to records that do not stand."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the indexes."""
    op.drop_index("link_by_source", "link")
    op.create_index("link_by_source", "link", ["namespace", "source", "type", "target"])
    retired = sa.text("(state != 'live' OR valid_to IS NOT NULL)")
    op.create_index(
        "record_retired",
        "record",
        ["namespace", "store", "id", "from_seq"],
        sqlite_where=retired,
        postgresql_where=retired,
    )
