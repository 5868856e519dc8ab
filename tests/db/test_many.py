"""Lists of any length as one parameter, searched by an index."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from agentmem.bank import Bank
from agentmem.db.many import among, among_given, many
from agentmem.db.tables import event, record
from agentmem.records import Event


def test_numbers_and_strings_of_any_kind(bank: Bank):
    ids = ["a'b", 'q"uote', "Ünïcode ✓", "x" * 3000, "%_", "[1]"]
    bank.store().observe(*(Event(id=id, text="t") for id in ids))
    with bank.database.read() as connection:
        for some in (ids, ids[:1], []):
            found = connection.execute(select(event.c.id).where(among(event.c.id, some))).scalars().all()
            assert sorted(found) == sorted(some)
        rows = connection.execute(select(record.c.row).where(among(record.c.row, range(100_000)))).scalars()
        assert len(rows.all()) == len(ids)


@pytest.mark.on_file
def test_the_index_is_used(bank: Bank):
    statement = str(
        select(record.c.id).where(among_given(record.c.row, "rows")).compile(bank.database.engine)
    )
    with bank.database.read() as connection:
        plan = connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, (many([1, 2]),)).all()
        assert connection.execute(text("SELECT 1")).scalar() == 1
    assert any("SEARCH record USING INTEGER PRIMARY KEY" in row[3] for row in plan)
