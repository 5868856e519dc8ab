"""What statements were compiled to is shared by the banks of a process."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.sql.compiler import SQLCompiler


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[SQLCompiler]:
    made: list[SQLCompiler] = []
    begin = SQLCompiler.__init__

    def counted(self: SQLCompiler, *given: Any, **named: Any) -> None:
        made.append(self)
        begin(self, *given, **named)

    monkeypatch.setattr(SQLCompiler, "__init__", counted)
    return made


def test_what_one_bank_asks_is_compiled_for_all(open_bank, compiled: list[SQLCompiler]):
    for memory in [open_bank(name).store() for name in ("one.db", "two.db")]:
        compiled.clear()
        memory.observe("The tram leaves at nine.")
        memory.recall("When does the tram leave?")
    assert not compiled
