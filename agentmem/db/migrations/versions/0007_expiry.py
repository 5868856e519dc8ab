"""An index that leads to what has expired outside the journal."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the index."""
    present = sa.text("expires_at IS NOT NULL")
    op.create_index(
        "blob_by_expiry", "blob", ["owner", "expires_at"], sqlite_where=present, postgresql_where=present
    )
