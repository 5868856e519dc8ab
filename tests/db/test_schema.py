"""The migrations make the tables, and nothing else; their head is the schema that the code knows."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

import agentmem.db
from agentmem import Event
from agentmem.bank import Bank
from agentmem.db import schema, sqlite
from agentmem.db.tables import metadata

# Indexes of expressions cannot be read back: `objects` holds them by their SQL.
pytestmark = [pytest.mark.filterwarnings("ignore:.*expression-based index"), pytest.mark.on_file]


def config() -> Config:
    made = Config()
    made.set_main_option("script_location", str(Path(agentmem.db.__file__).parent / "migrations"))
    return made


def migrated(path: Path, revision: str) -> Path:
    """A new file, made by the migrations up to `revision`."""
    engine = sqlite.connect(f"sqlite:///{path}")
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        made = config()
        made.attributes["connection"] = connection
        command.upgrade(made, revision)
    engine.dispose()
    return path


def objects(path: Path) -> set[tuple[str, str, str]]:
    """What a file is made of: tables with their columns, and indexes with theirs and their conditions."""
    engine = sqlite.connect(f"sqlite:///{path}")
    found = set()
    with engine.connect() as connection:
        seen = inspect(connection)
        for table in seen.get_table_names():
            found |= {("column", table, str(column)) for column in seen.get_columns(table)}
            found.add(("keys", table, str(seen.get_pk_constraint(table)["constrained_columns"])))
            found.add(
                (
                    "unique",
                    table,
                    str(sorted(one["column_names"] for one in seen.get_unique_constraints(table))),
                )
            )
        made = connection.exec_driver_sql(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql > ''"
        )
        found |= {("index", name, re.sub(r"[\s\"]+", "", sql)) for name, sql in made}
        counted = connection.exec_driver_sql("SELECT name, value FROM counter").all()
    engine.dispose()
    return found | {("counter", *map(str, row)) for row in counted}


def test_the_migrations_make_the_tables_of_the_code(tmp_path: Path):
    engine = sqlite.connect(f"sqlite:///{migrated(tmp_path / 'migrated.db', 'head')}")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert context.get_current_revision() == schema.HEAD
    engine.dispose()


def test_a_new_bank_is_what_the_migrations_make(tmp_path: Path):
    Bank(tmp_path / "new.db").close()
    assert objects(tmp_path / "new.db") == objects(migrated(tmp_path / "migrated.db", "head"))


@pytest.mark.parametrize("past_head", ["0001", "0002", "0004"])
def test_a_bank_of_a_past_schema_is_backed_up_and_upgraded(
    tmp_path: Path, monkeypatch, open_bank, past_head: str
):
    path = migrated(tmp_path / "bank.db", past_head)
    with monkeypatch.context() as past:
        past.setattr(schema, "HEAD", past_head)
        with open_bank("bank.db") as old:
            old.store().observe(Event(id="e1", actor="Ann", text="The kettle is red."))
            old.store().put("colour", "red")
    with open_bank("bank.db") as bank:
        assert [hit.id for hit in bank.store().recall("kettle", k=1)] == ["e1"]
        assert [record.key for record in bank.store().select('key = "colour"')] == ["colour"]
        assert bank.verify() == []
        assert bank.models.spent() == []
    assert objects(path) >= {
        one for one in objects(migrated(tmp_path / "new.db", "head")) if one[0] != "counter"
    }
    with sqlite3.connect(path.with_name(f"bank.db.before-{schema.HEAD}")) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [(past_head,)]
        assert kept.execute("SELECT id FROM event WHERE store = ''").fetchall() == [("e1",)]


def test_the_head_of_the_migrations_is_the_one_that_the_code_knows():
    assert ScriptDirectory.from_config(config()).get_heads() == [schema.HEAD]


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
