"""Banks that each earlier schema's code wrote open, upgrade, hold what they held, and take what is new.

The files in `banks` are no imitations: the last commit of this repository with each schema wrote its own.
"""

from __future__ import annotations

import lzma
import sqlite3
from pathlib import Path

import pytest

from agentmem.bank import Bank
from agentmem.db import schema
from agentmem.embedders.hashing import HashingEmbedder
from agentmem.errors import SchemaMismatch

pytestmark = pytest.mark.on_file

BANKS = sorted((Path(__file__).parent / "banks").glob("*.db.xz"))
NS = ("acme", "ada")


@pytest.fixture(params=BANKS, ids=lambda file: file.name[:4])
def old(request, tmp_path: Path) -> Path:
    """A copy of a bank of an earlier schema."""
    path = tmp_path / "bank.db"
    path.write_bytes(lzma.decompress(request.param.read_bytes()))
    return path


def test_there_is_one_of_every_schema():
    known = sorted(file.name[:4] for file in Path(schema.__file__).parent.glob("migrations/versions/0*.py"))
    assert [file.name[:4] for file in BANKS] == known


def test_it_upgrades_and_holds_what_it_held(old: Path):
    with sqlite3.connect(old) as before:
        was = before.execute("SELECT version_num FROM alembic_version").fetchone()[0]
        said = before.execute("SELECT id, text, state FROM event WHERE store = '' ORDER BY seq").fetchall()
    before.close()
    with Bank(old, embedder=HashingEmbedder()) as bank:
        assert bank.verify() == []
        store = bank.store("episodic", NS)
        assert {hit.record.text for hit in store.recall("which colour is the kettle?", k=2)} >= {
            "I like the red kettle."
        }
        by_text = {record.text: record for record in store.select()}
        assert by_text["My sister lives in York."].state == "superseded"
        assert by_text["My sister lives in Porto."].state == "live"
        assert by_text["The gate code is 4711."].state == "retracted"
        assert [record.text for record in store.select('key = "colour" and state = "live"')] == ["blue"]
        assert bank.events(NS, ["e4"])[0].state == "forgotten"
        assert [record.text for record in store.select('exists due_at and state = "live"')] == ["pay rent"]
        if "task" in bank.attached_by_name(NS):
            tasks = bank.store("task", NS).select('state = "live"')
            assert "Friday" in {str(record.payload.get("value")) for record in tasks}
        bank.rebuild(NS)
        store.put("colour", "green")
        store.undo(by_text["The gate code is 4711."].id)
        assert {entry.act for entry in bank.audit(NS)} == {"correct", "retract", "forget", "undo"}
        assert bank.verify() == []
    with sqlite3.connect(old) as after:
        assert after.execute("SELECT version_num FROM alembic_version").fetchone()[0] == schema.HEAD
        kept = after.execute("SELECT id, text, state FROM event WHERE store = '' ORDER BY seq").fetchall()
        assert kept == said
    after.close()
    saved = old.with_name(f"bank.db.before-{schema.HEAD}")
    assert saved.exists() is (was != schema.HEAD)


def test_it_can_be_exported_and_its_backup_opened(old: Path, tmp_path: Path):
    with Bank(old, embedder=HashingEmbedder()) as bank, (tmp_path / "all.jsonl").open("w+") as file:
        told = bank.export(file)
        file.seek(0)
        with Bank(tmp_path / "other.db", embedder=HashingEmbedder()) as other:
            other.load(file)
            assert other.stats().events == bank.stats().events
            assert other.verify() == []
    assert told


def test_an_open_bank_that_a_newer_version_upgrades_is_neither_written_nor_read_by_the_older(tmp_path: Path):
    with Bank(tmp_path / "bank.db", embedder=HashingEmbedder()) as bank:
        store = bank.store("episodic", NS)
        store.observe("one")
        with sqlite3.connect(tmp_path / "bank.db") as newer:
            newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.close()
        for work in (lambda: store.observe("two"), lambda: store.recall("one")):
            with pytest.raises(SchemaMismatch, match=r"9999.*while it was open"):
                work()
        with sqlite3.connect(tmp_path / "bank.db") as newer:
            newer.execute("UPDATE alembic_version SET version_num = ?", (schema.HEAD,))
        newer.close()
        assert [hit.record.text for hit in store.recall("one")] == ["one"]
        assert bank.stats().events == 1
