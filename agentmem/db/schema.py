"""The schema's version: a new file is made, an older one upgraded after a backup, a newer one refused."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    select,
    text,
    update,
)

from agentmem.db.dialects import Dialect
from agentmem.db.tables import counter, metadata
from agentmem.errors import SchemaMismatch
from agentmem.telemetry import operation

HEAD = "0008"
COPYING = "copying"
"""In the place of a version: what is there is not all of a bank yet."""

_VERSION = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))

STAMP = select(_VERSION.c.version_num).scalar_subquery()
"""The schema version of a bank, to be read along with something else."""


def require(found: str) -> None:
    """See to it that an open bank is still of the schema that this code reads and writes.

    Raises:
        SchemaMismatch: it is of another.
    """
    if found not in (HEAD, COPYING):
        raise SchemaMismatch(
            f"another agentmem brought the bank to schema {found} while it was open, this one knows {HEAD}",
            "upgrade agentmem here too, and open the bank anew",
        )


def version(connection: Connection) -> str | None:
    """The schema version of the database; none where it has no tables.

    Raises:
        SchemaMismatch: it has tables, but not ours.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return None
    if "alembic_version" not in tables or "counter" not in tables:
        raise SchemaMismatch(
            f"the file holds a database that is no bank (tables: {', '.join(sorted(tables)[:5])})",
            "give another path",
        )
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def prepare(engine: Engine, path: Path | None, dialect: Dialect) -> None:
    """Bring the database to `HEAD`.

    Raises:
        SchemaMismatch: it was written by a newer agentmem, or is no bank.
    """
    with engine.connect() as connection:
        found = version(connection)
    if found == HEAD:
        return
    if found is None:
        create(engine, dialect)
        return
    if found == COPYING:
        raise SchemaMismatch(
            "a bank is being copied to it, and not all is there", "end it: agentmem migrate, as before"
        )
    if found > HEAD:
        raise SchemaMismatch(
            f"the bank has schema {found}, this agentmem knows up to {HEAD}", "upgrade agentmem"
        )
    with operation("upgrade", before=found, after=HEAD):
        if path is not None:
            dialect.backup(engine, path, path.with_name(f"{path.name}.before-{HEAD}"))
        upgrade(engine, dialect)


def create(engine: Engine, dialect: Dialect, version_num: str = HEAD) -> None:
    """Make all tables as the migrations would, without them; a no-op when another process was faster."""
    with engine.connect().execution_options(**dialect.WRITING) as connection, connection.begin():
        dialect.make_alone(connection)
        if version(connection) is not None:
            return
        metadata.create_all(connection)
        _VERSION.create(connection)
        connection.execute(insert(_VERSION).values(version_num=version_num))
        connection.execute(insert(counter).values(name="seq", value=0))


def stamp(connection: Connection) -> None:
    """Say that the database has the version `HEAD`."""
    connection.execute(update(_VERSION).values(version_num=HEAD))


def upgrade(engine: Engine, dialect: Dialect) -> None:
    """Run the migrations up to `HEAD` in one write transaction; a no-op when another process was faster."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect().execution_options(**dialect.WRITING) as connection, connection.begin():
        dialect.make_alone(connection)
        if version(connection) == HEAD:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
