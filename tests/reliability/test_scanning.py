"""Masking what was stored before the screen was on, while another process holds the bank open."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmem.embedders.hashing import HashingEmbedder
from agentmem.records import Event

pytestmark = pytest.mark.slow
KEY = "AKIA" + "QWERTYUIOPASDFGH"
TEXT = f"My key is {KEY}, keep it."


@pytest.mark.on_file
def test_it_reaches_all_files_while_another_process_holds_the_bank(open_bank, start, tmp_path: Path):
    bank = open_bank(screen="keep")
    bank.store().observe(Event(id="s", text=TEXT), *(f"filler {n} " * 20 for n in range(50)))
    traces = [KEY.encode(), HashingEmbedder().embed([TEXT])[0].astype("<f2").tobytes()]

    def found() -> list[bytes]:
        return [trace for trace in traces for file in tmp_path.iterdir() if trace in file.read_bytes()]

    assert {*found()} == {*traces}
    other = start(tmp_path / "bank.db", "holding", KEY)
    assert int(other.stdout.readline().split()[1]) > 0
    assert bank.scan(fix=True).masked
    assert any("another process is still reading" in one for one in bank.scrub(wait_seconds=0.3))
    other.stdin.write("\n")
    other.stdin.flush()
    # It sees at once that the credential is gone, and holds the bank open still.
    assert other.stdout.readline().split() == ["let", "go", "0"]
    assert bank.scrub() == []
    assert found() == []
    other.stdin.write("\n")
    other.communicate(timeout=30)
    assert other.returncode == 0
    assert found() == []
    assert bank.verify() == []
