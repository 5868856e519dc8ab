"""An index that leads to what is due now, however many versions were due before."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the index anew."""
    op.drop_index("record_by_due", "record")
    current = sa.text("to_seq IS NULL AND due_at IS NOT NULL")
    op.create_index(
        "record_by_due",
        "record",
        ["namespace", "store", "due_at"],
        sqlite_where=current,
        postgresql_where=current,
    )
