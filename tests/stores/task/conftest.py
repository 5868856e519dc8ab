"""Task memories whose forest is changed by its operations alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import event

from agentmem.bank import Bank, MemorySpec
from agentmem.stores.task.store import TaskMemory

sys.path.insert(0, str(Path(__file__).parent))  # what stands beside the tests is shared by them

NONE = MemorySpec(store="task", options={"trim": "none"})


@pytest.fixture
def task(bank: Bank) -> TaskMemory:
    """A task memory that reads no utterance."""
    return bank.store(NONE)


@pytest.fixture
def titles(task: TaskMemory) -> Callable[[object], list[str]]:
    """Titles of the nodes of these ids."""
    return lambda ids: [task.node(id).slot for id in ids]


@pytest.fixture
def statements(bank: Bank) -> Callable[[], object]:
    """Collects the SQL statements of a block: `with statements() as sent:`."""

    @contextmanager
    def counted() -> Iterator[list[str]]:
        sent: list[str] = []

        def note(_connection, _cursor, statement, *_rest):
            sent.append(statement)

        event.listen(bank.database.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(bank.database.engine, "before_cursor_execute", note)

    return counted
