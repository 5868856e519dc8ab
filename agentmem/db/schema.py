"""The schema's version: a new file is made, an older one upgraded after a backup, a newer one refused."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, Engine, MetaData, String, Table, insert, inspect, text

from agentmem.db import sqlite
from agentmem.db.tables import counter, metadata
from agentmem.errors import SchemaMismatch

HEAD = "0008"


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


def prepare(engine: Engine, path: Path | None) -> None:
    """Bring the database to `HEAD`.

    Raises:
        SchemaMismatch: it was written by a newer agentmem, or is no bank.
    """
    with engine.connect() as connection:
        found = version(connection)
    if found == HEAD:
        return
    if found is None:
        create(engine)
        return
    if found > HEAD:
        raise SchemaMismatch(
            f"the bank has schema {found}, this agentmem knows up to {HEAD}", "upgrade agentmem"
        )
    if path is not None:
        sqlite.backup(path, path.with_name(f"{path.name}.before-{HEAD}"))
    upgrade(engine)


def create(engine: Engine) -> None:
    """Make all tables as the migrations would, without them; a no-op when another process was faster."""
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if version(connection) is not None:
            return
        metadata.create_all(connection)
        stamp = Table("alembic_version", MetaData(), Column("version_num", String(32), primary_key=True))
        stamp.create(connection)
        connection.execute(insert(stamp).values(version_num=HEAD))
        connection.execute(insert(counter).values(name="seq", value=0))


def upgrade(engine: Engine) -> None:
    """Run the migrations up to `HEAD` in one write transaction; a no-op when another process was faster."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if version(connection) == HEAD:
            return
        config.attributes["connection"] = connection
        command.upgrade(config, HEAD)
