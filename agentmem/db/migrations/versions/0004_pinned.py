"""An index of what is pinned, which every context asks for."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the index."""
    pinned = sa.text("pinned IS 1")
    op.create_index(
        "record_pinned",
        "record",
        ["namespace", "store", "id"],
        sqlite_where=pinned,
        postgresql_where=sa.text("pinned IS TRUE"),
    )
