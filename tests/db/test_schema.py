"""The migrations make the tables, and nothing else; their head is the schema that the code knows."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import agentmem.db
from agentmem.bank import Bank
from agentmem.db import schema
from agentmem.db.tables import metadata


def test_the_migrations_make_the_tables_of_the_code(bank: Bank):
    with bank.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == schema.HEAD


def test_the_head_of_the_migrations_is_the_one_that_the_code_knows():
    config = Config()
    config.set_main_option("script_location", str(Path(agentmem.db.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [schema.HEAD]


def test_a_file_is_as_the_design_says(bank: Bank):
    with bank.database.read() as connection:
        asked = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        }
    assert asked == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1}


def test_text_is_erased_where_it_stood_even_before_a_scrub(bank: Bank):
    bank.store().observe("xylograph " * 400)
    bank.close()
    raw = sqlite3.connect(bank.database.path)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    assert b"xylograph" in bank.database.path.read_bytes()
    bank.forget(("default",), everything=True)
    bank.close()
    raw = sqlite3.connect(bank.database.path)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw.close()
    assert b"xylograph" not in bank.database.path.read_bytes()
