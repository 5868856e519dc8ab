"""How much of a bank is of which table and index."""

from __future__ import annotations

from agentmem.bank import Bank
from agentmem.records import Event


def test_bytes_are_told_by_table_and_index(bank: Bank):
    bank.store().observe(*(Event(id=f"e{i}", text=f"text {i}" * 50) for i in range(100)))
    with bank.database.read() as connection:
        parts = bank.database.dialect.parts(connection)
        size = bank.database.dialect.size(connection, bank.database.path)
    by_name = {name: (table, own) for table, name, own in parts}
    assert len(by_name) == len(parts)
    assert by_name["event"][0] == by_name["event_by_session"][0] == "event"
    assert by_name["event"][1] > 100 * 300
    assert 0 < sum(own for _, own in by_name.values()) <= size
